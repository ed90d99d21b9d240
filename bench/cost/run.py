#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures what curfew costs, beside what it stands in for, and prints the table of ratios with aims.

Ratios are formed within a round, in which everything that is compared takes its turn, and given as the median of the
rounds with the quartiles behind it.
"""
import pathlib
import shutil
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "common")]
import benchmarks  # noqa: E402
import exit_cost  # noqa: E402
import instructions  # noqa: E402
import driver  # noqa: E402
import machine  # noqa: E402
import memory  # noqa: E402
from spread import differences, ratios, spread, text  # noqa: E402

KINDS = ("clone", "pthread_create", "std::thread", "std::jthread", "boost::thread", "curfew::thread", "curfew::jthread",
         "curfew::jthread, named daemon")
PARTS = ("start", "registry", "locks", "exit", "memory", "instructions")


class Progress:
    def __init__(self):
        self.said = 0.0

    def __call__(self, what):
        terminal = sys.stderr.isatty()
        now = time.monotonic()
        if now - self.said >= (0.2 if terminal else 15):
            self.said = now
            print(f"\r{what:<78}" if terminal else what, end="" if terminal else "\n", file=sys.stderr, flush=True)


class Report:
    """Rows for the table, and the raw figures behind them."""

    def __init__(self):
        self.tables = []
        self.raw = {}

    def table(self, title, columns):
        self.tables.append((title, columns, []))

    def row(self, *cells):
        self.tables[-1][2].append([str(c) for c in cells])

    def markdown(self):
        lines = []
        for title, columns, rows in self.tables:
            widths = [max(len(row[i]) for row in [columns, *rows]) for i in range(len(columns))]
            lines += [f"## {title}", ""]
            lines.append("| " + " | ".join(c.ljust(w) for c, w in zip(columns, widths)) + " |")
            lines.append("|" + "|".join("-" * (w + 2) for w in widths) + "|")
            lines += ["| " + " | ".join(c.ljust(w) for c, w in zip(row, widths)) + " |" for row in rows]
            lines.append("")
        return "\n".join(lines)


def aim(met, words):
    return f"{words}: {'met' if met else 'MISSED'}"


def start(options, report, progress):
    programs = [options.build / name for name in ("start_join", "start_join_tracked")]
    if not all(p.exists() for p in programs):
        return
    for one_core in (True, False):
        times = benchmarks.run_rounds(programs, options.rounds, 0.02, progress, one_core)
        where = "one core" if one_core else "all cores"
        for clock in ("real_time", "cpu_time"):
            name = "time" if clock == "real_time" else "processor time of all threads"
            report.table(f"Start + join, {name}, {where}",
                         ["kind", "µs", "against std::jthread", "against clone",
                          "with lock tracking, against std::jthread there", "aim"])
            base = times["start_join", "std::jthread"][clock]
            tracked_base = times["start_join_tracked", "std::jthread"][clock]
            clone = times["start_join", "clone"][clock]
            for kind in KINDS:
                if ("start_join", kind) not in times:
                    continue
                values = times["start_join", kind][clock]
                ratio = ratios(values, base)
                report.row(kind, text(spread([v / 1000 for v in values])), text(ratio), text(ratios(values, clone)),
                           text(ratios(times["start_join_tracked", kind][clock], tracked_base)),
                           aim(ratio["median"] <= 1.05, "at most 1.05") if kind == "curfew::jthread" else "")
        report.raw[f"start_join, {where}, ns"] = [
            {"program": program, "kind": kind, **values} for (program, kind), values in times.items()]


def registry(options, report, progress):
    program = options.build / "registry_calls"
    if not program.exists():
        return
    times = benchmarks.run_rounds([program], max(5, options.rounds // 5), 0.05, progress)
    report.table("The registry", ["call / threads", "µs", "ns for each thread"])
    for (_, name), values in times.items():
        threads = int(name.partition("/")[2])
        each = text(spread([v / threads for v in values["real_time"]]), "{:.0f}")
        report.row(name, text(spread([v / 1000 for v in values["real_time"]]), "{:.3f}"),
                   each if name.startswith("enumerate") else "")
    report.raw["registry, ns"] = [{"call": name, "values": v["real_time"]} for (_, name), v in times.items()]


def locks(options, report, progress):
    programs = [options.build / name for name in ("lock_pair", "lock_pair_tracked")]
    if not all(p.exists() for p in programs):
        return
    times = benchmarks.run_rounds(programs, options.rounds, 0.05, progress)
    report.table("Uncontended lock + unlock",
                 ["pair", "without lock tracking, ns", "with, ns", "ratio", "difference, ns"])
    for program, pair in times:
        if program == "lock_pair":
            base, tracked = times[program, pair]["real_time"], times["lock_pair_tracked", pair]["real_time"]
            report.row(pair, text(spread(base)), text(spread(tracked)), text(ratios(tracked, base)),
                       text(differences(tracked, base)))
    report.raw["lock pairs, ns"] = [{"program": p, "pair": n, "values": v["real_time"]} for (p, n), v in times.items()]


EXIT_COUNTS = (0, 1, 10, 100, 1000, 10000)
EXIT_AIMS = {1: 1.5, 10: 1.5, 100: 1.3, 1000: 1.3, 10000: 1.3}


def exits(options, report, progress):
    times = exit_cost.measure(options.build, EXIT_COUNTS, options.exits, progress)
    report.table("Exit, from the last statement of main until the parent knows",
                 ["program", "threads", "_exit, µs", "the end, µs", "end / _exit", "end − _exit, µs",
                  "end / all stopped", "aim"])
    names = {("plain", "return"): "without curfew", ("plain", "stopped"): "without curfew, all stopped, _exit",
             ("curfew", "return"): "curfew", ("curfew_tracked", "return"): "curfew, lock tracking"}
    for count in EXIT_COUNTS:
        for (flavour, end), name in names.items():
            hard, soft = times[flavour, count, "_exit"], times.get((flavour, count, end))
            if soft is None:
                continue
            more, ratio = differences(soft, hard), ratios(soft, hard)
            stopped = times.get(("plain", count, "stopped"))
            goal = ""
            if flavour != "plain" and count == 0:
                goal = aim(more["median"] < 50, "under 50 µs more")
            if flavour != "plain" and count > 0:
                goal = aim(ratio["median"] <= EXIT_AIMS[count], f"at most {EXIT_AIMS[count]}")
            report.row(name, count, text(spread(hard), "{:.0f}"), text(spread(soft), "{:.0f}"), text(ratio),
                       text(more, "{:.0f}"), text(ratios(soft, stopped)) if stopped else "", goal)
    report.raw["exit, µs"] = [{"program": f, "threads": c, "end": e, "values": v} for (f, c, e), v in times.items()]


def memories(options, report, progress):
    programs = [options.build / name for name in ("memory", "memory_tracked")]
    taken = memory.measure(programs, 1000, max(3, options.rounds // 6), progress)
    report.table("Memory of a waiting thread, bytes, 1000 of them",
                 ["kind", "heap", "more than std::thread", "resident", "more than std::thread", "heap, with lock tracking",
                  "resident, with lock tracking"])
    for kind in memory.KINDS:
        cells = []
        for what in ("heap", "resident"):
            cells.append(text(spread(taken["memory", kind][what]), "{:.0f}"))
            cells.append(text(differences(taken["memory", kind][what], taken["memory", "std::thread"][what]), "{:+.0f}"))
        cells += [text(spread(taken["memory_tracked", kind][what]), "{:.0f}") for what in ("heap", "resident")]
        report.row(kind, *cells)
    report.raw["memory, bytes"] = [{"program": p, "kind": k, **v} for (p, k), v in taken.items()]


def counts(options, report, progress):
    valgrind = shutil.which("valgrind")
    if not valgrind:
        print("instructions are left out: valgrind was not found (Debian: valgrind)", file=sys.stderr)
        return
    programs = [options.build / name for name in ("start_loop", "start_loop_tracked")]
    counted = instructions.measure(valgrind, programs, progress)
    report.table("Instructions of the starting thread for each start + join (callgrind)",
                 ["kind", "lock tracking", "start", "join", "start and join", "more than std::jthread", "aim"])
    for program in programs:
        base = counted[program.name, "std::jthread", "start and join"]
        for kind in instructions.KINDS:
            start_one, join_one = (counted[program.name, kind, part] for part in ("start", "join"))
            both = counted[program.name, kind, "start and join"]
            report.row(kind, "yes" if program.name.endswith("_tracked") else "no", f"{start_one:.0f}",
                       f"{join_one:.0f}", f"{both:.0f}", f"{both - base:+.0f}",
                       aim(both - base <= 600, "at most 600") if kind == "curfew::jthread" else "")
    report.raw["instructions"] = [{"program": p, "kind": k, "part": part, "value": v}
                                  for (p, k, part), v in counted.items()]


MEASURES = dict(zip(PARTS, (start, registry, locks, exits, memories, counts)))


def rounded(data):
    """What is behind the sixth significant digit is noise, and the file is kept."""
    if isinstance(data, float):
        return float(f"{data:.6g}")
    if isinstance(data, dict):
        return {key: rounded(value) for key, value in data.items()}
    if isinstance(data, list):
        return [rounded(value) for value in data]
    return data


def main():
    parser = driver.parser(__doc__)
    driver.add_build(parser, "cost")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part only; may be repeated")
    parser.add_argument("--rounds", type=int, default=40, help="of each Google Benchmark program (default 40)")
    parser.add_argument("--exits", type=int, default=200,
                        help="of each program and number of threads; a fifth of it for 1000 threads, a twentieth for 10000 "
                             "(default 200)")
    options = parser.parse_args()
    header = machine.header(driver.manifest(options))
    report = Report()
    progress = Progress()
    for part, measure in MEASURES.items():
        if not options.only or part in options.only:
            measure(options, report, progress)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(report.markdown())
    driver.write(options, header, {"schema": "curfew.bench.cost/1", "raw": rounded(report.raw)}, "What curfew costs",
                 ["Median, and in brackets the quartiles, of rounds in which all that is compared takes its turn; ratios and "
                  "differences are formed within a round.", "", report.markdown()])
    return 0


if __name__ == "__main__":
    sys.exit(main())
