#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""fuzz.py [options] FUZZERS: lets libFuzzer look for inputs that crash a target, one target after another.

FUZZERS is build/fuzz/tests/fuzz/fuzzers. Each target begins from tests/fuzz/corpus/TARGET, and ends after --runs inputs or
--seconds, whichever comes first. With the same --work, the next call goes on with what was found, and with the count of runs. An input that crashes it is kept in the work folder and named at the end, with status 1: mend
the fault, and put the input into the corpus, which the ordinary tests run. --check REPLAY only compares the targets that a
program has with the folders of the corpus.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CORPUS = HERE / "corpus"
FOUND = HERE / "found.md"
# What an input may be long; a target that has another limit.
LONGEST = {"symbols": 8192, "elf_in_process": 8192, "record": 8192, "registry": 2048, "timeline": 2048, "suppressions": 512,
           "command_line": 512}
USUAL = 1024
# -entropic=0 below: to keep how often inputs reach what took a fifth of the time of a run of command_line.
# Of elfutils, not ours: a leak in a file that it refuses. Where memory was allocated is not noted, which takes a quarter of the
# time: an input that crashes is run again without these options.
OPTIONS = ("detect_leaks=0:abort_on_error=0:allocator_may_return_null=1:handle_abort=1:malloc_context_size=0:"
           "quarantine_size_mb=4:max_malloc_fill_size=256")


def targets():
    return sorted(path.stem for path in (HERE / "targets").glob("*.cpp"))


