#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""--junit and --sarif: what other programs read of the findings. check_forms.py CURFEW FAULTY SOUND SOURCE."""
import json
import re
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

from command import check, end, equal, run

FAULTY, SOUND, SOURCE = sys.argv[2:]
ROOT = Path(SOURCE).parents[3]
KIND = "static-used-after-destruction"


def forms(at, program, *options):
    names = {form: Path(at) / f"exit.{form}" for form in ("json", "junit", "sarif")}
    words = [word for form, name in names.items() for word in (f"--{form}", name)]
    status, _, _ = run("check", "--quiet", *options, *words, "--", program, cwd=ROOT)
    texts = {form: name.read_text(encoding="utf-8") for form, name in names.items()}
    return status, json.loads(texts["json"]), xml.fromstring(texts["junit"]), json.loads(texts["sarif"])


def check_junit(root, findings, failing, skipped):
    equal((root.tag, [child.tag for child in root]), ("testsuites", ["testsuite"]), "the tree")
    suite = root[0]
    cases = suite.findall("testcase")
    for counted in (root, suite):
        equal({key: counted.get(key) for key in ("tests", "failures", "errors", "skipped")},
              {"tests": str(len(cases)), "failures": str(len(suite.findall("testcase/failure"))), "errors": "0",
               "skipped": str(len(suite.findall("testcase/skipped")))}, f"counts of {counted.tag}")
    properties = {one.get("name"): one.get("value") for one in suite.findall("properties/property")}
    equal(properties.get("schema"), "curfew.check.junit/1", "schema of JUnit's form")
    equal([case.get("name") for case in cases][:1], ["exit"], "the first test case")
    equal(len(cases[0].findall("skipped")), skipped, "is the exit's test case skipped?")
    equal(len(cases) - 1, len(findings), "number of test cases")
    for case, found in zip(cases[1:], findings):
        check(case.get("name").startswith(found["lint"] + ": "), case.get("name"), found["lint"])
        failure = case.find("failure")
        equal(failure is not None, failing(found), f"does {found['lint']} fail?")
        if failure is not None:
            equal((failure.get("type"), failure.get("message")), (found["lint"], found["message"]), "a failure")
        check(found["advice"] in "".join(case.itertext()), "no advice in", case.get("name"))


def check_sarif(log, findings, seen):
    """What the standard asks of each object, and what GitHub asks beyond it."""
    equal((log["version"], len(log["runs"])), ("2.1.0", 1), "SARIF's version, and its runs")
    one = log["runs"][0]
    equal(one["properties"]["schema"], "curfew.check.sarif/1", "schema of SARIF's form")
    driver = one["tool"]["driver"]
    check(driver["name"] == "curfew check" and re.fullmatch(r"\d+\.\d+\.\d+", driver["version"]), driver["name"])
    rules = [rule["id"] for rule in driver["rules"]]
    equal(len(set(rules)), 14, "rules")
    for rule in driver["rules"]:
        check(rule["shortDescription"]["text"].endswith("."), rule)
        check(rule["defaultConfiguration"]["level"] in ("error", "warning"), rule)
    equal([call["executionSuccessful"] for call in one["invocations"]], [seen], "invocations")
    base = one["originalUriBaseIds"]["SRCROOT"]["uri"]
    check(base.startswith("file:///") and base.endswith("/"), base)
    equal([(r["ruleId"], r["level"]) for r in one["results"]], [(f["lint"], f["severity"]) for f in findings], "results")
    for result, found in zip(one["results"], findings):
        equal(rules[result["ruleIndex"]], result["ruleId"], "ruleIndex")
        check(found["message"] in result["message"]["text"] and found["advice"] in result["message"]["text"], result)
        equal(len(result["locations"]), 1, "locations")
        places = result["locations"] + result["relatedLocations"] + [
            frame["location"] for stack in result["stacks"] for frame in stack["frames"]]
        for place in places:
            physical = place.get("physicalLocation")
            if physical is None:
                check(place["logicalLocations"][0]["fullyQualifiedName"], place)
                continue
            artifact = physical["artifactLocation"]
            check(re.fullmatch(r"[A-Za-z0-9/:._~+%-]+", artifact["uri"]), artifact)
            below = not artifact["uri"].startswith(("file:", "..")) and (ROOT / artifact["uri"]).exists()
            equal("uriBaseId" in artifact, below, f"is {artifact} below the root?")
            check(physical.get("region", {"startLine": 1})["startLine"] >= 1, physical)
        for stack in result["stacks"]:
            check(stack["message"]["text"] and stack["frames"], stack)
        check(result["occurrenceCount"] >= 1 and "0x" not in result["partialFingerprints"]["curfew/1"], result)


with tempfile.TemporaryDirectory() as at:
    status, plain, junit, sarif = forms(at, FAULTY)
    equal(status, 66, "status of the faulty program")
    check(any(f["lint"] == KIND for f in plain["findings"]), plain["findings"])
    check_junit(junit, plain["findings"], lambda found: True, 0)
    check_sarif(sarif, plain["findings"], True)
    # It runs in the root of the sources: the file is named as a checkout has it, with the line of the use.
    place = next(r for r in sarif["runs"][0]["results"] if r["ruleId"] == KIND)["locations"][0]["physicalLocation"]
    equal(place["artifactLocation"], {"uri": str(Path(SOURCE).relative_to(ROOT)), "uriBaseId": "SRCROOT"}, "where the use is")
    check(place["region"]["startLine"] > 1, place)

    status, plain, junit, _ = forms(at, FAULTY, "--fail-on", "error")
    check_junit(junit, plain["findings"], lambda found: found["severity"] == "error", 0)
    status, plain, junit, _ = forms(at, FAULTY, "--fail-on", "none")
    equal(status, 0, "status where nothing fails")
    check_junit(junit, plain["findings"], lambda found: False, 0)

    status, plain, junit, sarif = forms(at, SOUND)
    equal((status, plain["findings"]), (0, []), "the sound program")
    check_junit(junit, [], None, 0)
    check_sarif(sarif, [], True)
    # A program whose exit was not seen is no passed test.
    script = Path(at) / "dies <&\"'\u00e9"
    script.write_text("#!/bin/sh\nkill -KILL $$\n")
    script.chmod(0o755)
    status, plain, junit, sarif = forms(at, script)
    equal(status, 137, "status of a program that dies")
    check_junit(junit, [], None, 1)
    check_sarif(sarif, [], False)
    equal(junit[0].find("properties/property[@name='program']").get("value"), str(script), "its name")
    for pair in (("--junit", "--sarif"), ("--json", "--junit")):
        status, _, err = run("check", pair[0], "-", pair[1], "-", "--", SOUND)
        check(status == 125 and f"{pair[0]} - and {pair[1]} -" in err, status, err)
end()
