# SPDX-License-Identifier: Apache-2.0
"""Runtimes of languages, whose own threads, and daemon threads of the program, are there at the exit by design."""
from processes import output, program


def script(prefix, at, name, text, *words):
    """Runs a file of the runtime's language."""
    (at / name).write_text(text)
    return output([*prefix, *words, name], at, True)


@program("python3", "/usr/bin/python3")
def python_daemon_threads(prefix, at):
    return script(prefix, at, "main.py", """
import threading, time, atexit, sys, concurrent.futures as cf
for _ in range(4): threading.Thread(target=lambda: [time.sleep(0.001) for _ in iter(int, 1)], daemon=True).start()
threading.Thread(target=threading.Event().wait, daemon=True).start()
with cf.ThreadPoolExecutor(8) as pool: print(sum(pool.map(lambda x: x * x, range(1000))))
atexit.register(print, "atexit")
sys.exit(7)
""", "/usr/bin/python3")


@program("python3-numpy, libopenblas0-pthread", "/usr/bin/python3")
def python_numpy(prefix, at):
    return script(prefix, at, "main.py", """
import numpy as np
a = np.arange(250000.0).reshape(500, 500)
print(float((a @ a).trace()))
""", "/usr/bin/python3")


@program("pypy3", "pypy3")
def pypy(prefix, at):
    return script(prefix, at, "main.py", """
import threading, time, sys
for _ in range(3): threading.Thread(target=lambda: [time.sleep(0.001) for _ in iter(int, 1)], daemon=True).start()
print(sum(range(1000)))
sys.exit(7)
""", "pypy3")


@program("nodejs", "node")
def node(prefix, at):
    return script(prefix, at, "main.js", """
const { Worker, isMainThread, parentPort } = require('worker_threads');
const crypto = require('crypto'), fs = require('fs');
if (!isMainThread) { parentPort.postMessage(7); setInterval(() => {}, 10); }
else {
  let left = 4;
  const done = () => { if (--left === 0) { console.log('done'); process.exit(3); } };
  for (let i = 0; i < 2; i++) new Worker(__filename).on('message', done);
  for (let i = 0; i < 2; i++) crypto.pbkdf2('p', 's', 1000, 16, 'sha1', done);
}
""", "node")


@program("default-jdk-headless", "java")
def java(prefix, at):
    return script(prefix, at, "Main.java", """
public class Main { public static void main(String[] a) throws Exception {
  for (int i = 0; i < 3; i++) { Thread d = new Thread(() -> { while (true) { new StringBuilder().append(7); } }); d.setDaemon(true); d.start(); }
  Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
  System.out.println("main"); System.exit(5); } }
""", "java")


@program("guile-3.0", "guile")
def guile(prefix, at):
    return script(prefix, at, "p.scm", """(use-modules (ice-9 threads))
(for-each (lambda (i) (call-with-new-thread (lambda () (let loop () (usleep 1000) (loop))))) '(1 2 3))
(usleep 20000) (display "main ends\\n") (force-output) (exit 7)
""", "guile", "--no-auto-compile")


@program("racket", "racket")
def racket(prefix, at):
    return script(prefix, at, "p.rkt", """#lang racket/base
(require racket/future)
(define fs (for/list ([i 3]) (future (lambda () (for/sum ([j 100000]) j)))))
(displayln (map touch fs))
(for ([i 3]) (thread (lambda () (let loop () (sleep 0.001) (loop)))))
(exit 7)
""", "racket")


@program("sbcl", "sbcl")
def sbcl(prefix, at):
    return script(prefix, at, "p.lisp", """(dotimes (i 3) (sb-thread:make-thread (lambda () (loop (sleep 0.001)))))
(sleep 0.02) (format t "main ends~%") (finish-output) (sb-ext:exit :code 7 :timeout 5)
""", "sbcl", "--script")


@program("ruby", "ruby")
def ruby(prefix, at):
    return script(prefix, at, "p.rb", """3.times { Thread.new { loop { sleep 0.001 } } }
r = Ractor.new { (1..1000).sum } if defined?(Ractor)
at_exit { puts "at_exit" }
sleep 0.02; puts "main ends"; exit 7
""", "ruby", "-W0")


@program("erlang-base", "erl")
def erlang(prefix, at):
    # A script starts the machine.
    children = [*prefix[:-1], "--children", "--"] if prefix else []
    return output([*children, "erl", "-noshell", "-eval",
                   '[spawn(fun F() -> timer:sleep(1), F() end) || _ <- lists:seq(1, 10)], io:format("main ends~n"), halt(7).'], at, True)


@program("ocaml", "ocaml")
def ocaml(prefix, at):
    return script(prefix, at, "p.ml", """#directory "+threads";;
#load "unix.cma";;
#load "threads.cma";;
let () =
  for _ = 1 to 3 do ignore (Thread.create (fun () -> while true do Thread.delay 0.001 done) ()) done;
  Thread.delay 0.02; print_endline "main ends"; exit 7
""", "ocaml")


@program("mono-mcs, mono-runtime", "mono", "mcs")
def mono(prefix, at):
    (at / "p.cs").write_text("""using System; using System.Threading; using System.Threading.Tasks;
class P { static int Main() {
  for (int i = 0; i < 3; i++) { var t = new Thread(() => { for (;;) Thread.Sleep(1); }); t.IsBackground = true; t.Start(); }
  Console.WriteLine(Task.Run(() => 6 * 7).Result); return 7; } }
""")
    output(["mcs", "p.cs"], at)
    return output([*prefix, "mono", "p.exe"], at, True)


@program("tcl, tcl-thread", "tclsh")
def tcl(prefix, at):
    return script(prefix, at, "p.tcl", """package require Thread
for {set i 0} {$i < 3} {incr i} {thread::create {thread::wait}}
after 20; puts "main ends"; exit 7
""", "tclsh")


@program("perl", "perl")
def perl(prefix, at):
    return script(prefix, at, "p.pl", """use threads;
my @t = map { my $n = $_; threads->create(sub { $n * $n }) } 1..8;
print join(',', map { $_->join } @t), "\\n"; exit 8;
""", "perl")


@program("swi-prolog-nox", "swipl")
def swi_prolog(prefix, at):
    return script(prefix, at, "p.pl", """main :- forall(member(_, [1,2,3]), thread_create((repeat, sleep(0.001), fail), _, [detached(true)])),
        sleep(0.02), writeln('main ends'), halt(7).
:- initialization(main).
""", "swipl")


@program("ecl", "ecl")
def ecl(prefix, at):
    return script(prefix, at, "p.lisp", """(dotimes (i 3) (mp:process-run-function 'worker (lambda () (loop (sleep 0.001)))))
(sleep 0.02) (format t "main ends~%") (finish-output) (ext:quit 7)
""", "ecl", "--shell")
