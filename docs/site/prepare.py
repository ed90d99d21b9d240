#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes of the repository's pages and headers what Doxygen understands: prepare.py OUTPUT.

Guides keep their text; their headings get names, links between them become references, and every other file of the
repository that a guide links to is copied into OUTPUT/html/files, so that the site is whole by itself. Headers lose what
only the compiler needs.
"""
import html
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUT = Path(sys.argv[1])
# In the order of the site's list.
GUIDES = [
    "README.md", "docs/guides.md", "docs/migrating.md", "docs/compared.md", "docs/exit-protocol.md", "docs/limits.md",
    "docs/findings.md", "docs/pools.md", "docs/glossary.md", "docs/curfew.1.md", "docs/run.md", "docs/check.md", "docs/dump.md",
    "docs/testing.md", "docs/service.md", "docs/ci.md", "docs/freezing.md", "docs/python.md", "docs/dependencies.md", "docs/installing.md",
    "docs/releases.md", "docs/traits.md", "src/README.md", "bench/README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md",
]
# Pages that nobody has put into that order yet come before the last ones.
GUIDES[-5:-5] = [f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")) if f"docs/{path.name}" not in GUIDES]
FILES = OUT / "html" / "files"


def page_name(guide):
    return "guide_" + re.sub(r"\W", "_", guide.removesuffix(".md")).lower()


def slug(heading):
    heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", heading).replace(" ", "-")


def anchor(guide, heading):
    return page_name(guide) + "_" + re.sub(r"\W", "_", slug(heading))


def listing(folder):
    """A folder as a page with its files."""
    rows = "".join(f'<li><a href="{html.escape(one.name + link_ending(one))}">{html.escape(one.name)}</a></li>'
                   for one in sorted(folder.iterdir()) if not one.name.startswith("."))
    return f'<!doctype html><meta name="viewport" content="width=device-width"><title>{folder.name}</title><ul>{rows}</ul>'


def link_ending(path):
    """Text is shown as such, whatever a browser makes of the ending."""
    if path.is_dir():
        return "/index.html"
    return "" if path.suffix in (".svg", ".png", ".html", ".txt", ".json") else ".txt"


def publish(path):
    """Copies a file, or a folder with all that is in it; returns its address, as a guide's page sees it."""
    relative = path.relative_to(ROOT)
    to = FILES / relative
    if path.is_dir():
        to.mkdir(parents=True, exist_ok=True)
        (to / "index.html").write_text(listing(path), encoding="utf-8")
        for one in path.iterdir():
            if not one.name.startswith("."):
                publish(one)
    else:
        to = to.with_name(to.name + link_ending(path))
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
    return "files/" + str(relative) + link_ending(path)


def findings():
    """The page of all findings, from the table that the command has."""
    table = (ROOT / "tool/check/findings/finding.hpp").read_text(encoding="utf-8")
    rows = re.findall(r'\{"([\w-]+)", (true|false),\s*"([^"]*)"\}', table)
    return ("# Findings of curfew check\n\nEach has a name, by which `--allow`, `--fail-on` and a suppressions file name it. Errors "
            "make the command end with status 66.\n\n![The page of a check](site/pictures/report.png)\n\n"
            "| name | severity | what it says |\n|---|---|---|\n"
            + "".join(f"| `{name}` | {'error' if error == 'true' else 'warning'} | {means} |\n" for name, error, means in rows)
            + "\nHow each is found: [check](check.md). What to do: [curfew(1)](curfew.1.md).\n")


def link(guide, text, target):
    target = target.replace("\\", "")  # what guide_text has escaped
    if re.match(r"[a-z]+:", target):
        return f"[{text}]({target})"
    path, _, fragment = target.partition("#")
    to = (ROOT / guide).parent.joinpath(path).resolve() if path else ROOT / guide
    if not to.exists() and str(to.relative_to(ROOT)) not in GUIDES:  # code that looks like a link
        return f"[{text}]({target})"
    name = str(to.relative_to(ROOT))
    if name in GUIDES:
        return f"[{text}](@ref {page_name(name) + ('_' + re.sub(r'[^a-z0-9_]', '_', fragment) if fragment else '')})"
    return f'<a href="{publish(to)}">{inline(text)}</a>'


def inline(text):
    """What Markdown leaves alone inside an HTML tag."""
    return re.sub(r"`([^`]*)`", lambda m: f"<code>{html.escape(m[1])}</code>", text)


