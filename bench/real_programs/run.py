#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Real programs, plain and under `curfew run` or `curfew check`: their output and status must be the same.

    run.py --curfew BINARY [--verb run|check] [--runs N] [--json FILE] [--markdown FILE] [PROGRAM...]

Each PROGRAM is a function below; one whose Debian package is missing is skipped, and that is printed. Servers are used
through the network on the loopback and ended as their administrators would end them. What changes from run to run
(times, process ids) is left out of the comparison. The last line says how many were equal; the status is 0 if all were.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))
import driver  # noqa: E402
import machine  # noqa: E402
from processes import PROGRAMS, Server, free_port, output, program  # noqa: E402

@program("libpython3.11-testsuite (or that of the release's own Python)", "/usr/bin/python3")
def python_test_threading(prefix, at):
    # Under its own name: the tests start the interpreter again by sys.executable.
    status, out, *_ = output([*prefix, "/usr/bin/python3", "-m", "test", "-v", "test_threading"], at, True)
    if "No module named" in out or "ModuleNotFoundError" in out:
        return None
    tests = sorted(re.findall(r"^(test\w+ \([\w.]+\)).*?\.\.\. (ok|skipped|FAIL|ERROR)", out, re.M | re.S))
    return [status, len(tests), re.findall(r"^Result: \w+|^== Tests result: \w+ ==", out, re.M)]


@program("redis-server, redis-tools", "redis-server", "redis-benchmark", "redis-cli")
def redis(prefix, at):
    port = str(free_port())
    server = Server([*prefix, "redis-server", "--port", port, "--bind", "127.0.0.1", "--io-threads", "2", "--save", "",
                     "--appendonly", "yes", "--dir", str(at)], at, int(port))
    cli = ["redis-cli", "-p", port]
    result = [output([*cli, "set", "key", "value"], at)]
    done = output([*prefix, "redis-benchmark", "-p", port, "-q", "-n", "5000", "-c", "10", "--threads", "2", "-t",
                   "set,get,lpush"], at)
    result.append([done[0], sorted(set(re.findall(r"(SET|GET|LPUSH)[^\r]*requests per second", done[1])))])
    result += [output([*cli, "get", "key"], at), output([*cli, "bgrewriteaof"], at)]
    time.sleep(1)
    result += [output([*prefix, *cli, "dbsize"], at), output([*cli, "shutdown", "nosave"], at), server.end()]
    return result


@program("nginx-light", "/usr/sbin/nginx")
def nginx(prefix, at):
    port = free_port()
    (at / "index.html").write_text("a page\n")
    (at / "nginx.conf").write_text(f"""daemon off; pid {at}/pid; error_log {at}/error.log; worker_processes 2;
        events {{}} http {{ access_log off; aio threads; client_body_temp_path {at}/a; proxy_temp_path {at}/b;
        fastcgi_temp_path {at}/c; uwsgi_temp_path {at}/d; scgi_temp_path {at}/e;
        server {{ listen 127.0.0.1:{port}; root {at}; }} }}""")
    if os.geteuid() == 0:  # its workers are somebody else
        at.chmod(0o755)
    command = ["/usr/sbin/nginx", "-c", f"{at}/nginx.conf"]
    result = [output([*prefix, *command, "-t"], at)]
    server = Server([*prefix, *command], at, port)
    pages = set()
    for _ in range(200):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/index.html", timeout=10) as page:
            pages.add((page.status, page.read()))
    result += [sorted(map(str, pages)), output([*prefix, *command, "-s", "quit"], at), server.end()]
    return result


@program("memcached", "memcached")
def memcached(prefix, at):
    port = free_port()
    server = Server([*prefix, "memcached", "-l", "127.0.0.1", "-p", str(port), "-t", "4", "-u", "nobody"], at, port)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as s:
        with s.makefile("rwb") as f:
            for i in range(500):
                f.write(b"set key%d 0 0 5\r\nvalue\r\n" % i)
            f.write(b"get key7\r\n")
            f.flush()
            lines = [f.readline() for _ in range(503)]
    return [str(sorted(set(lines))), server.end(signal.SIGINT)]


@program("nodejs", "node")
def node(prefix, at):
    (at / "main.js").write_text("""
        const { Worker, isMainThread, parentPort } = require('worker_threads');
        const crypto = require('crypto'), fs = require('fs'), { execFileSync } = require('child_process');
        if (!isMainThread) { parentPort.postMessage(crypto.createHash('sha1').update('w').digest('hex')); }
        else {
          let left = 8;
          const done = (line) => { console.log(line); if (--left === 0) {
            console.log(execFileSync('/bin/echo', ['child']).toString().trim()); process.exitCode = 3; } };
          for (let i = 0; i < 4; i++) new Worker(__filename).on('message', done);
          for (let i = 0; i < 4; i++)
            crypto.pbkdf2('p', 's', 1000, 16, 'sha1', (e, k) => done(k.toString('hex')));
          setInterval(() => fs.stat('/', () => {}), 1).unref();
        }""")
    status, out, *errors = output([*prefix, "node", "main.js"], at)
    return [status, sorted(out.splitlines()), output([*prefix, "node", "-e", "process.exit(4)"], at)[0]]


