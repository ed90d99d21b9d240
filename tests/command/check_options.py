#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_options.py CURFEW FAULTY SOUND: what `curfew check` ends with, allows, writes and repeats."""
import json
import os
import signal
import subprocess
import sys
import tempfile

from command import check, end, equal, run

faulty, sound = sys.argv[2:4]
FINDING = "static-used-after-destruction"


def status(*words):
    return run("check", *words)[0]


equal(status("--", faulty), 66, "status with a finding")
equal(status("--", sound), 0, "status without one")
equal(status("--", "sh", "-c", "exit 7"), 7, "the program's own status")
equal(status("--fail-on", "exit-blocked", "--", faulty), 0, "status when another finding was asked for")
equal(status("--fail-on", FINDING, "--", faulty), 66, "status when this finding was asked for")
equal(status("--fail-on", "none", "--", faulty), 0, "status when no finding was asked for")
equal(status("--allow", "no-such-finding", "--", faulty), 125, "status with a finding that does not exist")
ALLOWED = ("--allow", FINDING, "--allow", "thread-running-at-exit")
equal(status(*ALLOWED, "--", faulty), 0, "status when both findings are allowed")
equal(status(*ALLOWED, faulty), 0, "the same without --")
equal(status("--fail-on", "exit-blocked", "--fail-on", FINDING, "--", faulty), 66, "status when one of two was asked for")
for option in ("--patience", "--linger"):
    for wrong in ("5", "-1s", "1h", "", "999999999999s"):
        equal(status(option, wrong, "--", "touch", "/dev/null/ran"), 125, f"status with {option} '{wrong}'")
equal(status("--json", "-", "--html", "-", "--", sound), 125, "status with two things on standard output")


def interrupted(program, ignored):
    """What the command ends with when it, and not the program, is sent a SIGINT."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN if ignored else signal.SIG_DFL)
    with subprocess.Popen([sys.argv[1], "check", "--", sys.executable, "-c", program],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        signal.signal(signal.SIGINT, before)
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        return process.wait(timeout=60)


HANDLES = "import signal, sys, time; signal.signal(signal.SIGINT, lambda *_: sys.exit(5)); print(flush=True); time.sleep(50)"
LEAVES = "import time; print(flush=True); time.sleep(1)"
equal(interrupted(HANDLES, False), 5, "a signal is passed on")
equal(interrupted(HANDLES, True), 5, "also where it was ignored before, as in a background job")
equal(interrupted(LEAVES, True), 0, "the program ignores what was ignored before")
quiet = run("check", "--quiet", "--", faulty)
equal(quiet[2], "", "standard error with --quiet")
coloured = run("check", "--colour", "always", "--", faulty)[2]
check("\033[" in coloured and "\033[" not in run("check", "--", faulty)[2], "colour only where it is wanted")
with tempfile.TemporaryDirectory() as folder:
    file = os.path.join(folder, "suppressions")

    def suppressed(text):
        with open(file, "w", encoding="utf-8") as out:
            out.write(text)
        done = run("check", "--suppressions", file, "--json", "-", "--", faulty)
        return done[0], [f["lint"] for f in json.loads(done[1])["findings"]] if done[0] != 125 else done[2]

    check(FINDING not in suppressed(f"{FINDING} static=numb*  # known\n")[1], "a static that is allowed is told")
    check(FINDING in suppressed(f"{FINDING} static=other\n")[1], "another static is allowed, and this one is not told")
    check(FINDING not in suppressed(f"{FINDING} file=static_used_after_destruction.cpp\n")[1], "a file that is allowed")
    equal(suppressed("* static=numb*\nthread-running-at-exit\n"), (0, []), "all that is allowed")
    check("suppressions:1" in suppressed("no-such-finding\n")[1], "a wrong line is not named")

    page = os.path.join(folder, "page.html")
    equal(status("--html", page, "--", faulty), 66, "status with --html")
    with open(page, encoding="utf-8") as text:
        html = text.read()
    for part in ("<div class=\"timeline\"", FINDING, "numbers", "</html>"):
        check(part in html, f"the page has no {part}")
    check("http" not in html, "the page needs other files")
    ran = os.path.join(folder, "ran")
    for option in ("--json", "--html", "--suppressions"):
        equal(status(option, os.path.join(folder, "no/such/folder"), "--", "touch", ran), 125, f"{option} with a wrong file")
    suppressed("no-such-finding\n")
    equal(status("--suppressions", file, "--", "touch", ran), 125, "a wrong line")
    check(not os.path.exists(ran), "the program has run before a wrong option was told")

    _, out, _ = run("check", "--repeat", "3", "--json", "-", "--", faulty)
    found = [f for f in json.loads(out)["findings"] if f["lint"] == FINDING and f["object"]["name"] == "numbers"]
    equal(len(found), 1, "findings of three runs, folded")
    check(found and found[0]["count"] >= 3, f"count of three runs: {found and found[0]['count']}")
    check(os.listdir("/tmp") is not None and not [f for f in os.listdir(folder) if "curfew-check" in f], "a record is left")
equal(run("check", "--", "sh", "-c", "echo \"${LD_PRELOAD-none} ${CURFEW_CHECK_RECORD-none}\"")[1], "none none\n",
      "the environment of what the program starts")
end()
