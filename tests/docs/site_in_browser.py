#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""site_in_browser.py SITE [--pictures FOLDER]: the site as Chromium lays it out, on a phone of 420 pixels and in a wide window,
light and dark. No page is wider than the window, each picture is there, and the search finds a class without a server.
--pictures keeps screenshots, for people."""
import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
PAGES = ("index.html", "guide_docs_guides.html", "guide_docs_findings.html", "guide_docs_limits.html",
         "guide_docs_exit_protocol.html", "guide_docs_installing.html", "classcurfew_1_1thread__pool.html", "structcurfew_1_1exit__options.html")
# Asks the page in a frame, which can be narrower than a window, what there is; then searches.
FRAME = """<!doctype html><body style='margin:0'><iframe id=f style='border:0;width:%dpx;height:900px' src='%s'></iframe><p id=said></p>
<script>
f.onload = () => {
  const w = f.contentWindow, d = f.contentDocument;
  const broken = [...d.images].filter(one => one.naturalWidth === 0 && one.offsetParent !== null).length;
  const head = [d.documentElement.scrollWidth, w.innerWidth, broken, d.images.length];
  const field = d.getElementById('MSearchField');
  field.value = 'thread_pool';
  try { w.searchBox.OnSearchFieldFocus(true); w.searchBox.Search(); } catch (e) { said.textContent = 'no search: ' + e; return; }
  let tries = 0;
  const look = () => {
    const inside = w.frames['MSearchResults'];
    const found = inside && inside.document.body ? inside.document.body.innerText : (d.getElementById('MSearchResults') || {innerText: ''}).innerText;
    if (!found.includes('thread_pool') && ++tries < 40) return setTimeout(look, 100);
    said.textContent = [...head, found.includes('thread_pool') ? 'found' : 'not found'].join('|');
  };
  look();
};
</script>"""

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("site")
parser.add_argument("--pictures")
args = parser.parse_args()
chromium = shutil.which("chromium")
if chromium is None:
    print("no chromium: how the site is laid out was not looked at")
    sys.exit(SKIPPED)
html = Path(args.site).resolve() / "html"
faults = []
looked = 0


def browse(folder, dark, *words):
    command = [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--hide-scrollbars",
               f"--user-data-dir={folder}/profile", f"--blink-settings=preferredColorScheme={0 if dark else 1}", *words]
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=120, check=False).stdout
    except subprocess.TimeoutExpired:
        return ""


with tempfile.TemporaryDirectory() as folder:
    frame = html / "frame_of_a_test.html"
    for page in PAGES:
        if not (html / page).exists():
            faults.append(f"there is no {page}")
            continue
        for width in (420, 1280):
            frame.write_text(FRAME % (width, page))
            said = re.search(r'id="said">([^<]*)<', browse(folder, width == 420, "--window-size=1300,1000", "--virtual-time-budget=10000",
                                                           "--dump-dom", frame.as_uri()))
            parts = said[1].split("|") if said else []
            if len(parts) != 5:
                print(f"{page}, {width} px: chromium did not show it: {said[1] if said else ''}")
                continue
            looked += 1
            if int(parts[0]) > int(parts[1]):
                faults.append(f"{page} is {parts[0]} px wide in a window of {parts[1]}")
            if int(parts[2]) != 0:
                faults.append(f"{page}: {parts[2]} of {parts[3]} pictures are not shown")
            if parts[4] != "found":
                faults.append(f"{page}, {width} px: the search does not find thread_pool")
            if args.pictures:
                to = Path(args.pictures).resolve() / f"{page.removesuffix('.html')}_{width}.png"
                to.parent.mkdir(parents=True, exist_ok=True)
                only = f"<!doctype html><body style='margin:0'><iframe style='border:0;width:{width}px;height:1400px' src='{page}'></iframe>"
                frame.write_text(only)
                browse(folder, width == 420, f"--window-size={max(width, 500)},1400", "--virtual-time-budget=3000", f"--screenshot={to}",
                       frame.as_uri())
    frame.unlink(missing_ok=True)
print("\n".join(faults) or f"{looked} pages as they should be")
if looked == 0 and not faults:
    sys.exit(SKIPPED)
sys.exit(bool(faults))
