#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""release.py: scripts/release, tried on a repository of its own that has only what the script reads."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READ = ("scripts/release", "include/curfew/version.hpp", "CHANGELOG.md", "packaging/abi/exported.txt")
# Without the settings, and the hooks, of whoever runs the test.
GIT = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_AUTHOR_NAME": "test",
       "GIT_AUTHOR_EMAIL": "test@localhost", "GIT_COMMITTER_NAME": "test", "GIT_COMMITTER_EMAIL": "test@localhost"}
for variable in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
    GIT.pop(variable, None)
failed = 0


def git(work, *arguments):
    return subprocess.run(["git", *arguments], cwd=work, env=GIT, check=True, stdout=subprocess.PIPE, text=True).stdout


def expect(name, work, arguments, status, said):
    global failed
    done = subprocess.run([work / "scripts/release", *arguments], env=GIT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)
    if done.returncode != status or said not in done.stdout:
        print(f"{name}: status {done.returncode} and not {status}, or not {said!r} in:\n{done.stdout}")
        failed += 1


def change(work, path, pattern, replacement, commit=True):
    text = (work / path).read_text()
    changed = re.sub(pattern, replacement, text, count=1, flags=re.S)
    if changed == text:
        sys.exit(f"{path} has nothing like {pattern}")
    (work / path).write_text(changed)
    if commit:
        git(work, "commit", "-qam", "Change")


def repository(top, name):
    work = top / name
    for path in READ:
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, work / path)
    change(work, "include/curfew/version.hpp", r"MAJOR \d+\n(.*?)MINOR \d+\n(.*?)PATCH \d+", r"MAJOR 3\n\1MINOR 4\n\2PATCH 5", False)
    (work / "CHANGELOG.md").write_text("# Changelog\n\n## [Unreleased]\n### Added\n\n## [3.4.5] - 2030-01-31\n### Added\n- This.\n\n"
                                       "## [3.4.4] - 2030-01-30\n### Added\n- That.\n")
    git(top, "init", "-q", str(work))
    git(work, "add", ".")
    git(work, "commit", "-qm", "Begin")
    return work


with tempfile.TemporaryDirectory() as folder:
    top = Path(folder)

    good = repository(top, "good")
    expect("without an argument", good, [], 0, "v3.4.5 can be released")
    if git(good, "tag"):
        print("a dry run has made a tag")
        failed += 1
    expect("an unknown argument", good, ["--push"], 2, "unknown argument '--push'; there is: --tag")
    expect("with --tag", good, ["--tag"], 0, "made the tag v3.4.5")
    notes = git(good, "tag", "-l", "--format=%(objecttype)\n%(contents)", "v3.4.5")
    if not notes.startswith("tag\ncurfew 3.4.5\n") or "- This." not in notes or "### Added" not in notes or "That" in notes:
        print(f"the tag's message is not the section of the changelog: {notes!r}")
        failed += 1
    expect("a second time", good, ["--tag"], 1, "the tag v3.4.5 exists already")

    change(good, "include/curfew/version.hpp", "PATCH 5", "PATCH 6")
    expect("no section", good, [], 1, "CHANGELOG.md has no section [3.4.6]")
    change(good, "CHANGELOG.md", r"## \[3.4.5\] - 2030-01-31", "## [3.4.6]\n- New.\n\n## [3.4.5] - 2030-01-31")
    expect("no date", good, [], 1, "' - YYYY-MM-DD'")
    change(good, "CHANGELOG.md", r"## \[3.4.6\]\n", "## [3.4.6] - 2030-02-01\n")
    expect("all is there", good, [], 0, "v3.4.6 can be released")
    change(good, "packaging/abi/exported.txt", r"\n_ZN[^\n]*", "")
    expect("a symbol is gone", good, ["--tag"], 1, "symbols of v3.4.5 are gone; raise CURFEW_SOVERSION")
    change(good, "include/curfew/version.hpp", r"SOVERSION \d+", "SOVERSION 77")
    expect("a symbol is gone with a new SOVERSION", good, [], 0, "v3.4.6 can be released")

    left = repository(top, "left")
    change(left, "CHANGELOG.md", r"### Added\n", "### Added\n- Something.\n")
    expect("unreleased lines", left, [], 1, "move what is under [Unreleased] to [3.4.5]")
    empty = repository(top, "empty")
    change(empty, "CHANGELOG.md", "- This.\n", "")
    expect("an empty section", empty, [], 1, "the section [3.4.5] is empty")
    dirty = repository(top, "dirty")
    (dirty / "new_file").write_text("")
    expect("a dirty tree", dirty, ["--tag"], 1, "the tree has changes that are not committed")
    if git(dirty, "tag"):
        print("a dirty tree was tagged")
        failed += 1

# The real tree: the version has a section, whatever else is still to be done.
version = ".".join(re.findall(r"^#define CURFEW_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)$", (ROOT / READ[1]).read_text(), re.M))
if f"\n## [{version}]" not in (ROOT / "CHANGELOG.md").read_text():
    print(f"CHANGELOG.md has no section for the version in version.hpp, {version}")
    failed += 1
sys.exit(failed != 0)
