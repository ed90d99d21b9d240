#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""packages.py BUILD: makes Debian's packages of a build tree of the preset `packages`, and uses them.

They have what they should, lintian finds no error, and unpacked below an empty folder they serve a program by CMake and by
pkg-config, which then runs with the shared library; the command runs and checks that program.
"""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONSUMERS = ROOT / "tests/consumers"
build = Path(sys.argv[1]).resolve()
out = build / "deb"
root = build / "unpacked"
work = build / "consumers"


def run(*command, check=True, **more):
    print("+", *command, flush=True)
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    if check and done.returncode != 0:
        sys.exit(f"{command[0]}: status {done.returncode}\n{done.stdout[-4000:]}")
    return done.stdout


def expect(holds, what):
    if not holds:
        sys.exit(what)


for folder in (out, root, work):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
run("cpack", "-G", "DEB", "-B", out, cwd=build)
debs = {path.name.split("_")[0]: path for path in out.glob("*.deb")}
number = re.search(r"CURFEW_SOVERSION (\d+)", (ROOT / "include/curfew/version.hpp").read_text())[1]
library = f"libcurfew{number}"
expect(set(debs) == {library, "libcurfew-dev", "curfew"}, f"the packages are {sorted(debs)}")

wanted = {library: [rf"/libcurfew\.so\.{number}$", r"/libcurfew\.so\.\d+\.\d+\.\d+$"],
          "libcurfew-dev": [r"/libcurfew\.so$", r"/curfew/curfew\.hpp$", r"/libcurfew_lock_tracking\.a$", r"/curfewConfig\.cmake$",
                            r"/curfew\.pc$", r"/curfew\.cppm$"],
          "curfew": [r"/usr/bin/curfew$", r"/curfew/libcurfew-run\.so$", r"/curfew/libcurfew-check\.so$", r"/man1/curfew\.1\.gz$",
                     r"/bash-completion/completions/curfew$"]}
for package, patterns in wanted.items():
    inside = [line.split()[5] for line in run("dpkg-deb", "--contents", debs[package]).splitlines()[1:]]
    for pattern in [*patterns, r"/copyright$", r"/changelog.Debian\.gz$"]:
        expect(any(re.search(pattern, name) for name in inside), f"{package} has no {pattern}:\n" + "\n".join(inside))
    depends = run("dpkg-deb", "--field", debs[package], "Depends").strip()
    expect(library in depends if package == "libcurfew-dev" else "libc6" in depends, f"{package} depends on '{depends}'")

if shutil.which("lintian"):
    said = run("lintian", "--allow-root", "--fail-on", "none", *debs.values())
    print(said)
    errors = [line for line in said.splitlines() if line.startswith("E:")]
    expect(not errors, f"lintian: {len(errors)} errors")
else:
    print("lintian is not there: left out")

for deb in debs.values():
    run("dpkg-deb", "--extract", deb, root)
prefix = root / "usr"
libraries = next(prefix.rglob("libcurfew.so")).parent
environment = {**os.environ, "LD_LIBRARY_PATH": str(libraries), "PKG_CONFIG_PATH": str(libraries / "pkgconfig"),
               "PKG_CONFIG": "pkg-config", "CXX": "g++", "CXXFLAGS": "-O0"}
run("cmake", "-G", "Ninja", "-S", CONSUMERS / "find_package", "-B", work / "cmake", f"-DCMAKE_PREFIX_PATH={prefix}",
    "-DCMAKE_CXX_FLAGS=-O0")
run("cmake", "--build", work / "cmake")
(work / "pkg").mkdir()
run(CONSUMERS / "pkg_config/build.sh", "shared", cwd=work / "pkg", env=environment)
for folder in ("cmake", "pkg"):
    for app in ("app_0", "app_1"):
        said = run(work / folder / app, env=environment)
        expect(said == "regular thread ended\n", f"{folder}/{app} said {said!r}")
    needed = run("readelf", "-d", work / folder / "app_1")
    expect(f"libcurfew.so.{number}" in needed, f"{folder}/app_1 does not need libcurfew.so.{number}")
curfew = prefix / "bin/curfew"
version = re.search(r"_([\d.]+)-", debs["curfew"].name)[1]
expect(run(curfew, "--version") == f"curfew {version}\n", "the command has another version")
for verb in ("run", "check"):
    said = run(curfew, verb, "--", "/bin/sh", "-c", "echo here")
    expect("here" in said, f"curfew {verb} said {said!r}")
print(f"{len(debs)} packages: " + ", ".join(f"{path.name} {path.stat().st_size // 1000} kB" for path in sorted(debs.values())))
