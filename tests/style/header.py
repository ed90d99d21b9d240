#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""header.py HEADER COMPILER [FLAGS...]: a public header compiles alone, and costs its users no more than it may.

The cost is what the preprocessor leaves of it, in lines that are not empty; budgets are those of
libstdc++ 12 (where <thread> costs 34,600), with a tenth to spare. <curfew/thread.hpp> costs no more than 1.1 times what
<thread>, <stop_token> and <chrono> cost together (38,600).
"""
import subprocess
import sys

# `header.py HEADER g++ -std=c++20 -I include` says what a header costs.
BUDGETS = {
    "curfew/adopt.hpp": 43200,
    "curfew/curfew.hpp": 58500,
    "curfew/detail/abi.hpp": 100,
    "curfew/detail/call.hpp": 6900,
    "curfew/detail/counted_mutex.hpp": 25500,
    "curfew/detail/fork_join.hpp": 26600,
    "curfew/detail/function.hpp": 4700,
    "curfew/detail/invoke.hpp": 38100,
    "curfew/detail/parking.hpp": 40500,
    "curfew/detail/shared_ptr.hpp": 33700,
    "curfew/detail/task.hpp": 7300,
    "curfew/detail/task_count.hpp": 25500,
    "curfew/detail/task_result.hpp": 52000,
    "curfew/detail/timeout.hpp": 34500,
    "curfew/daemonize.hpp": 16200,
    "curfew/dump.hpp": 34500,
    "curfew/error.hpp": 21800,
    "curfew/exception_hook.hpp": 36400,
    "curfew/exit.hpp": 41500,
    "curfew/exit_guard.hpp": 100,
    "curfew/forward.hpp": 100,
    "curfew/hook_phases.hpp": 41500,
    "curfew/library.hpp": 39900,
    "curfew/metrics.hpp": 25000,
    "curfew/pool.hpp": 54300,
    "curfew/pool/asio.hpp": 82200,
    "curfew/pool/future.hpp": 52100,
    "curfew/pool/recycle.hpp": 54300,
    "curfew/pool/thread_pool.hpp": 54300,
    "curfew/registry.hpp": 39900,
    "curfew/service.hpp": 40300,
    "curfew/service/listener.hpp": 39000,
    "curfew/service/notifier.hpp": 35900,
    "curfew/service/readiness.hpp": 26500,
    "curfew/service/watched_thread.hpp": 38400,
    "curfew/restart.hpp": 21800,
    "curfew/source.hpp": 100,
    "curfew/sync.hpp": 51400,
    "curfew/sync/barrier.hpp": 43900,
    "curfew/sync/blocking_queue.hpp": 46000,
    "curfew/sync/condition.hpp": 40600,
    "curfew/sync/event.hpp": 40500,
    "curfew/sync/input.hpp": 41800,
    "curfew/sync/semaphore.hpp": 40600,
    "curfew/sync/timer.hpp": 47700,
    "curfew/testing/catch2.hpp": 86500,
    "curfew/testing/doctest.hpp": 41000,
    "curfew/testing/gtest.hpp": 81500,
    "curfew/testing/threads_left.hpp": 38500,
    "curfew/thread.hpp": 42400,
    "curfew/thread_info.hpp": 35900,
    "curfew/version.hpp": 100,
}

header, compiler, *flags = sys.argv[1:]
command = [compiler, *flags, "-x", "c++", "-"]
source = f"#include <{header}>\n#include <{header}>\n"

alone = subprocess.run([*command, "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror"], input=source, text=True)
if alone.returncode != 0:
    sys.exit(f"{header} does not compile alone")

# Without C++20 one line says so, and nothing else does: the compiler stops there.
older = [flag for flag in command if not flag.startswith("-std=")] + ["-std=c++17", "-fsyntax-only"]
said = subprocess.run(older, input=f"#include <{header}>\n", stderr=subprocess.PIPE, text=True)
errors = [line for line in said.stderr.splitlines() if "error:" in line]
if said.returncode == 0 or "curfew needs C++20" not in errors[0] or len(errors) > 2:
    sys.exit(f"{header}: with -std=c++17 it says {errors}")

preprocessed = subprocess.run([*command, "-E", "-P"], input=source, stdout=subprocess.PIPE, text=True, check=True).stdout
lines = sum(1 for line in preprocessed.splitlines() if line.strip())
macros = subprocess.run([*command, "-E", "-dM"], input="#include <version>\n", stdout=subprocess.PIPE, text=True, check=True).stdout
if "#define _GLIBCXX_RELEASE 12" not in macros:
    print(f"{header}: compiles alone; {lines} lines (the budget is for libstdc++ 12)")
    sys.exit(0)
if header not in BUDGETS:
    sys.exit(f"{header}: {lines} lines, and no budget in tests/style/header.py")
print(f"{header}: {lines} lines of {BUDGETS[header]}")
sys.exit(lines > BUDGETS[header])
