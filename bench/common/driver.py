# SPDX-License-Identifier: Apache-2.0
"""The skeleton of a driver: the options that all have, the programs that were built for it, and the files it writes."""
import argparse
import json
import pathlib
import sys

import machine


def parser(description):
    """With --json and --markdown, whose files `write` writes."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all figures there")
    made.add_argument("--markdown", type=pathlib.Path, metavar="FILE",
                      help="write the tables there, with command, commit and machine")
    return made


def add_build(made, part):
    """--build, for a driver whose programs the preset bench has built."""
    made.add_argument("--build", type=pathlib.Path, default=machine.ROOT / "build" / "bench" / "bench" / part,
                      help=f"where the programs were built (default: where the preset bench does, build/bench/bench/{part})")


def manifest(options, targets=""):
    """What the build says of itself. Makes options.build absolute; ends with status 2 if nothing was built there."""
    options.build = options.build.resolve()
    try:
        return json.loads((options.build / "manifest.json").read_text())
    except OSError:
        print(f"{options.build} has no manifest.json: cmake --preset bench && cmake --build --preset bench{targets}",
              file=sys.stderr)
        sys.exit(2)


def in_turns(rounds, measures):
    """{name: [what measures[name]() gave, once each round]}; every other round goes through them backwards."""
    values = {name: [] for name in measures}
    for turn in range(rounds):
        for name in measures if turn % 2 == 0 else reversed(measures):
            values[name].append(measures[name]())
    return values


def write(options, header, data, title, lines, indent=None):
    """Writes the files that were asked for: `data` behind the header, and `lines` below the title and the header."""
    if options.json:
        options.json.write_text(json.dumps({**data, "header": header}, indent=indent) + "\n", encoding="utf-8")
    if options.markdown:
        text = "\n".join([f"# {title}", "", machine.markdown(header), *lines])
        options.markdown.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
