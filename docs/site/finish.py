#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""finish.py SITE: what has to be done to the pages that Doxygen has written. The results of a search are pages of their own,
which read a style of Doxygen's alone: they get the site's colours, for light and dark."""
import sys
from pathlib import Path

STYLE = """
:root { --back: #ffffff; --link: #1f5fbf; --soft: #5b6675; }
@media (prefers-color-scheme: dark) { :root { --back: #14181f; --link: #82b1ff; --soft: #9aa6b6; } }
.SRPage, .SRResult, .SREntry { background: var(--back); }
.SRSymbol, a.SRScope, .SRSymbol:visited, a.SRScope:visited { color: var(--link) !important; font: 600 14px/1.5 system-ui, "DejaVu Sans", sans-serif; }
.SRPage .SRStatus, span.SRScope { color: var(--soft); }
"""
with (Path(sys.argv[1]) / "html/search/search.css").open("a", encoding="utf-8") as style:
    style.write(STYLE)
