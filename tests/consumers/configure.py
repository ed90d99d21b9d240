#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What configuring says and leaves behind. configure.py SOURCE WORK CMAKE GENERATOR CXX."""
import shutil
import subprocess
import sys
from pathlib import Path

source, work, cmake, generator, cxx = sys.argv[1:]
work = Path(work) / "configured"
shutil.rmtree(work, ignore_errors=True)
work.mkdir(parents=True)


def configure(name, top, *options):
    return subprocess.run([cmake, "-G", generator, "-S", str(top), "-B", str(work / name), f"-DCMAKE_CXX_COMPILER={cxx}",
                           *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


parent = work / "parent"
parent.mkdir()
(parent / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.25)\nproject(parent CXX)\n"
                                       f"add_subdirectory({source} curfew)\n")
done = configure("inside", parent)
if done.returncode != 0:
    sys.exit(done.stdout)
cache = (work / "inside/CMakeCache.txt").read_text()
if "BUILD_SHARED_LIBS" in cache:
    sys.exit("add_subdirectory has written BUILD_SHARED_LIBS into its parent's cache")

for package, debian in (("CLI11", "libcli11-dev"), ("nlohmann_json", "nlohmann-json3-dev"), ("PkgConfig", "pkgconf")):
    done = configure(package, source, f"-DCMAKE_DISABLE_FIND_PACKAGE_{package}=ON", "-DCURFEW_BUILD_TESTS=OFF",
                     "-DCURFEW_BUILD_EXAMPLES=OFF")
    if done.returncode == 0 or f"apt-get install {debian}" not in " ".join(done.stdout.split()):
        sys.exit(f"without {package}, CMake does not name {debian}:\n{done.stdout[-2000:]}")

done = configure("strange", source, "-DCURFEW_OS=strange", "-DCURFEW_BUILD_TESTS=OFF", "-DCURFEW_BUILD_EXAMPLES=OFF")
if done.returncode == 0 or "there is no CURFEW_OS=strange; there are: none" not in " ".join(done.stdout.split()):
    sys.exit(f"CMake takes CURFEW_OS=strange:\n{done.stdout[-2000:]}")
