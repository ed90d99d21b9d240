#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does storm.py see each way an exit can go wrong? Fake programs, one per class, whose class is known."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

DRIVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "storm.py")
MARKS = 'mark() { echo "$$ $*" >&9; }\nmark expect main 2; echo "keep main 1"\n'
FAKES = {
    "clean": 'echo "keep main 2"; mark first; mark last; exit 17',
    "crashes": 'echo "keep main 2"; mark first; kill -SEGV $$',
    "hangs": 'echo "keep main 2"; sleep 20; mark last; exit 17',
    "wrong_status": 'echo "keep main 2"; mark last; exit 0',
    "loses_a_line": "mark last; exit 17",
    "doubles_a_line": 'echo "keep main 2"; echo "keep main 2"; mark last; exit 17',
    "tears_a_line": 'printf "noise 012345"; echo; echo "keep main 2"; mark last; exit 17',
    "runs_on": 'echo "keep main 2"; mark first; mark late 3; mark last; exit 17',
    "skips": 'echo "keep main 2"; mark first; exit 17',
    "skips_rightly": 'echo "keep main 2"; mark may-skip why; exit 17',
    "own_status": 'echo "keep main 2"; mark status 0; mark last; exit 0',
    "child_hung": 'echo "keep main 2"; mark fault hung a child of fork; mark last; exit 17',
    "child_skipped": 'echo "keep main 2"; echo "7 first" >&9; mark ended 7; mark last; exit 17',
    "child_lost": 'echo "keep main 2"; echo "7 expect child 1" >&9; echo "7 last" >&9; mark ended 7; mark last; exit 17',
    "child_orphaned": 'echo "keep main 2"; echo "7 expect child 1" >&9; mark last; exit 17',
    "noisy": 'for i in 1 2 3; do echo "noise 0123456789 0123456789 0123456789 0123456789 end"; done\n'
             'echo "keep main 2"; mark last; exit 17',
    "kept_what_it_may": 'mark allow late 2; echo "keep late 1"; echo "keep main 2"; mark last; exit 17',
    "reads_stdin": 'read -t 1 x; [ $? -gt 128 ] || exit 3; echo "keep main 2"; mark last; exit 17',
}
EXPECTED = {
    "clean": "clean", "crashes": "crashed", "hangs": "hung", "wrong_status": "wrong-status",
    "loses_a_line": "lost-output", "doubles_a_line": "lost-output", "tears_a_line": "lost-output",
    "runs_on": "ran-on", "skips": "skipped", "skips_rightly": "skipped", "own_status": "clean", "child_hung": "hung",
    "child_skipped": "skipped", "child_lost": "lost-output", "child_orphaned": "clean", "noisy": "clean",
    "kept_what_it_may": "clean", "reads_stdin": "clean",
}


class StormTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.bin = directory.name

    def fake(self, name, flavour="tracked"):
        path = os.path.join(self.bin, f"{name}.{flavour}")
        shell = "/bin/bash" if name == "reads_stdin" else "/bin/sh"
        with open(path, "w", encoding="ascii") as f:
            f.write(f"#!{shell}\n{MARKS}{FAKES[name]}\n")
        os.chmod(path, 0o755)

    def storm(self, *arguments):
        command = [sys.executable, DRIVER, "--bin", self.bin, "--json", os.path.join(self.bin, "result.json"),
                   "--markdown", os.path.join(self.bin, "result.md"), "--timeout", "2", "--baseline-timeout", "2",
                   *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
        with open(os.path.join(self.bin, "result.json"), encoding="utf-8") as f:
            self.result = json.load(f)
        with open(os.path.join(self.bin, "result.md"), encoding="utf-8") as f:
            self.page = f.read()
        self.said = done.stdout
        self.progress = done.stderr
        return done.returncode

    def counts(self, name, flavour="tracked"):
        return next(p for p in self.result["programs"] if (p["name"], p["flavour"]) == (name, flavour))

    def test_each_class_is_seen(self):
        for name in FAKES:
            self.fake(name)
        self.assertEqual(self.storm("-n", "2"), 1)
        for name, kind in EXPECTED.items():
            with self.subTest(name):
                self.assertEqual(self.counts(name)[kind], 2, self.counts(name))
        self.assertIn("bad: crashes.tracked; again:", self.said)
        self.assertNotIn("bad: clean.tracked", self.said)
        self.assertNotIn("bad: skips_rightly.tracked", self.said)
        self.assertIn("SIGSEGV in the static destructors", self.said)
        self.assertIn("| crashes |", self.page)

    def test_each_class_makes_the_verdict(self):
        for name in ("crashes", "hangs", "wrong_status", "loses_a_line", "runs_on", "child_hung"):
            for flavour in ("tracked", "plain"):
                with self.subTest(name, flavour=flavour):
                    self.fake(name, flavour)
                    self.assertEqual(self.storm("-n", "1", "--only", name, "--flavour", flavour), 1)
                    self.assertEqual(self.result["verdict"], "bad")

    def test_clean_is_good(self):
        self.fake("clean")
        self.fake("clean", "plain")
        self.assertEqual(self.storm("-n", "20"), 0)
        self.assertEqual(self.result["verdict"], "good")
        self.assertIn("good: 40 runs with curfew", self.said)

    def test_skips_beyond_one_in_a_thousand(self):
        self.fake("skips")
        self.assertEqual(self.storm("-n", "1"), 0)
        self.assertEqual(self.storm("-n", "2"), 1)

    def test_skips_are_legal_without_tracking(self):
        self.fake("skips", "plain")
        self.assertEqual(self.storm("-n", "5"), 0)

    def test_the_baseline_is_only_shown(self):
        self.fake("crashes", "baseline")
        self.fake("clean")
        self.assertEqual(self.storm("-n", "5", "--baseline-n", "3"), 0)
        self.assertEqual(self.counts("crashes", "baseline")["crashed"], 3)

    def test_a_program_that_hangs_is_given_up(self):
        self.fake("hangs")
        self.assertEqual(self.storm("-n", "10", "-j", "2", "--give-up", "2"), 1)
        # Two; and one more when it was started between the end of the first and that of the second.
        self.assertIn(self.counts("hangs")["n"], (2, 3))

    def test_goes_on_where_an_earlier_run_has_ended(self):
        self.fake("clean")
        self.fake("skips")
        earlier = os.path.join(self.bin, "earlier.json")
        self.assertEqual(self.storm("-n", "4", "--only", "clean", "--commit", "abc"), 0)
        os.rename(os.path.join(self.bin, "result.json"), earlier)
        self.fake("crashes")
        os.remove(os.path.join(self.bin, "clean.tracked"))  # so it does not run again
        self.assertEqual(self.storm("-n", "4", "--commit", "abc", "--continue", earlier), 1)
        self.assertEqual(self.counts("clean")["clean"], 4)
        self.assertEqual(self.counts("crashes")["crashed"], 4)

    def test_goes_on_in_the_middle_of_a_program(self):
        self.fake("crashes")
        earlier = os.path.join(self.bin, "earlier.json")
        self.assertEqual(self.storm("-n", "4", "--commit", "abc"), 1)
        os.rename(os.path.join(self.bin, "result.json"), earlier)
        self.assertEqual(self.storm("-n", "7", "--commit", "abc", "--continue", earlier), 1)
        self.assertEqual((self.counts("crashes")["n"], self.counts("crashes")["crashed"]), (7, 7))

    def test_an_interruption_keeps_what_was_counted(self):
        self.fake("clean")
        result = os.path.join(self.bin, "interrupted.json")
        with subprocess.Popen([sys.executable, DRIVER, "--bin", self.bin, "-n", "100000", "--json", result],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as driver:
            time.sleep(3)
            driver.send_signal(signal.SIGINT)
            self.assertEqual(driver.wait(20), 130)
        with open(result, encoding="utf-8") as f:
            counted = json.load(f)["programs"][0]
        self.assertGreater(counted["n"], 0)
        self.assertEqual(counted["clean"], counted["n"])

    def test_bad_earlier_runs(self):
        self.fake("clean")
        earlier = os.path.join(self.bin, "earlier.json")
        self.assertEqual(self.storm("-n", "1", "--commit", "abc"), 0)
        os.rename(os.path.join(self.bin, "result.json"), earlier)
        garbage = os.path.join(self.bin, "garbage.json")
        for text in ("", "[]", "{}", '{"schema": "curfew.exit_storm/1"}'):
            with open(garbage, "w", encoding="utf-8") as f:
                f.write(text)
            for path, commit in ((garbage, "abc"), ("/nowhere", "abc"), (earlier, "abd")):
                with self.subTest(text, path=path):
                    done = subprocess.run([sys.executable, DRIVER, "--bin", self.bin, "-n", "1", "--commit", commit,
                                           "--continue", path], capture_output=True, text=True, timeout=20, check=False)
                    self.assertEqual(done.returncode, 2)
                    self.assertIn("--continue", done.stderr)

    def test_bad_usage(self):
        for arguments in (["--flavour", "none"], ["-n", "0"], ["--only", "no_such_program"], ["--bin", "/nowhere"]):
            with self.subTest(arguments):
                done = subprocess.run([sys.executable, DRIVER, "--bin", self.bin, *arguments], capture_output=True,
                                      text=True, timeout=20, check=False)
                self.assertEqual(done.returncode, 2)
                self.assertTrue(done.stderr.strip())


if __name__ == "__main__":
    unittest.main()
