# SPDX-License-Identifier: Apache-2.0
"""What the storm found, as a table for the terminal and as one for a page."""
import math

from classes import CLASSES, FAILURES

TITLES = {"tracked": "curfew + lock_tracking", "plain": "curfew", "baseline": "std::thread::detach"}
HEADS = {"clean": "clean", "crashed": "crash", "hung": "hung", "wrong-status": "status", "lost-output": "lost",
         "ran-on": "ran on", "skipped": "skip"}


def allowed_skips(flavour, result):
    if flavour != "tracked" or result["may_skip"]:
        return result["n"]
    return math.ceil(result["n"] / 1000)


def is_bad(flavour, result):
    if flavour == "baseline":
        return False
    return any(result[c] for c in FAILURES) or result["skipped"] > allowed_skips(flavour, result)


def totals(results, flavour):
    rows = [r for (_, f), r in results.items() if f == flavour]
    return {c: sum(r[c] for r in rows) for c in ("n",) + CLASSES}


def rows_of(results, names, flavours):
    """The table: a head and a row per program, then the totals; each row a list of texts."""
    columns = ("n",) + CLASSES
    yield ["program"] + ["runs" if c == "n" else HEADS[c] for _ in flavours for c in columns]
    for name in names:
        row = [name]
        for flavour in flavours:
            r = results.get((name, flavour))
            for c in columns:
                text = "" if r is None else str(r[c]) if r[c] or c in ("n", "clean") else "0" if c == "clean" else "."
                row.append(text + ("*" if r and c == "skipped" and r["may_skip"] else ""))
        yield row
    row = ["all"]
    for flavour in flavours:
        t = totals(results, flavour)
        row += [str(t[c]) if t["n"] else "" for c in columns]
    yield row


def text_table(results, names, flavours):
    rows = list(rows_of(results, names, flavours))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    per = len(CLASSES) + 1
    for f in range(len(flavours)):  # room for the flavour's own title
        missing = len(TITLES[flavours[f]]) - sum(widths[1 + f * per:1 + (f + 1) * per]) - per + 1
        widths[1 + f * per] += max(0, missing)
    lines = []
    head = [" " * widths[0]]
    for f, flavour in enumerate(flavours):
        head.append(TITLES[flavour].ljust(sum(widths[1 + f * per:1 + (f + 1) * per]) + per - 1))
    lines.append(" | ".join(head))
    for row in rows:
        parts = [row[0].ljust(widths[0])]
        for f in range(len(flavours)):
            cells = range(1 + f * per, 1 + (f + 1) * per)
            parts.append(" ".join(row[i].rjust(widths[i]) for i in cells))
        lines.append(" | ".join(parts).rstrip())
    return "\n".join(lines)


def markdown(results, names, flavours, about, bad):
    m = about["machine"]
    per = len(CLASSES) + 1
    rows = list(rows_of(results, names, flavours))
    lines = [
        "# The exit storm", "",
        "Each program of `bench/exit_storm/programs/` is run many times; the table counts how its exits went. "
        "What the classes mean and when the verdict is bad: `bench/exit_storm/storm.py --help`.", "",
        f"- Command: `{about['command']}`", f"- Commit: {about['commit']}", f"- Date: {about['date']}",
        f"- Machine: {m['processor']}, {m['cores']} cores, {m['architecture']}, Linux {m['kernel']}, {m['libc']}",
        f"- Verdict: {'bad: ' + ', '.join(f'{n}.{f}' for n, f in bad) if bad else 'good'}", "",
        "`.` is 0. `*`: the daemons of this program cannot be frozen cleanly, by what they do; its end may come without "
        "static destructors. A program of the baseline that hung "
        f"{about['give_up']} times ({about['baseline_timeout_s']:g} s each) was given up.", ""]
    lines.append("| | " + " | ".join(TITLES[f] + " |" * (per - 1) for f in flavours) + " |")
    lines.append("|---|" + "---:|" * (per * len(flavours)))
    lines.append("| **" + "** | **".join(rows[0]) + "** |")
    lines += ["| " + " | ".join(row) + " |" for row in rows[1:]]
    return "\n".join(lines) + "\n"
