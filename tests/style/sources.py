# SPDX-License-Identifier: Apache-2.0
"""Which files of the tree are the project's own sources, and how a check says what it found."""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CXX = (".hpp", ".cpp", ".h", ".c")


def files(*folders, suffixes=None):
    """Every file below these folders of the tree (the whole tree without one), build trees and hidden ones left out."""
    for folder in folders or ["."]:
        for path in sorted((ROOT / folder).rglob("*")):
            parts = path.relative_to(ROOT).parts
            if any(part.startswith("build") and part == parts[0] or part in (".git", ".cache", "__pycache__")
                   for part in parts):
                continue
            if path.is_file() and (suffixes is None or path.suffix in suffixes):
                yield path


def name(path):
    return str(path.relative_to(ROOT))


def verdict(faults, checked):
    """Ends the check: nothing was wrong in `checked` things, or says each fault on a line."""
    if checked == 0:
        sys.exit("nothing was checked: the check is wrong, or the tree is not there")
    for fault in faults:
        print(fault)
    print(f"{checked} checked, {len(faults)} at fault")
    sys.exit(1 if faults else 0)
