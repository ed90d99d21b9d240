#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""pictures.py CURFEW CXX: makes docs/site/pictures/ anew: the page of `curfew check --html` and that of a timeline, as Chromium
shows them at a width of 900 pixels."""
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURES = Path(__file__).resolve().parent / "pictures"
curfew, cxx = sys.argv[1:]
# A detached thread, and statics whose destructors take a while.
SLOW = """
#include <chrono>
#include <cstdio>
#include <thread>
using namespace std::chrono_literals;
struct cache { ~cache() { std::this_thread::sleep_for(30ms); } };
struct journal { ~journal() { std::this_thread::sleep_for(15ms); std::puts("journal: written"); } };
static cache pages;
static journal entries;
int main() {
  for (int i = 0; i < 3; ++i) std::thread([] { for (;;) std::this_thread::sleep_for(1ms); }).detach();
  std::this_thread::sleep_for(10ms);
}
"""


def show(page, name, height, folder):
    PICTURES.mkdir(exist_ok=True)
    subprocess.run(["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/profile",
                    f"--window-size=900,{height}", "--virtual-time-budget=3000", f"--screenshot={PICTURES / name}", page.as_uri()],
                   check=True, timeout=120, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


with tempfile.TemporaryDirectory() as at:
    folder = Path(at)
    flags = ["-std=c++20", "-g", "-O1", "-pthread"]
    faulty, slow = folder / "first_detached", folder / "slow"
    subprocess.run([cxx, *flags, f"-ffile-prefix-map={ROOT}/=", ROOT / "examples/first/detached.cpp", "-o", faulty], check=True)
    subprocess.run([cxx, *flags, "-x", "c++", "-", "-o", slow], input=SLOW, text=True, check=True)
    subprocess.run([curfew, "check", "--quiet", "--html", "report.html", "--", "./first_detached"], cwd=folder, check=False)
    subprocess.run([curfew, "run", "--timeline", "timeline.json", "--", "./slow"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([curfew, "timeline", "--html", "timeline.html", "timeline.json"], cwd=folder, check=True)
    show(folder / "report.html", "report.png", 1000, folder)
    show(folder / "timeline.html", "timeline.png", 520, folder)
