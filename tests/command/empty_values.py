#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Options with empty, wrong, huge, negative and repeated values: nothing is run, nothing is written, and what is said
names the option. empty_values.py CURFEW."""
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from command import CURFEW, check, end, run


def options_of(verb):
    """Those that take a value, with the word that --help has for it."""
    text = run(verb, "--help")[1]
    return {m[1].split(",")[0]: m[2] for m in re.finditer(r"^ +(--[a-z-]+(?:,--[a-z-]+)*) ([A-Z]+)\b", text, re.MULTILINE)}


wrong = {"TIME": ["", "soon", "-5s", "99999999m", "5"], "FILE": [""], "N": ["", "-1", "0", "x", "99999999999999999999"],
         "WHAT": ["", "no-such"], "FINDING": ["", "no-such"], "WHEN": ["", "never-ever"]}
may_repeat = {"--allow", "--fail-on"}

with tempfile.TemporaryDirectory() as at:
    program = Path(at) / "prog"
    shutil.copy("/bin/true", program)
    before = program.read_bytes()
    ran = Path(at) / "ran"

    def refuses(option, *words):
        ran.unlink(missing_ok=True)
        status, out, err = run(*words, cwd=at)
        check(status == 125 and out == "" and option in err, f"{words}: {status} {out!r} {err!r}")
        check(not ran.exists() and program.read_bytes() == before, f"{words}: something was run, or overwritten")
        program.write_bytes(before)

    for verb in ("run", "check"):
        options = options_of(verb)
        check(len(options) >= 4, verb, "has", options)
        for option, kind in options.items():
            # As a shell leaves it where the variable is empty: the next word must not become the value.
            refuses(option, verb, f"{option}=", "./prog", "touch", ran)
            refuses(option, verb, f"{option}=", "--", "touch", ran)
            refuses(option, verb, "--children", f"{option}=", "touch", ran)
            for value in wrong[kind]:
                refuses(option, verb, option, value, "--", "touch", ran)
                if value:
                    refuses(option, verb, f"{option}={value}", "--", "touch", ran)
            good = {"TIME": "5s", "FILE": "f", "N": "1", "WHAT": "any", "FINDING": "exit-blocked", "WHEN": "never"}[kind]
            if option not in may_repeat:
                refuses(option, verb, option, good, option, good, "--", "touch", ran)
            refuses("", verb, option)
        for option in (o for o, kind in options.items() if kind == "FILE" and o != "--suppressions"):
            refuses(option, verb, option, "prog", "./prog")
            os.link(program, Path(at) / "link")
            refuses(option, verb, option, "link", "./prog")
            (Path(at) / "link").unlink()
    refuses("--report", "run", "--report", "--report-file", "f", "--", "touch", ran)
    # What the program is given is its own.
    status, out, err = run("run", "--", "echo", "--json=", "--grace=")
    check((status, out, err) == (0, "--json= --grace=\n", ""), status, out, err)
    status, out, err = run("run", "echo", "--json=")
    check((status, out, err) == (0, "--json=\n", ""), status, out, err)
    # A variable that another curfew has left in a bad state is named as what it is.
    done = subprocess.run([CURFEW, "run", "--", "true"], env={**os.environ, "NO_COLOR": "", "CURFEW_RUN": "nonsense"},
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    check((done.returncode, done.stderr) == (0, b""), done)
end()
