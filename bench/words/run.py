#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The project's retired words: how long each was in use, how often it was there, and how often it is now.

    run.py [--before COMMIT] [--most N] [--markdown FILE]

A word is one of tests/style/retired_words.txt, counted as tests/style/words.py does: in the files below src, include,
preload, tool, docs, tests and examples, and in README.md. Its life is the number of commits in which it is there. The
N words with the longest lives make the table.
"""
import argparse
import collections
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench/common"))
sys.path.insert(0, str(ROOT / "tests/style"))
import machine
import words

SKIPPED = (".svg", ".png")


def git(*arguments, **more):
    return subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, check=True, **more).stdout


def blobs_of(commit):
    """The ids of the files that are counted; a file that is there twice counts twice."""
    ids = []
    for entry in git("ls-tree", "-r", "-z", commit, "--", *words.PLACES).decode().split("\0")[:-1]:
        about, path = entry.split("\t", 1)
        if path not in words.THIS and not path.endswith(SKIPPED):
            ids.append(about.split()[2])
    return ids


def contents(ids):
    """id -> text, of all of them at once."""
    text, at = git("cat-file", "--batch", input="\n".join(ids).encode()), 0
    while at < len(text):
        line_end = text.index(b"\n", at)
        blob, _, size = text[at:line_end].split()
        at = line_end + 1
        yield blob.decode(), text[at:at + int(size)].decode("utf-8", "replace")
        at += int(size) + 1


def count_all(retired, text):
    text = words.plain(text)
    return {word: times for word in retired if (times := words.count(word, text))}


def count_now(retired):
    total = collections.Counter()
    for path in words.sources():
        total.update(count_all(retired, path.read_text(encoding="utf-8", errors="replace")))
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", default="9878bdd", metavar="COMMIT", help="default: 9878bdd")
    parser.add_argument("--most", type=int, default=100, metavar="N", help="how many words, default: 100")
    parser.add_argument("--markdown", metavar="FILE")
    options = parser.parse_args()

    retired = words.retired()
    commits = {commit: blobs_of(commit) for commit in git("rev-list", "HEAD").decode().split()}
    found = {blob: count_all(retired, text) for blob, text in contents(sorted({b for ids in commits.values() for b in ids}))}
    life = collections.Counter()
    for ids in commits.values():
        life.update({word for blob in ids for word in found[blob]})
    before = collections.Counter()
    for blob in blobs_of(options.before):
        before.update(found[blob] if blob in found else {})
    now = count_now(retired)

    longest = sorted(retired, key=lambda word: (-life[word], word))[:options.most]
    lines = ["# Retired words", "", f"`{machine.command()}`", "",
             f"Commit {machine.commit()}. Words that curfew once used in a sense of its own: in how many of {len(commits)} commits "
             f"each was there, how often it was there at {options.before}, and how often it is now. Counted in "
             f"{', '.join(words.PLACES)}; a word counts in any spelling and as a part of a name, so `stand_still` is also "
             "“stand still”, and one place may count for two words.", "",
             "| word | said instead | commits | before | now |", "|---|---|---:|---:|---:|"]
    lines += [f"| {word} | {retired[word]} | {life[word]} | {before[word]} | {now[word]} |" for word in longest]
    lines += ["", f"{len(longest)} words: {sum(before[w] for w in longest)} places before, {sum(now[w] for w in longest)} now. "
              "The name `lint` in the JSON of `curfew check`, which scripts read, does not count.", ""]
    text = "\n".join(lines)
    print(text)
    if options.markdown:
        pathlib.Path(options.markdown).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
