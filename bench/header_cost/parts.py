# SPDX-License-Identifier: Apache-2.0
"""What a linked program consists of, by the folder of the sources that it comes from, as the linker's map has it."""
import pathlib
import re
import subprocess
import tempfile

KINDS = {"code": (".text", ".init", ".fini", ".plt"), "tables to unwind it": (".eh_frame", ".gcc_except_table"),
         "constants and data": (".rodata", ".data", ".got")}
# A section's name may be so long that the address stands in the next line.
CONTRIBUTION = re.compile(r"^ (\.\S+)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (\S.*)$", re.M)


def kind_of(section):
    return next((kind for kind, names in KINDS.items() if section.startswith(names)), None)


def room_of(file, sources):
    member = re.search(r"\((.+)\.o\)$", file)
    if member is None or member[1] not in sources:
        return "the C++ runtime's templates and start files"
    return "src/" + sources[member[1]]


def parts_of(compiler, source, flags, tree):
    """Bytes by (folder, kind)."""
    sources = {path.name: path.parent.name for path in sorted((tree / "src").glob("*/*.cpp"))}
    with tempfile.TemporaryDirectory() as folder:
        mapped = pathlib.Path(folder) / "map"
        subprocess.run([compiler, "-std=c++20", "-O2", "-x", "c++", "-", "-x", "none", *flags, "-s", "-o", pathlib.Path(folder) / "program",
                        f"-Wl,-Map={mapped}"], input=source, text=True, check=True)
        listed = mapped.read_text().partition("Linker script and memory map")[2]
    found = {}
    for section, address, size, file in CONTRIBUTION.findall(re.sub(r"^( \.\S+)\n", r"\1", listed, flags=re.M)):
        if int(address, 16) != 0 and (kind := kind_of(section)) is not None:
            key = (room_of(file, sources), kind)
            found[key] = found.get(key, 0) + int(size, 16)
    return found


def table(found, size):
    """The lines of a table in Markdown. What no folder has: symbols for the loader, relocations, headers, padding."""
    rooms = sorted({room for room, _ in found}, key=lambda room: -sum(n for (r, _), n in found.items() if r == room))
    lines = ["| from | " + " | ".join(KINDS) + " | together, kB |", "|---|" + "---:|" * (len(KINDS) + 1)]
    for room in rooms:
        row = [found.get((room, kind), 0) / 1000 for kind in KINDS]
        lines.append(f"| {room} | " + " | ".join(f"{n:.1f}" for n in row) + f" | {sum(row):.1f} |")
    rest = (size - sum(found.values())) / 1000
    lines.append("| symbols and relocations for the loader, headers, padding |" + " |" * len(KINDS) + f" {rest:.1f} |")
    return lines
