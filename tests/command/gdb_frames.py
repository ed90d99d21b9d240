# SPDX-License-Identifier: Apache-2.0
"""Call stacks as gdb has them, beside those of `curfew dump`."""
import re
import subprocess
import tempfile

# Of a call that was made as a jump nothing is on the stack: gdb guesses it, and we do not.
FRAMES = """python
for thread in gdb.selected_inferior().threads():
    thread.switch()
    frame = gdb.newest_frame()
    while frame:
        if frame.type() != gdb.TAILCALL_FRAME:
            print("frame", thread.ptid[1], frame.name() or "??")
        frame = frame.older()
end
"""
QUIETLY = ("-q", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set backtrace past-main on")


def plain(function):
    """Without parameters, template arguments, namespaces, and what one C library's function is called besides."""
    text, depth = "", 0
    function = re.sub(r"\boperator\(\)", "operator_call", function or "??")
    for c in function:
        if c in "<(":
            if c == "(" and depth == 0 and text and not text.endswith("::"):
                break
            depth += 1
        elif c in ">)":
            depth = max(depth - 1, 0)
        elif depth == 0:
            text += c
    name = text.strip().split("::")[-1].split(" ")[-1].split("@")[0].strip()
    return re.sub(r"^(__GI_)?_*", "", name) or "??"


def by_gdb(pid):
    """{thread id: [function, …]}, innermost first; and how gdb ended."""
    with tempfile.NamedTemporaryFile("w", suffix=".gdb") as script:
        script.write(FRAMES)
        script.flush()
        done = subprocess.run(["gdb", *QUIETLY, "-x", script.name, "-p", str(pid)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=600, check=False)
    stacks = {}
    for line in done.stdout.splitlines():
        if line.startswith("frame "):
            _, tid, function = line.split(" ", 2)
            stacks.setdefault(int(tid), []).append(plain(function))
    return stacks, done


def by_dump(whole):
    return {t["tid"]: [plain(f["function"]) for f in t["stack"]] for t in whole["threads"]}


def same(ours, theirs):
    """Functions that only one of the two has a name for do not differ; a lambda is called in several ways."""
    of_lambda = {"operator_call", "FUN"}
    return len(ours) == len(theirs) and all(
        a == b or "??" in (a, b) or ("{lambda" in a + b or "<lambda" in a + b) or {a, b} & of_lambda for a, b in zip(ours, theirs))
