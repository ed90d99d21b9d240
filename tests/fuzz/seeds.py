#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""seeds.py [CXX]: writes the inputs from which the fuzzers begin to corpus/. What fuzzing has added there stays. The record is
that of tests/command/record/ with the highest version; the programs are compiled, with debug information."""
import lzma
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CORPUS = HERE / "corpus"
cxx = sys.argv[1] if len(sys.argv) > 1 else "g++"

MAPS = """\
00400000-00452000 r-xp 00000000 08:02 173521 /usr/bin/dbus-daemon
00651000-00652000 r--p 00051000 08:02 173521 /usr/bin/dbus daemon with blanks
7f0000000000-7f0000002000 r--p 00000000 08:01 2 /golden/libplugin.so
7f0000002000-7f0000003000 r-xp 00002000 08:01 2 /golden/libplugin.so (deleted)
7ffc0000-7ffd0000 rw-s 00000000 00:00 0 [stack]
ffffffffff600000-ffffffffff601000 r-xp 00000000 00:00 0 [vsyscall]
"""
STATUS = "Name:\tworker\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t12\nNSpid:\t12\t1\nSigPnd:\t0000000000000100\n" \
    "SigBlk:\tfffffffe7ffbfeff\nvoluntary_ctxt_switches:\t150\nnonvoluntary_ctxt_switches:\t545\n"
STAT = "12 (a ) name) S 1 12 12 0 -1 1077936384 112 0 0 0 3 1 0 0 20 0 1 0 4711 8192 200 18446744073709551615\n"
CALL = "202 0x7f0000001000 0x189 0x0 0x0 0x0 0xffffffff 0x7ffd00001000 0x7f0000002000\n"
TCP = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n" \
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12345 1 0\n" \
    "   1: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000200007F:0016 01 0:0 0:0 0 0 0 12345 1\n"
TIMELINE = """[
{"name":"process_name","ph":"M","pid":1,"tid":1,"args":{"name":"program"}},
{"name":"thread_name","ph":"M","pid":1,"tid":2,"args":{"name":"writer","number":3}},
{"name":"wait","cat":"exit","ph":"B","pid":1,"tid":1,"ts":10.5},
{"name":"running","ph":"B","pid":1,"tid":2,"ts":11},
{"ph":"E","pid":1,"tid":2,"ts":20},
{"name":"close the queue","cat":"hook","ph":"B","pid":1,"tid":1,"ts":21},
{"ph":"E","pid":1,"tid":1,"ts":22},
{"ph":"E","pid":1,"tid":1,"ts":23},
{"name":"end","ph":"i","pid":1,"tid":1,"ts":24,"args":{"status":3,"why":"the deadline"}}
]
"""
TEXTS = {
    "exit_variable": ["grace=500ms,deadline=30s,report=-", "deadline=none,deadline_status=255,daemons=skip_destructors",
                      "foreign=wait,shield=2m,report_after=-1,destructors=9223372036854775807m", "second_signal_after=1s,,x=",
                      "report=/tmp/a=b"],
    "suppressions": ["static-used-after-destruction static=sess* thread=w?rker # why\n", "*-lost function=*run* file=run.cpp\n",
                     "\n# nothing\nexit-blocked module=[!a-z]\n", "statc-used-after-destruction\n", "* color=red\n"],
    "proc_task": [STAT, STATUS, CALL, "running\n", "3 2 1\n", "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\n", MAPS],
    "module_table": [MAPS, "7f0000000000-7f0000002000 r-xp 00000000 08:01 2 /a\n" * 3],
    "proc_of_process": [MAPS, STATUS, STAT, TCP, "pos:\t0\ntfd:        5 events:       19\ntfd: 99999999999\n",
                        "Num RefCount Protocol Flags Type St Inode Path\n0: 00000002 0 00010000 0001 01 12345 /run/socket\n"],
    "dump_lines": ["  /usr/lib/libx.so+0x12ab\n", "thread 4712 started at /bin/program+0x10, daemon\n", "  /a b+0xffffffffffffffff x\n",
                   "+0x\n"],
    "service_manager": ["/run/systemd/notify\n20000000\n4711", "@name\n1\n", "vsock:2:3\n0\n0", "/" + "x" * 200 + "\n-1\nx"],
    "timeline": [TIMELINE, TIMELINE[:-20], "[\n]\n", '[\n{"ph":"i","tid":1,"pid":1,"ts":1e300,"args":{"status":-1e99}}\n'],
    "command_line": ["run\n--report\n--deadline\n10s\n--\n./program\n-x", "check\n--json=a\n--fail-on\nnone\n--patience=5m\n./program",
                     "dump\n--json\n4711", "symbolize\n--keep-addresses\nfile", "chek", "check\n--colour\nalways\n--repeat\n0\np",
                     "--help", "run\n--json=\np", "dump\n--hlep"],
}
PROGRAM = """
extern "C" { __attribute__((visibility("hidden"))) void* __dso_handle; }
namespace app {
struct stats { int hits[4]; ~stats(); };
stats::~stats() { hits[0] = 1; }
static stats all;
thread_local int mine = 3;
inline int twice(int x) { int doubled = 2 * x; volatile int kept = doubled; return kept; }
}
extern "C" int run(int n) { int local[4] = {n, app::twice(n), app::mine, 4}; volatile int* at = local; return at[n & 3] + app::all.hits[1]; }
"""


def write(target, name, content):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def record_pieces(golden):
    """The pieces of targets/record.cpp that make the record again, as far as it is not zero."""
    hpp = (ROOT / "preload/check/record.hpp").read_text()
    thread, event = map(int, re.search(r"sizeof\(thread_record\) == (\d+) && sizeof\(event_record\) == (\d+)", hpp).groups())
    threads, events = map(int, re.search(r"max_threads = (\d+), max_events = (\d+)", hpp).groups())
    head = len(golden) - threads * thread - events * event - (8 << 20)
    head -= head % 8
    places = [(0, 0, 0, head)]
    places += [(1, i, head + i * thread, thread) for i in range(32)]
    places += [(2, i, head + threads * thread + i * event, event) for i in range(64)]
    places.append((3, 0, head + threads * thread + events * event, 1024))
    out = b""
    for part, index, begin, size in places:
        for at in range(0, size, 255):
            piece = golden[begin + at:begin + min(at + 255, size)].rstrip(b"\0")
            if piece:
                out += struct.pack("<BHHB", part, index, at, len(piece)) + piece
    return out


def main():
    for target, texts in TEXTS.items():
        for number, text in enumerate(texts):
            write(target, f"seed_{number}", text.encode())
    newest = max((ROOT / "tests/command/record").glob("*.record.xz"), key=lambda path: int(path.name.split(".")[0]))
    write("record", "seed_golden", record_pieces(lzma.open(newest).read()))
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "program"
        for name, flags in (("dwarf5", ["-gdwarf-5"]), ("dwarf4", ["-gdwarf-4", "-O2"]), ("none", ["-s"])):
            subprocess.run([cxx, "-std=c++20", "-x", "c++", "-", "-shared", "-fPIC", "-nostdlib", "-Wl,--build-id=none",
                            "-Wl,-z,noseparate-code", "-Wl,-z,norelro", "-fno-asynchronous-unwind-tables", *flags, "-o", program],
                           input=PROGRAM, text=True, check=True, cwd=folder)
            for target in ("symbols", "elf_in_process"):
                write(target, f"seed_{name}", program.read_bytes())
    # The layout that registry.hpp reads, and a record to which it leads.
    def here(offset):
        return b"here" + struct.pack("<HH", offset, 0)
    record_at = 512
    lists = 320
    # Behind the ordinary ones: a name that lies at the end of all numbers, a time that is too large, a list that leads back
    # into itself, a text just before the end of the address space.
    for name, strings, name_at, ticks, leads_to, address in (
            ("seed_1", 1, 8, 1, 0, 600), ("seed_2", 2, 8, 1, 0, 600), ("seed_3", 3, 8, 1, 0, 600),
            ("found_name_offset_wraps", 1, 2**32 - 8, 1, 5, 600),
            ("found_time_overflows", 1, 8, 2**62, 0, 600), ("found_list_is_a_ring", 1, 8, 1, record_at, 600),
            ("found_text_wraps", 1, 8, 1, 0, None)):
        layout = b"curfew/1" + struct.pack("<IIq", 256, strings, ticks)
        layout += here(lists) + here(400) + here(404) + here(408) + here(416) + here(424) + here(432) + here(440)
        layout += struct.pack("<28I", 256, 0, name_at, 40, 48, 56, 57, 64, 72, 80, 88, 96, 104, 108, 112, 116, 120, 124, 128, 129, 132,
                              64 if address is None else 136, 0, 1, 0, 0, 0, 0)
        text = layout.ljust(lists, b"\0") + here(lists + 16) + b"\0" * 16 + here(record_at) + here(record_at)
        text = text.ljust(400, b"\1").ljust(record_at, b"\0")
        text += here(leads_to) if leads_to == record_at else struct.pack("<Q", leads_to)
        text += here(address) if address else struct.pack("<Q", 2**64 - 8)
        text += struct.pack("<Q", 40) + b"a name inside it" + struct.pack("<QQ", 1, 0) + b"\2\1"
        text = text.ljust(record_at + 64, b"\0") + here(600) + here(610) + here(0) + struct.pack("<I", 7)
        write("registry", name, text.ljust(600, b"\0") + b"a name that is long enough to be outside\0")


main()
