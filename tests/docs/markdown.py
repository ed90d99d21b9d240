#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The pages as text: every link leads somewhere, and code that a page takes from a file is still what the file says.

A fenced block behind `<!-- from PATH -->` is a part of that file, whatever its indentation there.
"""
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# "In vain" and its kind: phrases that nobody says aloud.
STILTED = re.compile(r"\b(in vain|to be had|gets on|told of|tells of|tell of|goes by|is met|of whom|whereof)\b", re.I)

faults = []


def pages():
    listed = ""
    if shutil.which("git"):
        listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False).stdout
    found = [ROOT / line for line in listed.split()] or sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md"))
    return [page for page in found if page.exists()]


def without_code(text):
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^( *)```.*?^\1```", "", text, flags=re.S | re.M))


def slug(heading):
    heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", heading).replace(" ", "-")


def anchors(page):
    text = re.sub(r"^( *)```.*?^\1```", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)
    return {slug(heading) for heading in re.findall(r"^#+ (.*)$", text, re.M)}


def check_links(page, text):
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        to = (page.parent / path) if path else page
        if not to.exists():
            faults.append(f"{page.relative_to(ROOT)}: no {target}")
        elif anchor and to.suffix == ".md" and anchor not in anchors(to):
            faults.append(f"{page.relative_to(ROOT)}: no heading for {target}")


def check_blocks(page, text):
    for path, code in re.findall(r"<!-- from (\S+) -->\n```\w*\n(.*?)\n```", text, re.S):
        source = (ROOT / path).read_text(encoding="utf-8").splitlines()
        lines = code.splitlines()
        wanted = textwrap.dedent(code).splitlines()
        if not any(textwrap.dedent("\n".join(source[i:i + len(lines)])).splitlines() == wanted for i in range(len(source))):
            faults.append(f"{page.relative_to(ROOT)}: {path} does not have this block any more: {lines[0]}")


PAGES = pages()
for one in PAGES:
    content = one.read_text(encoding="utf-8")
    check_links(one, content)
    check_blocks(one, content)
    if one.parent == ROOT / "docs" or (one.parent == ROOT and one.name != "CHANGELOG.md"):
        for number, line in enumerate(content.splitlines(), 1):
            if found := STILTED.search(line):
                faults.append(f"{one.relative_to(ROOT)}:{number}: say it in plain words: {found[0]!r}")
print("\n".join(faults) or f"{len(PAGES)} pages as they should be")
sys.exit(1 if faults or len(PAGES) < 10 else 0)
