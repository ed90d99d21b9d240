#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""site_in_browser.py SITE [--pictures FOLDER]: the site as Chromium lays it out, on a phone of 420 pixels and in a window of
1200, light and dark. No page is wider than its window, each picture is there, the page has the colours that were asked for,
and the search finds a class without a server. --pictures keeps screenshots of some pages, for people."""
import argparse
import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
WIDTHS = (420, 1200)
# The search is tried from these, and they are photographed.
CHOSEN = ("index.html", "guide_docs_guides.html", "guide_docs_findings.html", "guide_docs_limits.html",
          "guide_docs_exit_protocol.html", "guide_docs_installing.html", "classcurfew_1_1thread__pool.html", "structcurfew_1_1exit__options.html")
# A frame, which can be narrower than a window, goes through all pages and notes what is wrong; from some it searches.
WALK = """<!doctype html><body style='margin:0'><iframe id=f style='border:0;width:%dpx;height:900px'></iframe><pre id=said></pre>
<script>
const pages = %s, chosen = new Set(%s);
let at = 0;
const say = (text) => { said.textContent += text + '\\n'; };
const next = () => { if (++at < pages.length) f.src = pages[at]; else say('looked at ' + at); };
f.onload = () => {
  const page = pages[at], w = f.contentWindow, d = f.contentDocument;
  if (d.documentElement.scrollWidth > w.innerWidth) say(page + ' is ' + d.documentElement.scrollWidth + ' px wide in ' + w.innerWidth);
  for (const one of d.images) if (one.naturalWidth === 0 && one.offsetParent !== null) say(page + ' does not show ' + one.src);
  // Otherwise a long word begins a line of its own, and so does the full stop behind it.
  for (const one of d.querySelectorAll('p code, li code, td code'))
    if (w.getComputedStyle(one).display !== 'inline') { say(page + ' does not let code wrap: ' + one.innerText); break; }
  const [back, text] = ['backgroundColor', 'color'].map((what) => Number(w.getComputedStyle(d.body)[what].match(/\\d+/)[0]));
  if ((back < text) !== %s) say(page + ' has other colours than were asked for');
  if (!chosen.has(page)) return next();
  try {
    d.getElementById('MSearchField').value = 'thread_pool';
    w.searchBox.OnSearchFieldFocus(true);
    w.searchBox.Search();
  } catch (wrong) {
    say(page + ' has no search: ' + wrong);
    return next();
  }
  let tries = 0;
  const look = () => {
    const inside = w.frames['MSearchResults'];
    const found = inside && inside.document.body ? inside.document.body.innerText : (d.getElementById('MSearchResults') || {innerText: ''}).innerText;
    if (!found.includes('thread_pool') && ++tries < 40) return setTimeout(look, 100);
    if (!found.includes('thread_pool')) say(page + ': the search does not find thread_pool');
    next();
  };
  look();
};
f.src = pages[0];
</script>"""
SHOW = "<!doctype html><body style='margin:0'><iframe style='border:0;width:%dpx;height:1400px' src='%s'></iframe>"


def browse(chromium, folder, dark, *words):
    command = [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--hide-scrollbars",
               f"--user-data-dir={folder}/profile", f"--blink-settings=preferredColorScheme={0 if dark else 1}", *words]
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=300, check=False).stdout
    except subprocess.TimeoutExpired:
        return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site")
    parser.add_argument("--pictures")
    args = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no chromium: how the site is laid out was not looked at")
        return SKIPPED
    site = Path(args.site).resolve() / "html"
    frame = site / "frame_of_a_test.html"
    frame.unlink(missing_ok=True)
    pages = sorted(path.name for path in site.glob("*.html"))
    faults = [f"there is no {page}" for page in CHOSEN if page not in pages]
    looked = 0
    with tempfile.TemporaryDirectory() as folder:
        for width in WIDTHS:
            for dark in (False, True):
                frame.write_text(WALK % (width, json.dumps(pages), json.dumps(CHOSEN), "true" if dark else "false"))
                shown = browse(chromium, folder, dark, "--window-size=1300,1000", "--virtual-time-budget=300000", "--dump-dom", frame.as_uri())
                said = re.search(r'id="said">([^<]*)<', shown)
                lines = html.unescape(said[1]).splitlines() if said else []
                if not lines or lines[-1] != f"looked at {len(pages)}":
                    print(f"{width} px, {'dark' if dark else 'light'}: chromium did not come to the end: {lines[-1:]}")
                else:
                    looked += len(pages)
                    lines.pop()
                faults += lines
                for page in CHOSEN if args.pictures else ():
                    to = Path(args.pictures).resolve() / f"{page.removesuffix('.html')}_{width}_{'dark' if dark else 'light'}.png"
                    to.parent.mkdir(parents=True, exist_ok=True)
                    frame.write_text(SHOW % (width, page))
                    browse(chromium, folder, dark, f"--window-size={max(width, 500)},1400", "--virtual-time-budget=3000",
                           f"--screenshot={to}", frame.as_uri())
        frame.unlink(missing_ok=True)
    print("\n".join(faults) or f"{len(pages)} pages, {looked} looks: as they should be")
    if looked == 0 and not faults:
        return SKIPPED
    return 1 if faults else 0


sys.exit(main())
