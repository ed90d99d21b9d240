#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""curfew_check_test of an installed copy, in a project of its own.
check_test.py CURFEW CMAKE GENERATOR CTEST BUILD CXX FAULTY SOUND."""
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

from command import check, end, equal

_, _, CMAKE, GENERATOR, CTEST, BUILD, CXX, FAULTY, SOUND = sys.argv
PROJECT = f"""
cmake_minimum_required(VERSION 3.20)
project(consumer CXX)
enable_testing()
find_package(Threads REQUIRED)
find_package(curfew REQUIRED)
add_executable(faulty {FAULTY})
add_executable(sound {SOUND})
foreach(target faulty sound)
  target_compile_features(${{target}} PRIVATE cxx_std_20)
  target_compile_options(${{target}} PRIVATE -g -O1)
  target_link_libraries(${{target}} PRIVATE Threads::Threads)
endforeach()
curfew_check_test(sound_is_clean sound JUNIT sound.xml)
curfew_check_test(faulty_fails faulty JUNIT faulty.xml SARIF out/faulty.sarif FAIL_ON error)
curfew_check_test(nothing_fails faulty FAIL_ON none)
curfew_check_test(known faulty SUPPRESSIONS known.txt ARGS one "two words" OPTIONS --quiet)
"""


def call(*words):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    return done.returncode, done.stdout


with tempfile.TemporaryDirectory() as at:
    staged, prefix, source, build = (Path(at) / name for name in ("staged", "prefix", "source", "build"))
    equal(call(CMAKE, "--install", BUILD, "--prefix", staged)[0], 0, "install")
    staged.rename(prefix)
    source.mkdir()
    (source / "CMakeLists.txt").write_text(PROJECT, encoding="utf-8")
    (source / "known.txt").write_text("*\n", encoding="utf-8")
    configure = (CMAKE, "-G", GENERATOR, "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_CXX_COMPILER={CXX}")
    status, out = call(*configure)
    equal(status, 0, f"configure: {out}")
    status, out = call(CMAKE, "--build", build)
    equal(status, 0, f"build: {out}")
    (build / "out").mkdir()
    status, out = call(CTEST, "--test-dir", build, "-L", "curfew", "-V")
    for name, ends in (("sound_is_clean", "Passed"), ("faulty_fails", "***Failed"), ("nothing_fails", "Passed"),
                       ("known", "Passed")):
        check(any(f" {name} " in line and ends in line for line in out.splitlines()), f"{name} has not {ends}: {out}")
    if not (build / "sound.xml").exists():
        print(f"nothing was run: {out}")
        end()
    equal(len(xml.parse(build / "sound.xml").findall(".//failure")), 0, "failures of the sound program")
    check(xml.parse(build / "faulty.xml").findall(".//failure[@type='static-used-after-destruction']"), "no failure")
    check((build / "out/faulty.sarif").stat().st_size > 0, "no SARIF")
    check(f"{prefix}/bin/curfew" in out, "the command of another tree is used:", out)

    for wrong, says in (("curfew_check_test(a nowhere)", "no target nowhere"),
                        ("curfew_check_test(a sound FAIL_NO error)", "FAIL_NO"),
                        ("curfew_check_test(a sound JUNIT)", "JUNIT"),
                        ("unset(CURFEW_COMMAND CACHE)\nset(CURFEW_COMMAND)\ncurfew_check_test(a sound)", "was not found")):
        (source / "CMakeLists.txt").write_text(PROJECT + wrong + "\n", encoding="utf-8")
        status, out = call(*configure)
        check(status != 0 and says in " ".join(out.split()), f"{wrong}: {status}, {out}")
end()
