#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Language runtimes with threads that are at work when the program ends, plain and under `curfew run`.

    run.py --curfew BINARY [--runs N] [--json FILE] [--markdown FILE] [RUNTIME...]

Each runtime runs a small program of its own language: it starts threads that allocate or wait without end, prints a line,
and exits with status 7 (or 0, where the runtime cannot). Right is the program's own output and status, in every run, and
an end no more than 50 ms later than plain (the difference of the medians). A runtime whose Debian package is missing is
left out, and that is printed.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))
import driver  # noqa: E402
import machine  # noqa: E402

MOST_LATE = 0.05

# name: (tool that is needed, file, source, commands that build it, command, status)
RUNTIMES = {
    "guile": ("guile", "p.scm", """(use-modules (ice-9 threads))
(for-each (lambda (i) (call-with-new-thread (lambda () (let loop ((l '())) (loop (if (> (length l) 500) '() (cons (make-vector 10 i) l)))))))
          '(1 2 3))
(usleep 50000) (display "main ends\\n") (force-output) (exit 7)
""", [], ["guile", "--no-auto-compile", "p.scm"], 7),
    "racket": ("racket", "p.rkt", """#lang racket/base
(for ([i 3]) (thread (lambda () (let loop () (make-vector 100 i) (loop)))))
(sleep 0.05) (displayln "main ends") (exit 7)
""", [], ["racket", "p.rkt"], 7),
    "chez": ("chezscheme", "p.ss", """(for-each (lambda (i) (fork-thread (lambda () (let loop () (make-vector 100 i) (loop))))) '(1 2 3))
(sleep (make-time 'time-duration 50000000 0)) (display "main ends\\n") (exit 7)
""", [], ["chezscheme", "--script", "p.ss"], 7),
    "erlang": ("erl", "p.txt", "", [], ["erl", "-noshell", "-eval",
               'F = fun G(L) -> G(lists:seq(1, 100)) end, [spawn(fun() -> F([]) end) || _ <- [1,2,3]], timer:sleep(50), '
               'io:format("main ends~n"), halt(7).'], 7),
    "ocaml": ("ocaml", "p.ml", """#directory "+threads";;
#load "unix.cma";;
#load "threads.cma";;
let () =
  for i = 1 to 3 do ignore (Thread.create (fun () -> while true do ignore (Sys.opaque_identity (Array.make 100 i)) done) ()) done;
  Thread.delay 0.05; print_endline "main ends"; Unix._exit 7
""", [], ["ocaml", "p.ml"], 7),
    "perl": ("perl", "p.pl", """use threads;
threads->create(sub { while (1) { my @a = (1) x 100; } })->detach for 1..3;
select(undef, undef, undef, 0.05); print "main ends\\n"; exit 7;
""", [], ["perl", "p.pl"], 7),
    "tcl": ("tclsh", "p.tcl", """package require Thread
for {set i 0} {$i < 3} {incr i} {thread::create {while 1 {set l [lrepeat 100 x]}}}
after 50; puts "main ends"; exit 7
""", [], ["tclsh", "p.tcl"], 7),
    "swi_prolog": ("swipl", "p.pl", """work :- length(L, 100), L = [_|_], work.
main :- forall(member(_, [1,2,3]), thread_create((repeat, length(L, 100), L = [], !), _, [detached(true)])),
        sleep(0.05), writeln('main ends'), halt(7).
:- initialization(main).
""", [], ["swipl", "p.pl"], 7),
    "ecl": ("ecl", "p.lisp", """(dotimes (i 3) (mp:process-run-function 'worker (lambda () (loop (make-array 100)))))
(sleep 0.05) (format t "main ends~%") (finish-output) (ext:quit 7)
""", [], ["ecl", "--shell", "p.lisp"], 7),
    "gdc": ("gdc", "p.d", """import core.thread, core.stdc.stdlib, std.stdio;
void work() { for (;;) { auto a = new int[100]; } }
int main() {
  foreach (i; 0 .. 3) { auto t = new Thread(&work); t.isDaemon = true; t.start(); }
  Thread.sleep(dur!"msecs"(50)); writeln("main ends"); stdout.flush(); exit(7); return 0;
}
""", [["gdc", "p.d", "-o", "p"]], ["./p"], 7),
    "gnat": ("gnatmake", "p.adb", """with Ada.Text_IO; with GNAT.OS_Lib;
procedure P is
   task type Worker; task body Worker is begin loop delay 0.001; end loop; end Worker;
   W : array (1 .. 3) of Worker;
begin
   delay 0.05; Ada.Text_IO.Put_Line ("main ends"); GNAT.OS_Lib.OS_Exit (7);
end P;
""", [["gnatmake", "-q", "p.adb"]], ["./p"], 7),
    "mono": ("mono", "p.cs", """using System; using System.Threading;
class P { static int Main() {
  for (int i = 0; i < 3; i++) { var t = new Thread(() => { for (;;) { var a = new int[100]; } }); t.IsBackground = true; t.Start(); }
  Thread.Sleep(50); Console.WriteLine("main ends"); return 7; } }
""", [["mcs", "p.cs"]], ["mono", "p.exe"], 7),
    "sbcl": ("sbcl", "p.lisp", """(dotimes (i 3) (sb-thread:make-thread (lambda () (loop (make-array 100)))))
(sleep 0.05) (format t "main ends~%") (finish-output) (sb-ext:exit :code 7 :abort nil)
""", [], ["sbcl", "--script", "p.lisp"], 7),
    "pypy": ("pypy3", "p.py", """import threading, time, sys
def work():
    while True: [0] * 100
for _ in range(3): threading.Thread(target=work, daemon=True).start()
time.sleep(0.05); print("main ends"); sys.exit(7)
""", [], ["pypy3", "p.py"], 7),
    "nim": ("nim", "p.nim", """import os
proc work() {.thread.} =
  while true: discard newSeq[int](100)
var threads: array[3, Thread[void]]
for t in threads.mitems: createThread(t, work)
sleep(50)
echo "main ends"
quit(7)
""", [["nim", "c", "--threads:on", "--hints:off", "-o:p", "p.nim"]], ["./p"], 7),
    "ruby": ("ruby", "p.rb", """3.times { Thread.new { loop { Array.new(100) } } }
sleep 0.05; puts "main ends"; exit 7
""", [], ["ruby", "p.rb"], 7),
    "gccgo": ("gccgo", "p.go", """package main
import ("fmt"; "os"; "time")
var sink []int
func main() {
	for i := 0; i < 3; i++ { go func() { for { s := make([]int, 100); _ = s; time.Sleep(time.Microsecond) } }() }
	time.Sleep(50 * time.Millisecond); fmt.Println("main ends"); os.Exit(7)
}
""", [["gccgo", "p.go", "-o", "p"]], ["./p"], 7),
    "rust": ("rustc", "p.rs", """use std::{process, thread, time::Duration};
fn main() {
    for _ in 0..3 { thread::spawn(|| loop { std::hint::black_box(vec![0; 100]); }); }
    thread::sleep(Duration::from_millis(50)); println!("main ends"); process::exit(7);
}
""", [["rustc", "-O", "p.rs", "-o", "p"]], ["./p"], 7),
    "python": ("python3", "p.py", """import threading, time, sys
def work():
    while True: [0] * 100
for _ in range(3): threading.Thread(target=work, daemon=True).start()
time.sleep(0.05); print("main ends"); sys.exit(7)
""", [], ["/usr/bin/python3", "p.py"], 7),
    "libgc": ("gcc", "p.c", """#define GC_THREADS
#include <gc.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static void* work(void* n) { for (;;) GC_MALLOC(100); return n; }
int main(void) { GC_INIT(); pthread_t t; for (int i = 0; i < 3; i++) pthread_create(&t, 0, work, 0);
  usleep(50000); puts("main ends"); return 7; }
""", [["gcc", "-O2", "-pthread", "p.c", "-o", "p", "-lgc"]], ["./p"], 7),
}