def manual(text):
    """The definition lists and escapes of the manual page, which only pandoc knows."""
    text = re.sub(r"\A---\n.*?\n---\n", "# curfew(1)\n", text, flags=re.S)
    text = re.sub(r"^# (NAME|SYNOPSIS|DESCRIPTION|EXIT STATUS|RECORD|EXAMPLES|LIMITS|SEE ALSO)$", r"## \1", text, flags=re.M)
    text = re.sub(r"^## (curfew \w+)$", r"### \1", text, flags=re.M)
    text = re.sub(r"^(\*\*.*)\n:   ((?:.*\n)(?:    .*\n)*)", lambda m: f"- {m[1]}: {re.sub(r'^    ', '  ', m[2], flags=re.M)}", text,
                  flags=re.M)
    return text.replace("\\--", "&ndash;&ndash;")


def fence_indented(text):
    """An indented block is what a terminal shows, and no C++."""
    out, block = [], []
    fenced = False

    def flush():
        if block:
            blank = len(block) - len("\n".join(block).rstrip("\n").split("\n"))
            lines = block[:len(block) - blank]
            out.extend(["```{.unparsed}", *(line[4:] for line in lines), "```", *block[len(block) - blank:]])
            block.clear()

    previous = ""
    for line in text.split("\n"):
        if line.startswith("```"):
            flush()
            fenced = not fenced
        if not fenced and (line.startswith("    ") and (block or previous == "") or (block and line == "")):
            block.append(line)
        else:
            flush()
            out.append(line)
        previous = line
    flush()
    return "\n".join(out)


def one_line(code):
    """Doxygen ends code with one backquote at a single quote in it."""
    marks = "``" if "'" in code else "`"
    return marks + re.sub(r"\n\s*", " ", code) + marks


def picture(guide, text, target):
    """An image of a page: a copy beside the pages."""
    path = (ROOT / guide).parent / target
    to = OUT / "html" / "pictures" / path.name
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, to)
    return f'<img src="pictures/{path.name}" alt="{html.escape(text)}">'


def guide_text(guide):
    text = findings() if guide == "docs/findings.md" else (ROOT / guide).read_text(encoding="utf-8")
    if guide == "docs/curfew.1.md":
        text = manual(text)
    else:
        text = fence_indented(text)
    text = re.sub(r"<!--.*?-->\n", "", text, flags=re.S)
    outside = re.split(r"(^```.*?^```)", text, flags=re.S | re.M)
    for i in range(0, len(outside), 2):  # code that a line's end divides is joined
        outside[i] = re.sub(r"`([^`]*)`", lambda m: one_line(m[1]), outside[i])
    text = "".join(outside)
    parts = re.split(r"(^```.*?^```|``[^`\n]+``|`[^`\n]*`)", text, flags=re.S | re.M)  # code stays as it is
    for i in range(0, len(parts), 2):
        parts[i] = re.sub(r"([@#])(?=\w)", r"\\\1", parts[i])  # no commands and no references
    text = "".join(parts)
    fences = re.split(r"(^```.*?^```)", text, flags=re.S | re.M)
    titled = False
    named = []
    for i in range(0, len(fences), 2):
        fences[i] = re.sub(r"!\[([^\]]*)\]\(([^)\s]+\.png)\)", lambda m: picture(guide, m[1], m[2]), fences[i])
        fences[i] = re.sub(r"(?<!`)\[([^\]\n]*)\]\(([^)\s]+)\)", lambda m: link(guide, m[1], m[2]), fences[i])

        def name_heading(m):
            nonlocal titled
            first, titled = not titled, True
            title = m[2].replace("`", "")
            name = page_name(guide) if first else anchor(guide, m[2])
            named.append(name)
            again = named.count(name)  # the changelog has the same headings for each version
            return f"{m[1]} {title} {{#{name}{f'_{again}' if again > 1 else ''}}}"

        fences[i] = re.sub(r"^(#+) (.*)$", name_heading, fences[i], flags=re.M)
    return "".join(fences)


def header_text(path):
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^(inline namespace v1 \{|\}  // namespace v1)\n", "", text, flags=re.M)
    text = re.sub(r"`\n *///? `", "", text)  # one piece of code on two lines
    text = re.sub(r"\[\[(gnu::\w+(\(.*?\))?|nodiscard)\]\] ?", "", text)
    text = re.sub(r"\bCURFEW_API ", "", text)
    return re.sub(r"^( *)requires[ (].*?\n(?=\1 {4,6}\S|\1\S)", "", text, flags=re.M)


def main():
    source = OUT / "source"
    shutil.rmtree(source, ignore_errors=True)
    shutil.rmtree(OUT / "html", ignore_errors=True)
    source.mkdir(parents=True)
    FILES.mkdir(parents=True)
    for number, guide in enumerate(GUIDES):
        (source / f"{number:02}_{page_name(guide)}.md").write_text(guide_text(guide), encoding="utf-8")
    for header in sorted((ROOT / "include").rglob("*.hpp")):
        if "detail" not in header.parts and header.name != "forward.hpp":
            to = source / header.relative_to(ROOT / "include")
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_text(header_text(header), encoding="utf-8")


main()
