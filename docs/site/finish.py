#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""finish.py SITE: what has to be done to the pages that Doxygen has written. The results of a search are pages of their own,
which read a style of Doxygen's alone: they get the site's colours, for light and dark. Code in tables may be wrapped behind
its signs, so that a table fits a phone and no word is cut."""
import re
import sys
from pathlib import Path

STYLE = """
:root { --back: #ffffff; --link: #1f5fbf; --soft: #5b6675; }
@media (prefers-color-scheme: dark) { :root { --back: #14181f; --link: #82b1ff; --soft: #9aa6b6; } }
.SRPage, .SRResult, .SREntry { background: var(--back); }
.SRSymbol, a.SRScope, .SRSymbol:visited, a.SRScope:visited { color: var(--link) !important; font: 600 14px/1.5 system-ui, "DejaVu Sans", sans-serif; }
.SRPage .SRStatus, span.SRScope { color: var(--soft); }
"""
html = Path(sys.argv[1]) / "html"
with (html / "search/search.css").open("a", encoding="utf-8") as style:
    style.write(STYLE)


def let_wrap(code):
    return code[1] + re.sub(r"(::|[/_=])(?=\w)", r"\1<wbr>", code[2])


for page in html.glob("*.html"):
    text = page.read_text(encoding="utf-8")
    # The text of a link in it, too, but no tag.
    wrapped = re.sub(r"<td class=\"markdownTable.*?</td>", lambda cell: re.sub(
        r"<code>.*?</code>", lambda code: re.sub(r"(>|^)([^<>]+)", let_wrap, code[0]), cell[0]), text, flags=re.S)
    if wrapped != text:
        page.write_text(wrapped, encoding="utf-8")
