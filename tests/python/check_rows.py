#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when a row of rows.txt names a test that ctest does not have, or a test of CPython's name is in no row.

    check_rows.py CTEST BUILD_DIRECTORY ROWS
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile


def main():
    ctest, build, rows_file = sys.argv[1:]
    # In a folder of its own: ctest empties the log of the tests that run just now, also where it only lists them.
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "CTestTestfile.cmake").write_text(f'subdirs("{build}")\n', encoding="utf-8")
        listing = subprocess.run(
            [ctest, "--test-dir", folder, "--show-only=json-v1"], check=True, capture_output=True, text=True
        )
    tests = {test["name"] for test in json.loads(listing.stdout)["tests"]}
    faults = []
    listed = set()
    rows = 0
    with open(rows_file, encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            line = text.strip()
            if not line or line.startswith("#"):
                continue
            found = re.fullmatch(r"([CA]) (.+?) -> (\S+)", line)
            if not found:
                faults.append(f"{rows_file}:{number}: not `C|A row -> test`: {line}")
                continue
            rows += 1
            row, test = found[2], found[3]
            listed.add(test)
            if test not in tests:
                faults.append(f"{rows_file}:{number}: no test {test}")
            bears = "NotInTheSuite." + row.replace(" ", "_").replace("Ctrl-C", "ctrl_c")
            if test.startswith("NotInTheSuite.") and test != bears:
                faults.append(f"{rows_file}:{number}: {test} does not bear the row's name: {bears}")
            if "." in row and row != test:
                faults.append(f"{rows_file}:{number}: {test} does not bear the row's name, {row}")
    for test in sorted(tests - listed):
        if re.match(r"\w*(Thread|Subinterp|ExceptHook|Misc|Interrupt|Atexit|Event|Lock|Condition|Semaphore|Barrier|Timer)\w*\.test_\w+$", test):
            faults.append(f"{rows_file}: {test} is in no row")
    print("\n".join(faults) if faults else f"{rows} rows, each a test")
    return 1 if faults or rows == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
