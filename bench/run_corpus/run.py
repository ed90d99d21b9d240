#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs programs with real exit faults, and sound ones, plain and under `curfew run`: failure rates side by side.

    run.py [--cases DIR] --curfew BINARY [-n RUNS] [--limit-runs RUNS] [--json FILE] [--markdown FILE] [CASE...]

DIR (bench/corpus) has a folder for each case with `build.sh`, which makes `prog` (and perhaps `prog_cache`, with a slower exit), and
`run.sh N`, which runs each N times behind the command in $PREFIX, with a limit of $T seconds, and prints a line of
JSON for each program (tag, n, failed, crash, hang, badrc, lost, late, bad, t_max_ms). The cases are copied to a folder
of their own and built there; what does not build is left out and said.

What must come of a case under `curfew run`:
    clean    no run fails
    limit    no run fails, and the exit ends by the limit (ten seconds): the record of one run has to say why
    sound    no run fails plain, and none under `curfew run`
    outside  cannot be cured from outside the program; shown, and not counted
The last line says how many cases are as they must be; the status is 0 if all are.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))
import driver  # noqa: E402
import machine  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "command"))
import capabilities  # noqa: E402

# What differs from "clean" without options.
EXPECTED = {
    "app_node_fifo": "outside",  # it joins its pool before it calls exit
    "c05_static_dtor_join_forever": "limit",
    "c06_dlclose_join_deadlock": "outside",  # not at exit
    "c15_async_future": "limit",
    "c20_static_jthread_ignores_stop": "limit",
    "libuv_exit_hang": "limit",
    "mosquitto_lost": "outside",  # its thread never ends by itself: the program has to stop it
    "pybind11_gil": "outside",  # the interpreter ends before the exit begins
    "zmq_daemon_recv_hang": "limit",
    "zmq_static_ctx_hang": "limit",
}
SOUND = ("app_numpy_daemon", "c17_dlopen_getaddrinfo_daemon", "c18_malloc_daemon", "c23_stdin_reader",
         "cpprest_global_client", "glog_detached", "grpc_global_channel", "k01_static_jthread_drain",
         "k02_spdlog_async_drain", "k03_atexit_join", "poco_async_lost", "tbb_detached")
if capabilities.exit_waits_for_every_stream():
    SOUND = tuple(name for name in SOUND if name != "c23_stdin_reader")
# What the counting script takes for a failure and is none: lines between main's last and the freeze.
LEGAL = {"c14_cout_after_end": "late"}
OPTIONS = {"c19_lost_work": ["--wait-detached"]}
PLAIN_SECONDS = 5
CURFEW_SECONDS = 40  # the limit of ten seconds, on a busy machine
KINDS = ("crash", "hang", "badrc", "lost", "late", "bad")


def run_case(folder, runs, prefix, seconds):
    """The results of run.sh, one for each program of the case."""
    done = subprocess.run(["./run.sh", str(runs)], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env={**os.environ, "PREFIX": prefix, "T": str(seconds)}, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if not found:
        print(f"{folder.name}: run.sh gave no result: {done.stderr.strip()[-300:]}", file=sys.stderr)
    return {result["tag"].partition("/")[2]: result for result in found}


def reasons(folder, command):
    """What the records of one run say about why it was ended."""
    with tempfile.TemporaryDirectory() as scratch:
        record = Path(scratch) / "record"
        run_case(folder, 1, f"{command} --json {record} --", CURFEW_SECONDS)
        lines = record.read_text().splitlines() if record.exists() else []
    return [r["why"] for r in map(json.loads, lines) if "why" in r]


def short(result):
    if not result:
        return "-"
    parts = [f"{k} {result[k]}" for k in KINDS if result[k]]
    return f"{100 * result['fail_rate']:.1f} %" + (f" ({', '.join(parts)})" if parts else "")


def main():
    parser = driver.parser(__doc__)
    parser.add_argument("--cases", type=Path, default=Path(__file__).resolve().parents[1] / "corpus")
    parser.add_argument("--curfew", required=True, type=Path)
    parser.add_argument("-n", type=int, default=100)
    parser.add_argument("--limit-runs", type=int, default=3, help="runs of cases that end by the limit, or are not to be cured")
    parser.add_argument("--work", type=Path, help="where to build; kept. Default: a temporary folder")
    parser.add_argument("--no-plain", action="store_true")
    parser.add_argument("case", nargs="*")
    args = parser.parse_args()

    work = args.work or Path(tempfile.mkdtemp(prefix="curfew_corpus."))
    if not (work / "_tools").exists():
        shutil.copytree(args.cases, work, dirs_exist_ok=True)
    command = f"{args.curfew.resolve()} run"
    names = args.case or sorted(p.parent.name for p in args.cases.glob("*/run.sh"))
    rows, good, counted = [], 0, 0
    header = machine.header()
    for name in names:
        folder = work / name
        if (folder / "build.sh").exists() and not (folder / "prog").exists():
            built = subprocess.run(["./build.sh"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True, check=False)
            if built.returncode != 0:
                print(f"{name}: left out, it does not build: {built.stdout.strip().splitlines()[:1]}", flush=True)
                continue
        must = "sound" if name in SOUND else EXPECTED.get(name, "clean")
        runs = args.n if must in ("clean", "sound") else args.limit_runs
        options = "".join(" " + o for o in OPTIONS.get(name, []))
        plain = {} if args.no_plain else run_case(folder, runs, "", PLAIN_SECONDS)
        under = run_case(folder, runs, f"{command}{options} --", CURFEW_SECONDS)
        why = reasons(folder, command + options) if must in ("limit", "outside") else []
        for program in under or plain:
            result = under.get(program)
            right = result is not None and result["failed"] == result.get(LEGAL.get(name), 0)
            if must == "sound" and plain.get(program):
                right = right and plain[program]["failed"] == 0
            if must == "limit":
                right = right and bool(why)
            if must != "outside":
                counted += 1
                good += right
            rows.append({"case": name, "program": program, "must": must, "options": options.strip(), "runs": runs,
                         "plain": plain.get(program), "curfew": result, "why": why, "right": right})
            mark = "" if right or must == "outside" else "  <<<"
            print(f"{name + '/' + program:42} {must:8} plain {short(plain.get(program)):28} "
                  f"curfew {short(result):28} median {result['t_med_ms'] if result else 0:.0f} ms{mark}", flush=True)
            for reason in why[:1]:
                print(f"    {reason}", flush=True)
    lines = ["Runs that failed, plain beside `curfew run`. What must come of it: `clean`, no run fails; `limit`, the "
             "exit ends by the limit and says why; `sound`, no run fails either way; `outside`, cannot be cured from "
             "outside the program.", "",
             "| case | runs | plain fails | under `curfew run` fails | must be |", "|---|---|---|---|---|"]
    lines += [f"| {r['case']}/{r['program']} | {r['runs']} | {short(r['plain'])} | {short(r['curfew'])} | {r['must']} |"
              for r in rows]
    lines += ["", f"{good} of {counted} programs as they must be."]
    driver.write(args, header, {"rows": rows}, "Exit faults under `curfew run`", lines, indent=1)
    if not args.work:
        shutil.rmtree(work, ignore_errors=True)
    print(f"{good} of {counted} programs as they must be")
    sys.exit(0 if good == counted and counted else 1)


if __name__ == "__main__":
    main()
