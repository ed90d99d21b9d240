#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the drivers share does what they rely on: the order of the rounds, the files, and the end without a build."""
import contextlib
import io
import json
import pathlib
import tempfile
import unittest

import driver

HEADER = {"command": "run.py", "commit": "c", "date": "d", "cpu": "x", "cores": 2, "memory_gb": 1.0, "system": "s",
          "kernel": "k", "libc": "l", "compiler": "", "flags": "", "load_at_start": 0.0}


class Driver(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.at = pathlib.Path(folder.name)

    def test_each_round_measures_all_and_every_other_one_backwards(self):
        order = []
        values = driver.in_turns(3, {name: lambda name=name: order.append(name) or len(order) for name in "ab"})
        self.assertEqual(order, ["a", "b", "b", "a", "a", "b"])
        self.assertEqual(values, {"a": [1, 4, 5], "b": [2, 3, 6]})

    def test_writes_what_was_asked_for(self):
        options = driver.parser("about").parse_args(["--json", str(self.at / "j"), "--markdown", str(self.at / "m")])
        driver.write(options, HEADER, {"rows": [1]}, "Title", ["| a |", ""])
        self.assertEqual(json.loads((self.at / "j").read_text()), {"rows": [1], "header": HEADER})
        text = (self.at / "m").read_text()
        self.assertTrue(text.startswith("# Title\n\n`run.py`\n"), text)
        self.assertTrue(text.endswith("| a |\n"), text)

    def test_writes_nothing_without_an_option(self):
        driver.write(driver.parser("about").parse_args([]), HEADER, {}, "Title", [])
        self.assertEqual(list(self.at.iterdir()), [])

    def test_says_how_to_build_what_is_not_there(self):
        parser = driver.parser("about")
        driver.add_build(parser, "pool")
        options = parser.parse_args(["--build", str(self.at)])
        with contextlib.redirect_stderr(io.StringIO()) as said, self.assertRaises(SystemExit) as end:
            driver.manifest(options)
        self.assertEqual(end.exception.code, 2)
        self.assertIn("cmake --preset bench", said.getvalue())
        (self.at / "manifest.json").write_text('{"compiler": "g++"}')
        self.assertEqual(driver.manifest(options), {"compiler": "g++"})


if __name__ == "__main__":
    unittest.main()
