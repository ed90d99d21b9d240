#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `curfew run` puts into a program asks others for nothing that preload/run/imports.txt does not name, with a reason.
imports.py CURFEW NM LIBRARY LIST"""
import re
import subprocess
import sys

from command import check, end

nm, library, listed = sys.argv[2:5]
reasons = {}
reason = ""
for line in open(listed, encoding="utf-8"):
    if line.startswith("# ") or not line.strip():
        continue
    if line.startswith("- "):
        reason = line[2:].strip()
    else:
        reasons.update(dict.fromkeys(line.split(), reason))
done = subprocess.run([nm, "-D", "--undefined-only", library], stdout=subprocess.PIPE, text=True, check=True)
imports = {re.sub("@.*", "", line.split()[-1]) for line in done.stdout.splitlines()}
check(len(imports) > 50 and "dlsym" in imports, "are these its imports?", imports)
for name in sorted(imports - set(reasons)):
    check(False, f"{name}: somebody else's function may stand in front of it. preload/run/own_calls.cpp can have it, or "
          "preload/run/imports.txt a reason why it need not")
own = {"clock_gettime", "open", "close", "read", "write", "poll", "getpid", "gettid", "usleep", "nanosleep", "syscall"}
check(not own & imports, "these are to be the kernel's:", own & imports)
end()