def check(replay):
    known = subprocess.run([replay], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    kept = sorted(path.name for path in CORPUS.iterdir() if any(path.iterdir()))
    if not sorted(known) == kept == targets():
        sys.exit(f"the targets are {targets()}, those of the program {sorted(known)}, those of the corpus {kept}")
    size = sum(path.stat().st_size for path in CORPUS.rglob("*") if path.is_file())
    print(f"{len(known)} targets, {size} bytes of corpus")
    if size > 1_000_000:
        sys.exit("the corpus is too large for the repository: merge it with fuzz.py --merge")


def run(fuzzers, target, args, work):
    """What libFuzzer says at its end."""
    artifacts = work / target
    artifacts.mkdir(parents=True, exist_ok=True)
    grown = artifacts / "corpus"
    grown.mkdir(exist_ok=True)
    log = artifacts / "log"
    sums = artifacts / "sums.json"
    before = json.loads(sums.read_text()) if sums.exists() else {"runs": 0, "seconds": 0, "cov": 0, "features": 0, "corpus": 0,
                                                                 "calls": 0}
    if before["runs"] >= args.runs:
        return {"target": target, **before, "crashes": [], "status": 0, "why": "", "log": log}
    command = [fuzzers, f"-runs={args.runs - before['runs']}", f"-max_total_time={args.seconds}",
               f"-max_len={LONGEST.get(target, USUAL)}",
               f"-artifact_prefix={artifacts}/", "-rss_limit_mb=2048", "-malloc_limit_mb=1024", "-timeout=60", "-close_fd_mask=1",
               "-print_final_stats=1", "-entropic=0", f"-seed={args.seed}", grown, CORPUS / target]
    began = time.monotonic()
    with log.open("w") as out:
        done = subprocess.run([str(word) for word in command], stdout=out, stderr=subprocess.STDOUT, cwd=work,
                              env={**os.environ, "CURFEW_FUZZ_TARGET": target, "ASAN_OPTIONS": OPTIONS,
                                   "UBSAN_OPTIONS": "print_stacktrace=1"})
    text = log.read_text(errors="replace")
    numbers = re.findall(r"^#(\d+)\s.*?cov: (\d+) ft: (\d+) corp: (\d+)", text, re.M)
    executed = re.search(r"stat::number_of_executed_units: *(\d+)", text)
    last = numbers[-1] if numbers else ("0", "0", "0", "0")
    crashes = sorted(path for path in artifacts.iterdir() if re.match(r"(crash|leak|timeout|oom)-", path.name))
    reason = re.search(r"^(SUMMARY:.*|.*runtime error:.*)$", text, re.M)
    so_far = {"runs": before["runs"] + int(executed[1] if executed else last[0]),
              "seconds": before["seconds"] + time.monotonic() - began, "cov": int(last[1]), "features": int(last[2]),
              "corpus": int(last[3]), "calls": before["calls"] + 1}
    sums.write_text(json.dumps(so_far))
    return {"target": target, **so_far, "crashes": crashes, "status": done.returncode, "why": reason[1] if reason else "",
            "log": log}


def merge(fuzzers, target, work):
    """Puts into the corpus the smallest inputs that reach what new ones reach, and nothing that seeds reach already."""
    grown = work / target / "corpus"
    subprocess.run([str(fuzzers), "-merge=1", f"-max_len={LONGEST.get(target, USUAL)}", "-close_fd_mask=1", str(CORPUS / target), str(grown)],
                   env={**os.environ, "CURFEW_FUZZ_TARGET": target, "ASAN_OPTIONS": OPTIONS}, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)


def table(rows, args):
    def git(*words):
        return subprocess.run(["git", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False).stdout.strip()

    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    commit = git("rev-parse", "--short", "HEAD") + (" and changes" if git("status", "--porcelain", "-uno") else "")
    lines = ["# What parses, given anything", "",
             "Each target is a function that parses, with libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer. *Edges* are "
             "the code edges that its inputs have reached, of the library and the command (elfutils is not instrumented); "
             "*features* also count how often. A target that was stopped by its time has fewer runs than were asked for.", "",
             f"Command: `tests/fuzz/fuzz.py --runs {args.runs} --seconds {args.seconds} --jobs {args.jobs} --work FOLDER --markdown "
             "bench/results/fuzz.md build/fuzz/tests/fuzz/fuzzers`; runs and seconds are the sums of as many calls with that folder "
             "as the table says.", "",
             f"Commit {commit}; {model[1] if model else 'processor not known'}, {os.cpu_count()} processors; "
             f"{time.strftime('%Y-%m-%d')}.", "",
             "| target | runs | seconds | calls | edges | features | inputs | crashes |", "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        lines.append(f"| {row['target']} | {row['runs']:,} | {row['seconds']:.0f} | {row['calls']} | {row['cov']:,} | {row['features']:,} | "
                     f"{row['corpus']} | {len(row['crashes'])} |")
    lines += ["", FOUND.read_text().strip() if FOUND.exists() else "", ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fuzzers", nargs="?")
    parser.add_argument("--runs", type=int, default=1_000_000, help="inputs for each target (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=600, help="seconds for each target (default: %(default)s)")
    parser.add_argument("--only", action="append", choices=targets(), help="this target; can be repeated")
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers; 0: another each time")
    parser.add_argument("--jobs", type=int, default=1, help="targets at a time (default: %(default)s)")
    parser.add_argument("--work", help="where logs and inputs that crash go (default: a new folder)")
    parser.add_argument("--merge", action="store_true", help="add to the corpus what reaches new code")
    parser.add_argument("--markdown", metavar="FILE", help="write the table")
    parser.add_argument("--check", metavar="REPLAY", help="only compare the targets with the corpus")
    args = parser.parse_args()
    if args.check:
        return check(args.check)
    if not args.fuzzers:
        parser.error("FUZZERS is missing: build/fuzz/tests/fuzz/fuzzers")
    fuzzers = Path(args.fuzzers).resolve()
    work = Path(args.work or tempfile.mkdtemp(prefix="curfew-fuzz-")).resolve()
    chosen = args.only or targets()
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(args.jobs) as pool:
        rows = []
        for row in pool.map(lambda target: run(fuzzers, target, args, work), chosen):
            rows.append(row)
            print(f"{row['target']}: {row['runs']} runs, {row['seconds']:.0f} s, {row['cov']} edges, {len(row['crashes'])} crashes "
                  f"{row['why']}", flush=True)
    if args.merge:
        for target in chosen:
            merge(fuzzers, target, work)
    if args.markdown:
        Path(args.markdown).write_text(table(rows, args))
    bad = [row for row in rows if row["crashes"] or row["status"] != 0]
    for row in bad:
        print(f"{row['target']}: {row['why'] or 'status ' + str(row['status'])}; {row['log']}")
        for crash in row["crashes"]:
            print(f"  CURFEW_FUZZ_TARGET={row['target']} {fuzzers} {crash}")
    return 1 if bad else 0


sys.exit(main())
