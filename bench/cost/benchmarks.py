# SPDX-License-Identifier: Apache-2.0
"""Google Benchmark programs, run in short rounds that take turns: what disturbs one, disturbs all."""
import json
import os
import subprocess

UNIT = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}


def run_rounds(programs, rounds, min_time, progress, one_core=False):
    """{(program's name, benchmark): {"real_time": [nanoseconds, one for each round], "cpu_time": […]}}"""
    core = min(os.sched_getaffinity(0))
    times = {}
    for i in range(rounds):
        for program in programs:
            progress(f"{program.name}{', one core' if one_core else ''}, round {i + 1} of {rounds}")
            done = subprocess.run([program, "--benchmark_format=json", f"--benchmark_min_time={min_time}",
                                   "--benchmark_enable_random_interleaving=true"],
                                  preexec_fn=(lambda: os.sched_setaffinity(0, {core})) if one_core else None,
                                  capture_output=True, text=True, timeout=600, check=True)
            for entry in json.loads(done.stdout)["benchmarks"]:
                if entry.get("error_occurred"):
                    raise RuntimeError(f"{program.name}: {entry['name']}: {entry.get('error_message')}")
                name = entry["name"].removesuffix("/real_time").removesuffix("/process_time")
                for clock in ("real_time", "cpu_time"):
                    sample = entry[clock] * UNIT[entry["time_unit"]]
                    times.setdefault((program.name, name), {}).setdefault(clock, []).append(sample)
    return times
