#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The site is whole: Doxygen had nothing to say, each link leads to a page and a place in it, and the search knows what
people look for. site.py SITE"""
import re
import sys
import urllib.parse
from pathlib import Path

SITE = Path(sys.argv[1])
HTML = SITE / "html"
# Class, function, option, finding, guide.
SEARCHED = ["thread_pool", "join_for", "before_wait", "daemon_grace", "migrating", "glossary"]

faults = [line for line in (SITE / "warnings.txt").read_text(encoding="utf-8").splitlines() if line.strip()]
pages = {path: path.read_text(encoding="utf-8", errors="replace") for path in HTML.glob("*.html")}
places = {path: set(re.findall(r"(?:id|name)=\"([^\"]+)\"", text)) for path, text in pages.items()}
links = 0
for path, text in pages.items():
    for target in re.findall(r"(?:href|src)=\"([^\"]+)\"", text):
        if re.match(r"[a-z]+:", target):
            continue
        links += 1
        file, _, place = urllib.parse.unquote(target).partition("#")
        to = (HTML / file) if file else path
        if not to.exists():
            faults.append(f"{path.name}: no {target}")
        elif place and place != "nested-classes" and to in places and place not in places[to]:
            faults.append(f"{path.name}: no place {target}")
    if "```" in text or "<tt>" in re.sub(r"<code>.*?</code>", "", text).replace("&lt;tt&gt;", "<tt>"):
        faults.append(f"{path.name}: Markdown that was not understood")
index = "".join(path.read_text(encoding="utf-8") for path in (HTML / "search").glob("*.js")).lower()
faults += [f"the search does not know {word}" for word in SEARCHED if word not in index]
if len(pages) < 60 or links < 1000:
    faults.append(f"only {len(pages)} pages with {links} links")
print("\n".join(faults[:50]) or f"{len(pages)} pages, {links} links, as they should be")
sys.exit(1 if faults else 0)
