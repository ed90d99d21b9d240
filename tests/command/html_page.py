#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""--html: what is on the page, in which order, and how it fits: html_page.py CURFEW WRITE_PAGE FAULTY.

WRITE_PAGE prints pages of exits that are made up, FAULTY is checked for real. With a chromium the page is laid out, too.
"""
import html
import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from html.parser import HTMLParser
from pathlib import Path

from command import check, end, equal, run

WRITE_PAGE, FAULTY = sys.argv[2:]
NASTY = "<b>&\"'`"
VOID = ("meta",)
# What HTML allows in them is text and its marks.
TEXT_ONLY = ("p", "h1", "h2", "h3", "summary", "code", "span", "dt", "dd", "title")
BLOCKS = ("div", "ul", "li", "p", "h1", "h2", "h3", "details", "article", "dl")


class Page(HTMLParser):
    """A tree of [name, attributes, children], children being texts or trees, and what is wrong with its nesting."""

    def __init__(self, text):
        super().__init__()
        self.root = ("", {}, [])
        self.open = [self.root]
        self.feed(text)
        self.close()
        equal([name for name, _, _ in self.open], [""], "elements that are not closed")

    def handle_starttag(self, tag, attrs):
        inside = [name for name, _, _ in self.open if name in TEXT_ONLY]
        check(tag not in BLOCKS or not inside, f"<{tag}> inside of <{inside and inside[-1]}>")
        check(tag != "li" or self.open[-1][0] in ("ul", "ol"), f"<li> in <{self.open[-1][0]}>")
        check(self.open[-1][0] != "ul" or tag == "li", f"<{tag}> in <ul>")
        equal(len(attrs), len(dict(attrs)), f"attributes of <{tag}>, each once")
        element = (tag, dict(attrs), [])
        self.open[-1][2].append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        if self.open[-1][0] == tag:
            self.open.pop()
        else:
            check(False, f"</{tag}> closes <{self.open[-1][0]}>")

    def handle_data(self, data):
        self.open[-1][2].append(data)

    def all(self, name="", of_class="", below=None):
        """In the order of the page."""
        for child in (below or self.root)[2]:
            if isinstance(child, tuple):
                if name in ("", child[0]) and of_class in ["", *child[1].get("class", "").split()]:
                    yield child
                yield from self.all(name, of_class, child)


def text(element):
    return "".join(child if isinstance(child, str) else text(child) for child in element[2])


def made(what):
    done = subprocess.run([WRITE_PAGE, what], stdout=subprocess.PIPE, check=True, text=True, encoding="utf-8")
    return done.stdout, Page(done.stdout)


def check_any(written, page):
    """What holds for each page."""
    check(written.startswith("<!doctype html>\n<html lang=\"en\">"), written[:40])
    check(text(next(page.all("title"))).startswith("curfew check: "), "the title")
    check("<script" not in written and "http" not in written and "url(" not in written, "the page needs other files")
    headings = [int(name[1]) for name, _, _ in page.all() if re.fullmatch(r"h\d", name)]
    equal(headings[:1], [1], "the first heading")
    check(all(b <= a + 1 for a, b in zip(headings, headings[1:])) and headings.count(1) == 1, f"headings {headings}")
    ids = [attrs["id"] for _, attrs, _ in page.all() if "id" in attrs]
    equal(len(ids), len(set(ids)), "ids, each once")
    for _, attrs, _ in page.all():
        for target in [attrs.get("href", "#")[1:], attrs.get("aria-labelledby", "")]:
            check(target in ("", *ids), f"#{target} is not there")
    facts = {text(dt): text(dd) for dt, dd in zip(page.all("dt"), page.all("dd"))}
    version = run("--version")[1].strip()
    equal(facts.get("Checked by"), version, "the version")
    return facts


def check_timeline(page):
    box = next(page.all("div", "timeline"))
    legend = next(page.all("ul", "legend", box))
    check("a fault" in text(legend) and "a destructor" in text(legend) and "a thread" in text(legend), text(legend))
    axis = next(page.all("div", "axis", box))
    check("ms since the exit began" in text(axis), text(axis))
    track = next(page.all("div", "track", axis))
    check(track[1].get("role") == "img" and "time axis from 0 to " in track[1].get("aria-label", ""), track[1])
    ticks = [(float(text(tick)), float(re.search(r"left:([\d.]+)%", tick[1]["style"])[1])) for tick in page.all("span", "", track)]
    check(len(ticks) >= 4 and ticks == sorted(ticks), ticks)
    equal((ticks[0], ticks[-1][1]), ((0.0, 0.0), 100.0), "the ends of the axis")
    for bar in page.all("i", "", box):
        left, width = (float(re.search(rf"{key}:([\d.]+)%", bar[1].get("style", f"{key}:0%") + f";{key}:0%")[1])
                       for key in ("left", "width"))
        check(left + width <= 100.02, f"a bar from {left} % on, {width} % wide")
    return box


written, page = made("full")
facts = check_any(written, page)
equal(facts.get("Command"), "'./prog <x>' --flag 'two words' 'it'\\''s'", "the command")
equal(facts.get("Date"), "2023-11-14 22:13:20 UTC", "the date")
equal(next(page.all("time"))[1]["datetime"], "2023-11-14T22:13:20Z", "the date for programs")
check(facts.get("Runs", "").startswith("3"), facts)
equal(text(next(page.all("p", "verdict"))), "1 error, 2 warnings", "the verdict")
articles = list(page.all("article"))
equal([one[1]["class"] for one in articles], ["error", "warning", "warning"], "errors come first")
equal([text(next(page.all("h3", "", one))) for one in articles],
      ["error static-used-after-destruction 798 times", "warning thread-running-at-exit", "warning lock-held-at-exit 2 times"],
      "headings of the findings")
for one in articles:
    inside = [child for child in one[2] if isinstance(child, tuple)]
    equal([(name, attrs.get("class")) for name, attrs, _ in inside[:3]], [("h3", None), ("p", "do"), ("p", "message")],
          "the remedy comes first")
    equal(text(inside[1]), "do: run the program under curfew run, or join() it", "the remedy")
    equal([text(code) for code in page.all("code", "", inside[2])], ["std::map<int, <lambda>>"], "the code in the message")
    threads = [child for child in inside if child[0] == "details"]
    equal(["open" in attrs for _, attrs, _ in threads], [True, False], "the first thread is open")
    equal(text(next(page.all("summary", "", threads[0]))), f"thread #1 \"{NASTY}\" used it", "the thread's name")
    check("detached, started at use.cpp:10 in main" in text(threads[0]), text(threads[0]))
    stack = next(page.all("ul", "stack", threads[0]))
    shown = [child for child in stack[2] if isinstance(child, tuple)]
    equal([attrs.get("class") for _, attrs, _ in shown], ["fold", None, "fold"], "the stack is folded to the program's own")
    check("open" not in next(page.all("details", "", shown[0]))[1], "frames of the libraries are open")
    check("own_function<int&>" in text(shown[1]) and "/home/of/use.cpp:11" in text(shown[1]), text(shown[1]))
    equal([text(number) for number in page.all("span", "at", stack)], ["0", "1", "2", "3", "4"], "numbers of the frames")
    check("__libc_start_main" in text(threads[1]), "a stack of the libraries alone is not shown")
outside = re.sub(r"<[^>]*>", "", written).replace(html.escape(NASTY, quote=False).replace("\"", "&quot;"), "")
check("`" not in outside, "a back quote is left", outside[max(0, outside.find("`") - 60):outside.find("`") + 60])
check("<b>" not in written, "a name is not escaped")

box = check_timeline(page)
rows = [text(next(page.all("", "name", row))) for row in page.all("", "row", box) if "axis" not in row[1]["class"]]
folds = list(page.all("details", "fold", box))
names = [text(next(page.all("span", "name", one))) for one in folds]
check(len(folds) == 2 and re.match(r"22 more ", names[0]) and names[1].startswith("27 of the C++ library and the system"), names)
for one in folds:
    check("open" not in one[1], "folded rows are open")
    bars = list(page.all("i", "step", next(page.all("summary", "", one))))
    equal(len(bars), len(list(page.all("li", "", one))), "bars in the folded row")
library = {text(next(page.all("div", "name", row))) for row in page.all("li", "row", folds[1])}
equal(len([row for row in rows if "std::facet" in row and row not in library]), 0, "facets that are not folded")
check(any("slow_handler" in row for row in rows) and not any("slow_handler" in row for row in library), "a slow one is folded")
check(f"thread #1 \"{NASTY}\"" in rows, "the thread's row")
marks = [text(mark) for mark in page.all("li", "bad", box)]
equal(marks, ["1.0 ms: used numbers, 50 times up to 50.0 ms"], "equal marks are folded")
check("in operator<<" in text(box), "where the thread was")

written, page = made("clean")
check_any(written, page)
check_timeline(page)
check("Clean" in text(next(page.all("p", "verdict"))) and not list(page.all("article")), "the clean page")
written, page = made("unchecked")
check_any(written, page)
equal(text(next(page.all("p", "verdict"))), "The exit was not checked: the program died by SIGKILL before it began", "unchecked")
written, page = made("endless")
facts = check_any(written, page)
check("did not come to its end" in facts.get("Exit", ""), facts)
check("The record was full" in text(page.root), "the record that was full")


def layout(chromium, folder, name, width, dark):
    """What the page says of itself in a window of this width."""
    frame = Path(folder) / "frame.html"
    # A window cannot be this narrow: a frame can. The frame's own document is asked.
    frame.write_text(
        f"<!doctype html><body><iframe id=f style='border:0;width:{width}px;height:900px' src='{name}'></iframe><p id=said></p>"
        "<script>f.onload = () => { const d = f.contentDocument, b = f.contentWindow.getComputedStyle(d.body);"
        "for (const one of d.querySelectorAll('details')) one.open = true;"
        "said.textContent = [d.documentElement.scrollWidth, f.contentWindow.innerWidth, b.backgroundColor].join('|'); }</script>")
    words = [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--hide-scrollbars",
             f"--user-data-dir={folder}/profile", f"--blink-settings=preferredColorScheme={0 if dark else 1}",
             "--window-size=1300,1000", "--virtual-time-budget=5000", "--dump-dom", frame.as_uri()]
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=20, check=False)
    except subprocess.TimeoutExpired:
        return None
    said = re.search(r'id="said">(\d+)\|(\d+)\|rgb\((\d+), (\d+), (\d+)\)', done.stdout)
    if not said:
        return None
    return int(said[1]), int(said[2]), sum(map(int, said.groups()[2:])) / 3


with tempfile.TemporaryDirectory() as at:
    before = int(time.time())
    real = Path(at) / "real.html"
    status, _, _ = run("check", "--quiet", "--html", real, "--", FAULTY, "<i>", "two words")
    equal(status, 66, "status of the faulty program")
    written = real.read_text(encoding="utf-8")
    page = Page(written)
    facts = check_any(written, page)
    equal(facts.get("Command"), f"{FAULTY} '<i>' 'two words'", "the command of the real run")
    date = datetime.strptime(facts.get("Date", ""), "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=timezone.utc).timestamp()
    check(before <= date <= time.time(), "the date of the real run", facts.get("Date"))
    check("`" not in written, "a back quote is left on the real page")
    box = check_timeline(page)
    check("numbers" in text(next(page.all("ul", "rows", box))), "the object is not in the timeline")
    check(any("of the C++ library" in text(one) for one in page.all("summary", "", box)), "its facets are not folded")

    chromium = shutil.which("chromium")
    if chromium is None:
        print("no chromium: how the page is laid out was not looked at")
    else:
        (Path(at) / "full.html").write_text(made("full")[0], encoding="utf-8")
        for name in ("full.html", "real.html"):
            for width in (1200, 420):
                for dark in (False, True):
                    got = layout(chromium, at, name, width, dark)
                    where = f"{name} at {width} px, {'dark' if dark else 'light'}"
                    if got is None:
                        print(f"{where}: chromium did not show it")
                        end()
                    equal(got[1], width, f"the width of {where}")
                    check(got[0] <= got[1], f"{where}: it is {got[0]} px wide")
                    check((got[2] < 128) == dark, f"{where}: its background is {got[2]} bright")
end()
