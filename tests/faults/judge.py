# SPDX-License-Identifier: Apache-2.0
"""Holds one run of a program against what a case of a list says is right (`want`, explained in faults.py)."""
import collections
import json
import re


def has(pattern, text):
    return re.search(pattern, text, re.IGNORECASE | re.MULTILINE) is not None


def as_text(findings):
    return json.dumps(findings, ensure_ascii=False).replace('\\"', "'")  # so that [^"]* goes to a value's end


def wrong_findings(want, record, stderr):
    if isinstance(want, dict) and "or_stderr" in want and has(want["or_stderr"], stderr):
        return []
    try:
        findings = json.load(open(record))["findings"]
    except (OSError, ValueError, KeyError):
        return ["no findings were written"]
    found = sorted({f"{f['severity']} {f['lint']}" for f in findings})
    if want == "none":
        return [f"found: {', '.join(found)}"] if found else []
    if want == "no errors":
        errors = [t for t in found if t.startswith("error")]
        return [f"found: {', '.join(errors)}"] if errors else []
    wrong = [f"found /{p}/" for p in want.get("absent", []) if has(p, as_text(findings))]
    lints = want.get("lints")
    right = [f for f in findings if not lints or f["lint"] in lints]
    if not right:
        return wrong + [f"no {' or '.join(lints or ['finding'])} (found: {', '.join(found) or 'nothing'})"]
    text, objects = as_text(right), as_text([f.get("object", {}) for f in right])
    wrong += [f"no finding says /{p}/" for p in want.get("text", []) if not has(p, text)]
    return wrong + [f"no finding's object says /{p}/" for p in want.get("object", []) if not has(p, objects)]


def what_is_wrong(want, status, seconds, stdout, stderr, record):
    if status is None:
        return ["did not end"]
    wrong = []
    statuses = want.get("status", 0)
    statuses = statuses if isinstance(statuses, list) else [statuses]
    if status not in statuses:
        wrong.append(f"status {status}, not {' or '.join(map(str, statuses))}")
    if seconds > want.get("max_seconds", 1e9):
        wrong.append(f"took longer than {want['max_seconds']} s")
    if "stdout" in want and stdout.splitlines() != want["stdout"]:
        lines = collections.Counter(stdout.splitlines())
        wanted = collections.Counter(want["stdout"])
        missing, extra = list((wanted - lines).elements()), list((lines - wanted).elements())
        wrong.append("stdout: " + (f"without {missing} " if missing else "") + (f"with {extra[:3]}" if extra else "") +
                     ("" if missing or extra else "in another order"))
    for name, text in (("stdout", stdout), ("stderr", stderr)):
        wrong += [f"{name} has no /{p}/" for p in want.get(name + "_contains", []) if not has(p, text)]
        wrong += [f"{name} has /{p}/" for p in want.get(name + "_absent", []) if has(p, text)]
    if "findings" in want:
        wrong += wrong_findings(want["findings"], record, stderr)
    return wrong
