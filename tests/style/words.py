#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Retired words do not come back: code, comments, messages and pages say what retired_words.txt has for them."""
import re
from pathlib import Path

from sources import files, name, verdict

LIST = Path(__file__).with_name("retired_words.txt")
# Where the words are counted, and have to stay away.
PLACES = ("src", "include", "preload", "tool", "docs", "tests", "examples", "README.md")
# Not ours to say otherwise.
EXEMPT = re.compile(r"""
    "lint"  |  \['lint'\]  |  `lint`  # a name in the JSON of `curfew check`, which scripts read
  | </?circle                  # an element of SVG
""", re.VERBOSE)
THIS = ("tests/style/retired_words.txt", "tests/style/words.py", "tests/docs/markdown.py")


def retired():
    """The words with what is said instead, in the order of the list."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))


def plain(text):
    """Lower case, a blank for each `_`, `-`, comment sign and line break: what a word is looked for in."""
    text = EXEMPT.sub(" ", text)
    text = re.sub(r"\s*\n\s*(///?<?|\*|#)?\s*", " ", text)
    return re.sub(r"[_-]", " ", text).lower()


def count(word, text):
    """How often a word is there, alone or as a part of a name. `text` is plain."""
    word = word.replace("_", " ")
    if word not in text:
        return 0
    return len(re.findall(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text))


def sources():
    for place in PLACES:
        for path in [Path(LIST.parents[2] / place)] if place.endswith(".md") else files(place):
            if name(path) not in THIS and path.suffix not in (".svg", ".png", ".pyc"):
                yield path


def main():
    words = retired()
    faults = []
    checked = 0
    for path in sources():
        text = plain(path.read_text(encoding="utf-8", errors="replace"))
        checked += 1
        for word, instead in words.items():
            if times := count(word, text):
                faults.append(f"{name(path)}: \"{word}\" {times} times; say: {instead}")
    verdict(faults, checked)


if __name__ == "__main__":
    main()