def once(words, at):
    began = time.monotonic()
    try:
        done = subprocess.run(words, cwd=at, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False)
    except subprocess.TimeoutExpired:
        return "did not end", 20.0
    return (done.returncode, done.stdout.decode("utf-8", "replace").strip()), time.monotonic() - began


def measure(name, curfew, runs):
    tool, file, source, builds, command, status = RUNTIMES[name]
    if not shutil.which(tool):
        return None
    with tempfile.TemporaryDirectory() as at:
        (Path(at) / file).write_text(source)
        for build in builds:
            if subprocess.run(build, cwd=at, capture_output=True, check=False).returncode != 0:
                return None
        right = {"plain": 0, "run": 0}
        times = {"plain": [], "run": []}
        wrong = []
        for _ in range(runs):  # in turn, so that both have the same machine
            for way, prefix in (("plain", []), ("run", [curfew, "run", "--"])):
                result, taken = once([*prefix, *command], at)
                if result == (status, "main ends"):
                    right[way] += 1
                elif way == "run":
                    wrong.append(str(result)[:200])
                times[way].append(taken)
    medians = {way: statistics.median(all_of) for way, all_of in times.items()}
    return {"runs": runs, "right_plain": right["plain"], "right": right["run"],
            "plain_s": round(medians["plain"], 3), "run_s": round(medians["run"], 3),
            "later_ms": round((medians["run"] - medians["plain"]) * 1000), "wrong": sorted(set(wrong))[:3]}


def main():
    parser = driver.parser(__doc__)
    parser.add_argument("--curfew", required=True)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("runtimes", nargs="*", choices=[*RUNTIMES, []], metavar="RUNTIME")
    given = parser.parse_args()
    header = machine.header()
    results, missing = {}, []
    for name in given.runtimes or RUNTIMES:
        found = measure(name, str(Path(given.curfew).resolve()), given.runs)
        if found is None:
            missing.append(name)
            print(f"{name}: left out, its package is missing", flush=True)
            continue
        results[name] = found
        print(f"{name}: {found['right']}/{found['runs']} right (plain {found['right_plain']}), "
              f"{found['later_ms']} ms later {found['wrong'] or ''}", flush=True)
    good = [n for n, r in results.items() if r["right"] >= r["right_plain"] and r["later_ms"] <= MOST_LATE * 1000]
    print(f"{len(good)} of {len(results)} as plain")
    lines = ["Threads are at work when the program ends. Right: its own output and status. "
             f"{len(good)} of {len(results)} end as plain, no more than 50 ms later.", "",
             "| runtime | right, plain | right, `curfew run` | time, plain | later by |", "|---|---|---|---|---|"]
    lines += [f"| {n} | {r['right_plain']}/{r['runs']} | {r['right']}/{r['runs']} | {r['plain_s']:.2f} s | {r['later_ms']} ms |"
              for n, r in results.items()]
    lines += ["", f"Not installed: {', '.join(missing)}."] if missing else []
    driver.write(given, header, {"runtimes": results, "missing": missing}, "Language runtimes under `curfew run`", lines, indent=1)
    return 0 if len(good) == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
