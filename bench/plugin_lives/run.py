#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does anything grow when a host loads, uses and unloads a plugin with threads, a pool and timers again and again?

    run.py --build BUILD [--lives 1000] [--markdown FILE] [--json FILE]

BUILD is a build with the targets plugin_lives, example_hosted_plugin and example_own_plugin: one plugin uses the host's
curfew, and is unmapped after each life; the other has a curfew of its own inside, and stays mapped.
"""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench" / "common")]
import driver
import machine


def lives(options, plugin):
    found = sorted(options.build.glob(f"examples/plugin_host/*example_{plugin}_plugin.so"))
    if not found:
        sys.exit(f"{options.build} has no example_{plugin}_plugin: ninja example_{plugin}_plugin plugin_lives")
    done = subprocess.run([options.build / "tests/hosts/plugin_lives", found[0], str(options.lives)], capture_output=True,
                          text=True, timeout=3600)
    names, *rows = done.stdout.splitlines()
    return {"rows": [dict(zip(names.split(), map(int, row.split()))) for row in rows], "status": done.returncode,
            "failed_checks": done.stderr.splitlines()}


def main():
    made = driver.parser(__doc__)
    made.add_argument("--build", required=True, type=lambda path: pathlib.Path(path).resolve())
    made.add_argument("--lives", type=int, default=1000)
    options = made.parse_args()
    header = machine.header()
    results = {plugin: lives(options, plugin) for plugin in ("hosted", "own")}
    lines = ["In each life the plugin starts a regular thread, a daemon, a pool of two workers with four tasks, a periodic timer and a task "
             "on a thread of `curfew::recycle`; the host ends them with `curfew::end_library` while all are at work, and closes the "
             "library.", ""]
    for plugin, title in (("hosted", "A plugin that uses the host's curfew"), ("own", "A plugin with a curfew of its own inside")):
        result = results[plugin]
        lines += [f"## {title}", "", "| life | threads | descriptors | modules | mappings | heap in use, kB | resident, kB |",
                  "|---|---|---|---|---|---|---|"]
        lines += [f"| {r['life']} | {r['threads']} | {r['descriptors']} | {r['modules']} | {r['mappings']} | {r['heap_kb']} | "
                  f"{r['resident_kb']} |" for r in result["rows"]]
        lines += ["", "Every check passed." if result["status"] == 0 and not result["failed_checks"]
                  else f"Status {result['status']}: " + "; ".join(result["failed_checks"]), ""]
    print("\n".join(lines))
    driver.write(options, header, results, "Plugins that come and go", lines)
    return 0 if all(r["status"] == 0 and not r["failed_checks"] for r in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
