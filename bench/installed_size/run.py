#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How large is what gets installed, stripped, by part; beside an earlier build, if there is one.

    run.py [--static BUILD] [--shared BUILD] [--before-static BUILD] [--before-shared BUILD] [--markdown FILE] [--json FILE]

Each BUILD is a build tree of the preset `release`, the shared one with -DBUILD_SHARED_LIBS=ON -DCURFEW_BUILD_COMMAND=OFF. It is
installed by `cmake --install --strip` into an empty folder, and archives lose their debug information. Bytes are those of the files; kB and MB are 1000 and 1000000 of them.

    run.py --check COMMAND PRELOAD... [--more PERCENT]

only strips copies of these, and ends with status 1 if one of the budgets below, which are for the compiler of Debian 12, is
exceeded by more than --more.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "common"))
import driver
import machine

# The aim for the preload libraries is 400 kB.
BUDGETS = {"command": 1_500_000, "preload": 400_000}
# What a file of an installed tree counts as: the first that fits.
PARTS = [
    ("the static library", r"/libcurfew\.a$"),
    ("the shared library", r"/libcurfew\.so[.\d]*$"),
    ("lock tracking, for programs", r"/libcurfew_lock_tracking\.a$"),
    ("headers", r"^include/"),
    ("the command", r"^bin/curfew$"),
    ("libcurfew-run.so", r"/curfew/libcurfew-run\.so$"),
    ("libcurfew-check.so", r"/curfew/libcurfew-check\.so$"),
    ("the rest: CMake, pkg-config, manual page, completion, module interface", r""),
]


def installed(build):
    """{part: bytes} of what is installed from a build tree."""
    sizes = {}
    with tempfile.TemporaryDirectory() as prefix:
        subprocess.run(["cmake", "--install", build, "--strip", "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
        for path in sorted(pathlib.Path(prefix).rglob("*")):
            if path.is_file() and not path.is_symlink():
                if path.suffix == ".a":  # CMake leaves archives alone
                    subprocess.run(["strip", "--strip-debug", path], check=True)
                name = str(path.relative_to(prefix))
                part = next(part for part, pattern in PARTS if re.search(pattern, name))
                sizes[part] = sizes.get(part, 0) + path.stat().st_size
    return sizes


def commit_of(build):
    """Of the sources that a build tree was made from."""
    home = re.search(r"^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$", (build / "CMakeCache.txt").read_text(), re.M)[1]
    return subprocess.run(["git", "-C", home, "rev-parse", "--short=12", "HEAD"], check=True, stdout=subprocess.PIPE,
                          text=True).stdout.strip()


def check(files, more):
    """The budgets' test: strips copies."""
    sizes = []
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            copy = pathlib.Path(folder) / file.name
            shutil.copy(file, copy)
            subprocess.run(["strip", copy], check=True)
            sizes.append(copy.stat().st_size)
            print(f"{file.name}: {sizes[-1]} bytes")
    wrong = False
    for what, size in (("command", sizes[0]), ("preload", sum(sizes[1:]))):
        budget = BUDGETS[what] * (100 + more) // 100
        print(f"{what}: {size} bytes of {budget}")
        wrong |= size > budget
    return wrong


def text(size):
    if size is None:
        return "–"
    return f"{size / 1000:,.0f} kB" if size >= 10_000 else f"{size / 1000:.1f} kB"


def main():
    parser = driver.parser(__doc__)
    parser.add_argument("--check", nargs="+", type=pathlib.Path, metavar="FILE", help="the command, and what it preloads")
    parser.add_argument("--more", type=int, default=0, metavar="PERCENT", help="what another compiler may take (default: 0)")
    for option in ("static", "shared", "before-static", "before-shared"):
        parser.add_argument("--" + option, type=pathlib.Path, metavar="BUILD")
    options = parser.parse_args()
    if options.check:
        sys.exit(check(options.check, options.more))
    trees = {(age, kind): build for age, kind, build in (
        ("before", "static", options.before_static), ("before", "shared", options.before_shared),
        ("now", "static", options.static), ("now", "shared", options.shared)) if build}
    if not trees:
        parser.error("no build tree: name at least --static BUILD")
    sizes = {key: installed(build) for key, build in trees.items()}
    commits = {age: commit_of(build) for (age, _), build in trees.items()}
    ages = sorted(commits, key=("before", "now").index)

    def row(name, size_in):
        return f"| {name} | " + " | ".join(text(size_in(age)) for age in ages) + " |"

    def part(name):
        """From the shared tree only what the static one does not have."""
        return lambda age: next((sizes[age, kind][name] for kind in ("static", "shared")
                                 if name in sizes.get((age, kind), {})), None)

    def total(kind):
        return lambda age: sum(sizes[age, kind].values()) if (age, kind) in sizes else None

    def preload(age):
        return (part("libcurfew-run.so")(age) or 0) + (part("libcurfew-check.so")(age) or 0)

    lines = ["| part | " + " | ".join(commits[age] for age in ages) + " |", "|---" * (1 + len(ages)) + "|"]
    lines += [row(name, part(name)) for name, _ in PARTS]
    lines += [row("both preload libraries together", preload), row("all of a static build", total("static")),
              row("all of a shared build, without the command", total("shared")), "",
              f"The budgets, which the test `style.installed_size` holds: the command {BUDGETS['command'] / 1e6:g} MB, the preload "
              f"libraries {BUDGETS['preload'] // 1000} kB together. What a program gets of an archive is what `style.program_size` measures."]
    print("\n".join(lines))
    data = {"commits": commits, "sizes": {f"{age} {kind}": found for (age, kind), found in sizes.items()}}
    driver.write(options, machine.header(), data, "The size of what is installed", lines, indent=1)


main()