@program("default-jre-headless", "java")
def java_version(prefix, at):
    return output([*prefix, "java", "-version"], at, True)


@program("default-jdk-headless", "java", "javac")
def java_threads(prefix, at):
    (at / "Main.java").write_text("""
        import java.util.concurrent.*; import java.util.concurrent.atomic.*;
        public class Main { public static void main(String[] a) throws Exception {
          AtomicLong sum = new AtomicLong(); ExecutorService pool = Executors.newFixedThreadPool(8);
          for (int i = 0; i < 2000; i++) { int n = i; pool.submit(() -> { sum.addAndGet(new byte[n].length); }); }
          pool.shutdown(); pool.awaitTermination(60, TimeUnit.SECONDS); System.gc();
          Thread d = new Thread(() -> { while (true) { new StringBuilder().append(sum.get()); } });
          d.setDaemon(true); d.start(); String s = null;
          try { s.length(); } catch (NullPointerException e) { System.out.println("caught"); }
          Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook " + sum.get())));
          System.exit(5); } }""")
    output(["javac", "Main.java"], at)
    return output([*prefix, "java", "-cp", str(at), "Main"], at, True)


@program("git", "git")
def git(prefix, at):
    env = {f"GIT_{who}_{what}": text for who in ("AUTHOR", "COMMITTER")
           for what, text in (("NAME", "a"), ("EMAIL", "a@b"), ("DATE", "2020-01-01T00:00:00Z"))}
    result = [output([*prefix, "git", "init", "-q", "r"], at, True, env=env)]
    for i in range(200):
        (at / "r" / f"f{i}").write_text(f"{i}\n" * 50)
    for words in (["add", "."], ["commit", "-qm", "one"], ["log", "--stat", "--oneline"], ["gc", "-q"],
                  ["grep", "-c", "--threads=4", "7"], ["-c", "pack.threads=4", "repack", "-adfq"], ["fsck"],
                  ["status", "--short"], ["no-such-verb"], ["clone", "-q", ".", "../copy"]):
        result.append(output([*prefix, "git", "-C", "r", *words], at, True, env=env))
    return result


@program("curl", "curl")
def curl(prefix, at):
    (at / "page").write_text("text\n" * 1000)
    port = free_port()
    server = Server([sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "-d", str(at), str(port)], at, port)
    url = f"http://localhost:{port}"  # the name is looked up on a thread
    result = [output([*prefix, "curl", "-s", f"{url}/page"], at), output([*prefix, "curl", "-sf", f"{url}/none"], at)[:2],
              output([*prefix, "curl", "-s", "-Z", f"{url}/page", f"{url}/page"], at),
              output([*prefix, "curl", "-s", "http://127.0.0.1:1/"], at)[:2]]
    server.end(signal.SIGKILL)
    return result


@program("sqlite3", "sqlite3")
def sqlite3(prefix, at):
    script = "create table t(a,b); with recursive c(x) as (select 1 union all select x+1 from c where x<50000) " \
             "insert into t select x, hex(x) from c; pragma threads=4; create index i on t(b); " \
             "select count(*), sum(a), max(b) from t; select * from nothing;"
    return output([*prefix, "sqlite3", "base.db", script], at, True)


@program("cmake, g++, make", "cmake", "g++", "make")
def cmake_build(prefix, at):
    (at / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.20)\nproject(p CXX)\nadd_executable(p a.cpp b.cpp)\n")
    (at / "a.cpp").write_text("int f(); int main() { return f(); }\n")
    (at / "b.cpp").write_text("int f() { return 6; }\n")
    children = [*prefix[:-1], "--children", "--"] if prefix else []
    result = [output([*prefix, "cmake", "-G", "Unix Makefiles", "-S", ".", "-B", "b1"], at)[0],
              output([*prefix, "cmake", "--build", "b1", "-j2"], at)[0], output(["b1/p"], at)[0],
              output([*children, "cmake", "-G", "Unix Makefiles", "-S", ".", "-B", "b2"], at)[0],
              output([*children, "cmake", "--build", "b2", "-j2"], at)[0], output(["b2/p"], at)[0]]
    return result


@program("gdb", "gdb")
def gdb(prefix, at):
    status, out, *_ = output([*prefix, "gdb", "-nx", "-q", "-batch", "-ex", "print 6*7", "-ex", "run",
                              "--args", "/usr/bin/printf", "%s\n", "said"], at, True)
    return [status, [re.sub(r"process \d+", "process", line) for line in out.splitlines() if re.search("42|said|exited", line)]]


@program("ffmpeg", "ffmpeg")
def ffmpeg(prefix, at):
    return output([*prefix, "ffmpeg", "-v", "error", "-threads", "4", "-f", "lavfi", "-i",
                   "testsrc=duration=2:size=320x240:rate=25", "-c:v", "mpeg4", "-threads", "4", "-f", "md5", "-"], at)


