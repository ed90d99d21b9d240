#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The cases of cases.hpp that Python's ThreadPoolExecutor has. One interpreter lock: its tasks never run together."""
import math
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait


def busy(microseconds):
    end = time.perf_counter_ns() + microseconds * 1000
    while time.perf_counter_ns() < end:
        pass


def main():
    pool = ThreadPoolExecutor(int(sys.argv[1]))

    def flood(producers, each, *task):
        def produce():
            wait([pool.submit(*task) for _ in range(each)])

        if producers == 1:
            return produce()
        threads = [threading.Thread(target=produce) for _ in range(producers)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()

    flood(1, 1000, int)
    for producers in (1, 4):
        for name, microseconds, tasks in (("empty", 0, 20000), ("1us", 1, 20000), ("10us", 10, 5000), ("100us", 100, 1000)):
            began = time.perf_counter_ns()
            flood(producers, tasks // producers, *((busy, microseconds) if microseconds else (int,)))
            print(f"{name}/{producers} {(time.perf_counter_ns() - began) / tasks:.1f}")
    items = [2.0] * 1000000
    parts = [items[i:i + 31250] for i in range(0, len(items), 31250)]
    began = time.perf_counter_ns()
    out = [root for part in pool.map(lambda part: [math.sqrt(d) for d in part], parts) for root in part]
    print(f"map {(time.perf_counter_ns() - began) / len(items):.1f}")
    assert out == [math.sqrt(2.0)] * len(items)


main()
