#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is mistyped is named, with what was probably meant or what is allowed: mistyped.py CURFEW."""
from command import check, end, run


def says(words, *texts):
    status, out, err = run(*words.split())
    check(status == 125 and out == "", f"{words}: status {status}, {out!r}")
    for text in texts:
        check(text in err, f"{words}: no {text!r} in {err!r}")


says("chek -- true", "unknown command 'chek', did you mean check?", "See curfew --help.")
says("rnu -- true", "unknown command 'rnu', did you mean run?")
says("trace -- true", "unknown command 'trace'; known are run, check, dump, symbolize and timeline")
says("dmp 1", "unknown command 'dmp', did you mean dump?")
says("", "no command given; say run, check or dump")
says("run", "no program given; for example: curfew run -- ./program", "See curfew run --help.")
says("run --repot -- true", "unknown option '--repot', did you mean --report?")
says("check --supressions f -- true", "unknown option '--supressions', did you mean --suppressions?")
says("run --frobnicate -- true", "unknown option '--frobnicate'; known are ", "--wait-detached")
says("--verson", "unknown option '--verson', did you mean --version?")
says("run --grace soon -- true", "--grace: 'soon' is not a time; write a whole number with ms, s or m")
says("run --deadline 5 -- true", "--deadline: '5' is not a time")
says("run --deadline", "--deadline needs a value")
says("run --report --report-file f -- true", "--report and --report-file cannot be used together")
says("run --report=maybe -- true", "--report takes no value")
says("check --repeat 0 -- true", "--repeat: '0' is not a whole number from 1 to 100000")
says("check --repeat many -- true", "--repeat: 'many' is not a whole number from 1 to 100000")
says("check --fail-on warnings -- true", "--fail-on: unknown value 'warnings', did you mean warning?")
says("check --fail-on nothing-like-it -- true", "; known are error, warning, any, none, static-used-after-destruction, ")
says("check --allow output-loss -- true", "--allow: unknown finding 'output-loss', did you mean output-lost?")
says("check --colour sometimes -- true", "--colour: unknown value 'sometimes'; known are auto, always and never")
says("check --suppressions /nowhere/at/all -- true", "--suppressions: cannot read /nowhere/at/all")
end()
