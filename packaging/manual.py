#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the manual page from its Markdown: manual.py [--check] docs/curfew.1.md packaging/curfew.1.

It knows what that file uses and stops at anything else: a title block, `#` and `##` headings, paragraphs, definition
lists (a line, then `:   text`), lists (`- ` and `1. `), tables, indented and fenced code, `**`, `*`, and backquotes.
With --check it writes nothing and says whether the page is the one that it would write.
"""
import re
import sys


def escape(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return text


def inline(text):
    """Bold, italic, code, and characters that Markdown has escaped."""
    out, at = "", 0
    for match in re.finditer(r"\\(.)|\*\*(.+?)\*\*|\*(.+?)\*|`([^`]+)`|<(https?://[^>]+)>|\[([^\]]+)\]\(([^)]+)\)", text):
        out += escape(text[at:match.start()])
        at = match.end()
        char, bold, italic, code, link, label, target = match.groups()
        if char:
            out += escape(char)
        elif bold:
            out += "\\fB" + inline(bold) + "\\fR"
        elif italic:
            out += "\\fI" + inline(italic) + "\\fR"
        elif code:
            out += "\\fB" + escape(code) + "\\fR"
        elif label:
            out += inline(label)
        else:
            out += escape(link)
    out += escape(text[at:])
    return re.sub(r"^([.'])", r"\\&\1", out)


def table(lines):
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    rows = [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]
    out = []
    for row in rows:
        if any(row):
            out += [".TP", inline(row[0]), inline(" ".join(row[1:])) or "\\ "]
    return out


class Page:
    def __init__(self, text):
        self.lines = text.split("\n")
        self.at = 0
        self.out = ['.\\" SPDX-License-Identifier: Apache-2.0', '.\\" Written by packaging/manual.py; edit docs/curfew.1.md.']

    def block(self, stop):
        """The lines up to an empty one, or to one that begins something else."""
        taken = []
        while self.at < len(self.lines) and self.lines[self.at].strip() and not (taken and re.match(stop, self.lines[self.at])):
            taken.append(self.lines[self.at].strip())
            self.at += 1
        return " ".join(taken)

    def head(self):
        fields = dict(re.match(r"(\w+): *(.*)", line).groups() for line in self.lines[1:self.lines.index("---", 1)])
        self.at = self.lines.index("---", 1) + 1
        self.out.append(f'.TH "{fields["title"]}" "{fields["section"]}" "{fields["date"]}" "{fields["header"]}" ""')

    def code(self, take):
        self.out += [".IP", ".nf", "\\fC"]
        while self.at < len(self.lines) and take(self.lines[self.at]):
            self.out.append(re.sub(r"^([.'])", r"\\&\1", escape(self.lines[self.at].removeprefix("    "))))
            self.at += 1
        while self.out[-1] == "":
            self.out.pop()
        self.out += ["\\fR", ".fi"]

    def definition(self, term):
        self.at += 1
        self.out += [".TP", inline(term)]
        text = self.lines[self.at][1:].strip()
        self.at += 1
        rest = self.block(r"$^") if self.at < len(self.lines) and self.lines[self.at].startswith("    ") else ""
        self.out.append(inline((text + " " + rest).strip()))

    def write(self):
        self.head()
        item = r"(?:[-*]|\d+\.) +"
        while self.at < len(self.lines):
            line = self.lines[self.at]
            following = self.lines[self.at + 1] if self.at + 1 < len(self.lines) else ""
            if not line.strip():
                self.at += 1
            elif match := re.match(r"(#+) (.*)", line):
                self.out += [(".SH " if match[1] == "#" else ".SS ") + inline(match[2])]
                self.at += 1
            elif line.startswith("```"):
                self.at += 1
                self.code(lambda text: not text.startswith("```"))
                self.at += 1
            elif line.startswith("    "):
                self.code(lambda text: text.startswith("    ") or not text.strip())
            elif line.startswith("|"):
                rows = []
                while self.at < len(self.lines) and self.lines[self.at].startswith("|"):
                    rows.append(self.lines[self.at])
                    self.at += 1
                self.out += table(rows)
            elif re.match(r":\s", following):
                self.definition(line)
            elif match := re.match(item, line):
                mark = "\\(bu" if match[0][0] in "-*" else match[0].strip()
                text = self.block(item)
                self.out += [f".IP {mark} 3", inline(text[len(re.match(item, text)[0]):])]
            else:
                self.out += [".PP", inline(self.block(rf"\||{item}|```|#"))]
        return "\n".join(self.out) + "\n"


def main():
    checking = sys.argv[1] == "--check"
    source, page = sys.argv[1 + checking:]
    with open(source, encoding="utf-8") as file:
        text = Page(file.read()).write()
    if not checking:
        with open(page, "w", encoding="utf-8") as file:
            file.write(text)
        return 0
    with open(page, encoding="utf-8") as file:
        if file.read() == text:
            return 0
    print(f"{page} is not what {source} says: run packaging/manual.py {source} {page}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
