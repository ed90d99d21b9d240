#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""module.py [--check|--write|--names]: the module interface, src/module/curfew.cppm, is made of the public headers.

It exports every name that a header in include/curfew/ declares in the namespace curfew, except in detail/, testing/ and
pool/asio.hpp. --check, the default, fails where the file is not what would be written; --names prints the names.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INCLUDE = ROOT / "include"
MODULE = ROOT / "src/module/curfew.cppm"
LEFT_OUT = ("curfew/detail/", "curfew/testing/", "curfew/pool/asio.hpp", "curfew/curfew.hpp")
HIDDEN = ("detail",)  # namespaces that are nobody's business
HEAD = """\
// SPDX-License-Identifier: Apache-2.0
// `import curfew;`: what the headers declare, as a module. Written by packaging/module.py --write; a test compares.
// Macros (CURFEW_VERSION) come from <curfew/version.hpp>.
module;
"""


def headers():
    found = []
    for path in sorted((INCLUDE / "curfew").rglob("*.h*")):
        name = path.relative_to(INCLUDE).as_posix()
        if not name.startswith(LEFT_OUT) and path.suffix == ".hpp":
            found.append(name)
    return found


def plain(text):
    """Without comments, texts, preprocessor lines and attributes."""
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r'"(?:\\.|[^"\\])*"', '""', text)
    text = re.sub(r"'(?:\\.|[^'\\])'", "0", text)
    text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", "", text, flags=re.M)
    text = re.sub(r"\[\[.*?\]\]", " ", text, flags=re.S)
    return re.sub(r"\bCURFEW_API\b|__attribute__\(\(.*?\)\)", " ", text)


def skip(text, at, opening, closing):
    """Behind what closes the bracket at `at`."""
    depth = 0
    while at < len(text):
        depth += (text[at] == opening) - (text[at] == closing)
        at += 1
        if depth == 0:
            return at
    return at


def without_template(text):
    text = text.strip()
    while (m := re.match(r"template\s*<", text)):
        text = text[skip(text, m.end() - 1, "<", ">"):].strip()
        if text.startswith("requires"):  # an expression in parentheses, or a concept
            rest = text[len("requires"):].strip()
            at = skip(rest, 0, "(", ")") if rest.startswith("(") else re.match(r"[\w:]+\s*(<[^;{]*?>)?", rest).end()
            text = rest[at:].strip()
    return text


def name_of(statement):
    """What a declaration at the level of a namespace declares; None: nothing new that can be named."""
    text = without_template(statement)
    if re.match(r"(friend|static_assert|extern template|template\b|using namespace)", text) or not text:
        return None
    if (m := re.match(r"using\s+(\w+)\s*=", text)) or (m := re.match(r"concept\s+(\w+)\s*=", text)):
        return m[1]
    if re.match(r"using\s", text):
        return None
    if (m := re.match(r"(?:class|struct|union|enum(?:\s+class|\s+struct)?)\s+(?:alignas\s*\([^)]*\)\s*)?(\w+)\s*(.*)", text, re.S)):
        # `class x<y>` is a specialisation, `struct x f(…)` a function.
        return None if m[2].startswith("<") else m[1]
    before = re.split(r"\(|=|\{", text, maxsplit=1)[0].strip()
    if "operator" in before:
        return None
    if re.search(r"::\s*~?\w+$", before):  # a member, defined behind its class
        return None
    if re.search(r"<[^<>]*$", before):  # a parenthesis inside of template arguments
        return None
    words = re.findall(r"\w+", before)
    if len(words) < 2 and "(" not in text or "->" in words:
        return None
    return words[-1] if words else None


def declared(text):
    """(namespaces, name) of each declaration in namespace curfew."""
    text = plain(text)
    found = []
    spaces = []
    at = begin = 0
    while at < len(text):
        c = text[at]
        if c == "(":
            at = skip(text, at, "(", ")")
            continue
        if c == ";":
            found.append((tuple(spaces), text[begin:at]))
            at += 1
            begin = at
        elif c == "{":
            head = text[begin:at].strip()
            m = re.fullmatch(r"(?:inline\s+)?namespace(?:\s+([\w:]+(?:\s*inline\s+\w+)?))?", head)
            if m:
                spaces.append(m[1] or "")
                at += 1
                begin = at
                continue
            at = skip(text, at, "{", "}")
            # A class, an enumeration and a variable end with a semicolon; a function does not.
            rest = text[at:].lstrip()
            found.append((tuple(spaces), text[begin:at]))
            if rest.startswith(";"):
                at = text.index(";", at) + 1
            begin = at
        elif c == "}":
            spaces.pop()
            at += 1
            begin = at
        else:
            at += 1
    return found


def names():
    """By namespace: "curfew", "curfew::this_thread"."""
    all_names = {}
    for header in headers():
        for spaces, statement in declared((INCLUDE / header).read_text(encoding="utf-8")):
            path = [part for space in spaces for part in space.split("::") if not re.match(r"inline |v\d+$", part.strip())]
            if not path or path[0] != "curfew" or any(part in HIDDEN or part == "" for part in path):
                continue
            if (name := name_of(statement)):
                all_names.setdefault("::".join(path), set()).add(name)
    return all_names


def module():
    out = [HEAD, "".join(f"#include <{header}>\n" for header in headers()), "\nexport module curfew;\n"]
    for space, inside in sorted(names().items()):
        out.append(f"\nexport namespace {space} {{\n" + "".join(f"using {space}::{name};\n" for name in sorted(inside))
                   + f"}}  // namespace {space}\n")
    return "".join(out)


def main():
    how = sys.argv[1] if len(sys.argv) > 1 else "--check"
    if how == "--names":
        print("\n".join(f"{space}::{name}" for space, inside in sorted(names().items()) for name in sorted(inside)))
    elif how == "--write":
        MODULE.write_text(module(), encoding="utf-8")
    elif how == "--check":
        if not MODULE.exists() or MODULE.read_text(encoding="utf-8") != module():
            sys.exit("src/module/curfew.cppm is not what the headers declare; write it anew: packaging/module.py --write")
        print(f"{sum(map(len, names().values()))} names")
    else:
        sys.exit("module.py takes --check, --write or --names")


if __name__ == "__main__":
    main()
