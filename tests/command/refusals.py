#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `curfew run` cannot do it says, with the statuses of env and timeout: refusals.py CURFEW C++-COMPILER."""
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from command import check, end, run


def refuses(status, text, *words, **more):
    got, out, err = run("run", *words, **more)
    check(got == status and out == "" and text in err and err.startswith("curfew: "), f"{words}: {got} {out!r} {err!r}")


with tempfile.TemporaryDirectory() as at:
    at = Path(at)
    refuses(127, "No such file", "--", "/nowhere/at/all")
    refuses(127, "No such file", "--", "no-such-program-anywhere")
    refuses(126, "Permission denied", "--", str(at))
    plain = at / "plain"
    plain.write_text("text")
    if os.geteuid() != 0 or not os.access(plain, os.X_OK):
        refuses(126, "Permission denied", "--", plain)
    missing = at / "missing"
    missing.write_text("#!/nowhere/interpreter\n")
    missing.chmod(0o755)
    refuses(127, "No such file", "--", missing)

    source = at / "main.cpp"
    source.write_text("int main() {}\n")
    program = at / "static"
    if subprocess.run([sys.argv[2], "-static", source, "-o", program], stderr=subprocess.DEVNULL).returncode == 0:
        refuses(125, "it is statically linked", "--", program)
        script = at / "script"
        script.write_text(f"#!{program}\n")
        script.chmod(0o755)
        refuses(125, "it is statically linked", "--", script)
    subprocess.run([sys.argv[2], source, "-o", at / "shared"], check=True)
    code = bytearray((at / "shared").read_bytes())
    for name, offset, value in (("machine", 18, b"\x2a\x00"), ("class", 4, b"\x01")):
        other = at / name
        other.write_bytes(code[:offset] + value + code[offset + len(value):])
        other.chmod(0o755)
        refuses(125, "it was built for another architecture", "--", other)
    musl = at / "musl"
    musl.write_bytes(bytes(code).replace(b"/lib64/ld-linux-x86-64.so.2\0", b"/lib64/ld-musl-x86_64.so.1\0\0"))
    musl.chmod(0o755)
    if musl.read_bytes() != bytes(code):
        refuses(125, "another C library", "--", musl)
    setuid = at / "setuid"
    setuid.write_bytes(code)
    try:
        os.chown(setuid, 65534 if os.geteuid() == 0 else 0, -1)
        setuid.chmod(0o4755)
    except PermissionError:
        pass
    if setuid.stat().st_mode & stat.S_ISUID:
        refuses(125, "it is setuid", "--", setuid)

# Its own options.
for words in ([], ["--no-such-option", "--", "true"], ["--grace", "soon", "--", "true"], ["--deadline", "5", "--", "true"],
              ["--deadline", "600000m", "--", "true"], ["--grace", "99999999m", "--", "true"],
              ["--wait-detached", "--grace", "1s", "--", "true"], ["--json", "a,b", "--", "true"]):
    status, out, err = run("run", *words)
    check(status == 125 and err, f"{words}: {status} {out!r} {err!r}")
status, out, err = run("run", "--json", "/nowhere/at/all", "--", "true")
check(status == 125 and "cannot write /nowhere/at/all" in err, f"--json: {status} {err!r}")
end()
