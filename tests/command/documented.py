#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each flag in --help is in the manual page and in the completion, and none is there that is not. documented.py CURFEW."""
import re
from pathlib import Path

from command import check, end, equal, run

ROOT = Path(__file__).resolve().parents[2]
manual = (ROOT / "docs/curfew.1.md").read_text()
completion = (ROOT / "packaging/completion/curfew").read_text()

status, out, _ = run("--help")
equal(status, 0, "--help")
verbs = re.findall(r"^  (\w+)  ", out.partition("Commands:")[2], re.M)
check(verbs, "no verbs in --help")
for verb in verbs:
    status, out, _ = run(verb, "--help")
    equal(status, 0, f"{verb} --help")
    flags = set(re.findall(r"^ +(?:-\w,)?(--[\w-]+)", out, re.M)) - {"--help"}
    check(flags, f"{verb}: no flags in its help")
    section = manual.partition(f"\n## curfew {verb}")[2].partition("\n## ")[0]
    equal(set(re.findall(r"^\*\*\\?(--[\w-]+)", section, re.M)), flags, f"the manual's flags of {verb}")
    line = re.search(rf"^\s*{verb}\)\s*flags=\"([^\"]*)\"", completion, re.M)
    equal(set(line[1].split()) if line else set(), flags, f"the completion's flags of {verb}")
check(re.fullmatch(r"curfew \d+\.\d+\.\d+\n", run("--version")[1]), run("--version"))
equal(run("no-such-verb")[0], 125, "status of a verb that is none")
equal(run()[0], 125, "status without a verb")
end()