@program("imagemagick", "/usr/bin/convert")
def convert(prefix, at):
    return output([*prefix, "/usr/bin/convert", "-size", "300x300", "gradient:red-blue", "-blur", "0x3", "-resize",
                   "100x100", "-depth", "8", "ppm:-"], at, True)[:2]


@program("python3", "/usr/bin/python3")
def python_threads(prefix, at):
    (at / "main.py").write_text("""
import threading, subprocess, multiprocessing, concurrent.futures as cf, time, atexit, sys
def square(x): return x * x
if __name__ == "__main__":
    threading.Thread(target=lambda: [time.sleep(0.0001) for _ in iter(int, 1)], daemon=True).start()
    with cf.ThreadPoolExecutor(8) as pool: print(sum(pool.map(square, range(1000))))
    with multiprocessing.Pool(2) as pool: print(sum(pool.map(square, range(100))))
    print(subprocess.run(["/bin/echo", "child"], capture_output=True).stdout)
    threading.Thread(target=lambda: (time.sleep(0.05), print("regular"))).start()
    atexit.register(print, "atexit")
    sys.exit(7)
""")
    return output([*prefix, "/usr/bin/python3", "main.py"], at, True)


@program("coreutils, bash", "bash", "sort")
def shell(prefix, at):
    script = "trap 'echo trapped' TERM; kill -TERM $$; seq 50000 | sort -R --random-source=/bin/ls --parallel=4 | md5sum; " \
             "env | sort; ulimit -n; ls /proc/self/fd | wc -l; (exit 9)"
    result = output([*prefix, "bash", "-c", script], at, True, env={"LD_PRELOAD": "", "_": "x"})
    return [result[0], [line for line in result[1].splitlines() if not line.startswith("_=")], result[2]]


@program("xz-utils, zstd", "xz")
def compressors(prefix, at):
    (at / "data").write_bytes(bytes(range(256)) * 20000)
    result = [output([*prefix, "xz", "-T4", "--block-size=500KiB", "-k", "data"], at), output(["md5sum", "data.xz"], at)]
    if shutil.which("zstd"):
        result += [output([*prefix, "zstd", "-q", "-T4", "data"], at), output(["md5sum", "data.zst"], at)]
    return result


@program("perl", "perl")
def perl(prefix, at):
    return output([*prefix, "perl", "-Mthreads", "-e", "my @t=map{my $n=$_; threads->create(sub{$n*$n})}1..8; "
                   "print join(',',map{$_->join}@t),qq(\\n); $SIG{ALRM}=sub{exit 8}; alarm 1; sleep 5"], at, True)


def main():
    parser = driver.parser(__doc__)
    parser.add_argument("--curfew", required=True, type=Path)
    parser.add_argument("--verb", choices=["run", "check"], default="run")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("program", nargs="*", choices=[[], *PROGRAMS])
    args = parser.parse_args()
    header = machine.header()
    curfew = str(args.curfew.resolve())
    # What check finds is not what is compared here.
    under = [curfew, "run", "--"] if args.verb == "run" else [curfew, "check", "--quiet", "--fail-on", "none", "--"]
    equal = different = skipped = 0
    rows = []
    for name in args.program or PROGRAMS:
        function, package, needs = PROGRAMS[name]
        missing = [n for n in needs if shutil.which(n) is None]
        results = []
        for prefix in [] if missing else [[], *[under] * args.runs]:
            with tempfile.TemporaryDirectory(prefix="curfew_real.") as at:
                try:
                    results.append(json.loads(json.dumps(function(prefix, Path(at))).replace(at, "AT")))
                except (RuntimeError, OSError, subprocess.TimeoutExpired) as e:
                    results.append(["failed", str(e)])
        if missing or results[0] is None:
            skipped += 1
            outcome = f"skipped: needs {package}"
        elif results[0][0] == "failed":
            skipped += 1
            outcome = f"skipped: does not run plain: {results[0][1]}"
        elif all(r == results[0] for r in results):
            equal += 1
            outcome = "equal"
        else:
            different += 1
            outcome = "DIFFERENT"
        print(f"{name:24} {outcome}", flush=True)
        if outcome == "DIFFERENT":
            print(f"    plain  {str(results[0])[:1500]}\n    curfew {str(next(r for r in results if r != results[0]))[:1500]}")
        rows.append({"program": name, "outcome": outcome, "runs": args.runs})
    lines = [f"Output and status of each, plain once and under the command {args.runs} times.", "",
             "| program | beside a plain run |", "|---|---|"]
    lines += [f"| {row['program']} | {row['outcome']} |" for row in rows]
    driver.write(args, header, {"rows": rows}, f"Real programs under `curfew {args.verb}`", lines, indent=1)
    print(f"{equal} equal, {different} different, {skipped} skipped")
    sys.exit(1 if different or not equal else 0)


if __name__ == "__main__":
    main()
