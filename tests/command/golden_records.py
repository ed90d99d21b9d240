#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records that are kept in record/ say today what they said when they were made.
golden_records.py CURFEW READ_RECORD WRITE_RECORD RECORD_HPP; with --write at the end the record of this version and what
is read from it are made anew.

A layout that changes without its version is noticed: the record that this build writes is the one that is kept.
"""
import json
import lzma
import os
import re
import sys
import tempfile

from command import check, end, equal, run

reader, writer, header = sys.argv[2:5]
kept = os.path.join(os.path.dirname(os.path.abspath(__file__)), "record")
events = os.path.join(os.path.dirname(header), "events.hpp")
source = "".join(open(one, encoding="utf-8").read() for one in (header, events))
version = int(re.search(r"record_version = (\d+);", source).group(1))
record, said = (os.path.join(kept, f"{version}.{end}") for end in ("record.xz", "json"))

with tempfile.TemporaryDirectory() as folder:
    at = os.path.join(folder, "record")

    def read(content):
        with open(at, "wb") as out:
            out.write(content)
        return run(reader, at, plain=True)

    equal(run(writer, at, plain=True)[0], 0, "write_record")
    with open(at, "rb") as file:
        today = file.read()
    if sys.argv[5:] == ["--write"]:
        with lzma.open(record, "wb", preset=9) as file:
            file.write(today)
        with open(said, "w", encoding="utf-8") as file:
            file.write(read(today)[1])
    check(os.path.exists(record), f"no record of version {version}: golden_records.py --write makes one")
    with lzma.open(record, "rb") as file:
        golden = file.read()
    check(golden == today, "record.hpp lays the record out in another way than it did: raise record_version, and keep a "
          "record of the new version with --write")
    status, printed, errors = read(golden)
    equal((status, errors), (0, ""), "reading the record that is kept")
    with open(said, encoding="utf-8") as file:
        wanted = json.load(file)
    got = json.loads(printed or "{}")
    equal(len(got.get("findings", [])), len(wanted["findings"]), "number of findings")
    for one, other in zip(got.get("findings", []), wanted["findings"]):
        equal(one, other, "a finding")
    equal(got, wanted, "what is read")
    # Every kind of event is in it, so that none is read without a test.
    kinds = re.search(r"enum class event_kind[^{]*{([^}]*)}", source).group(1).replace(" ", "").strip().strip(",").split(",")
    with open(os.path.join(kept, "write_record.cpp"), encoding="utf-8") as file:
        written = file.read()
    for kind in (one.strip() for one in kinds):
        check(kind == "none" or re.search(rf"\b{kind}\{{", written), f"write_record.cpp writes no {kind}")

    other = golden[:8] + (version + 1).to_bytes(4, "little") + golden[12:]
    equal(read(other), (125, "", f"{at} is a record of version {version + 1}; this curfew reads version {version}\n"),
          "a record of the next version")
    # The place of a text lies behind what was used of the texts, as it may in a record that is damaged: there is no text.
    check("libplugin.so" in printed, "the findings name texts of the record")
    status, printed, errors = read(golden[:32] + bytes(8) + golden[40:])
    equal((status, errors), (0, ""), "reading a record without texts")
    check("libplugin.so" not in printed, "texts behind what was used")
    equal(read(golden[:-1])[::2], (125, f"{at} is too short: it has {len(golden) - 1} bytes of {len(golden)}\n"),
          "a record that is too short")
    for nothing in (b"", b"#!/bin/sh\n" * 10):
        equal(read(nothing), (125, "", f"{at} is no record of curfew check\n"), "another file")
    equal(run(reader, at + "s", plain=True)[0], 125, "a file that is not there")
end()
