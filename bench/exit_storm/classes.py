# SPDX-License-Identifier: Apache-2.0
"""Which class a run of the storm is in, by what it printed and how it ended."""
import collections
import re
import signal

FLAVOURS = ("tracked", "plain", "baseline")
CLASSES = ("clean", "crashed", "hung", "wrong-status", "lost-output", "ran-on", "skipped")
FAILURES = ("crashed", "hung", "wrong-status", "lost-output", "ran-on")
STATUS = 17  # storm::status
NOISE = b"noise 0123456789 0123456789 0123456789 0123456789 end\n"  # storm::noise
KEPT = re.compile(rb"\nkeep ([^ \n]+) (\d+)(?=\n)")


class Verdict(Exception):
    """Why a run is not clean: its class and a word of explanation."""

    def __init__(self, kind, why):
        super().__init__(why)
        self.kind = kind
        self.why = why


class Marks:
    """What a program said of itself, in STORM_FD."""

    def __init__(self, text, pid):
        self.status = STATUS
        self.may_skip = None
        self.last = False
        self.fault = None
        self.late = 0
        expected = collections.defaultdict(dict)  # by process, by writer
        allowed = collections.defaultdict(dict)
        lasted = set()
        ended = set()
        for line in text.decode(errors="replace").splitlines():
            words = line.split(" ", 2)
            if len(words) < 2 or not words[0].isdigit():
                continue
            who, what, rest = int(words[0]), words[1], words[2] if len(words) > 2 else ""
            if what in ("expect", "allow"):
                writer, number = rest.split(" ")
                (expected if what == "expect" else allowed)[who][writer] = int(number)
            elif what == "last":
                lasted.add(who)
            elif what == "late":
                self.late += int(rest)
            elif what == "ended":
                ended.add(int(rest))
            elif what == "fault" and self.fault is None:
                kind, _, why = rest.partition(" ")
                self.fault = Verdict(kind, why)
            elif what == "status" and who == pid:
                self.status = int(rest)
            elif what == "may-skip":
                self.may_skip = rest
        self.last = pid in lasted and ended <= lasted
        # A child that nobody waited for may have been killed before it wrote.
        self.must, self.may = collections.Counter(), collections.Counter()
        for who in expected.keys() | allowed.keys():
            for writer, number in (allowed[who] | expected[who]).items():
                for i in range(1, number + 1):
                    self.may[writer, i] += 1
                    if writer in expected[who] and (who == pid or who in ended):
                        self.must[writer, i] += 1


def check_output(out, marks):
    """Every line that must be there is, once, and every line is whole."""
    out = b"\n" + out
    kept = collections.Counter()
    kept_bytes = 0
    for match in KEPT.finditer(out):
        kept[match[1].decode(), int(match[2])] += 1
        kept_bytes += match.end() - match.start()
    missing = marks.must - kept
    if missing:
        writer, number = min(missing)
        raise Verdict("lost-output", f"{missing.total()} of {marks.must.total()} lines, first: keep {writer} {number}")
    doubled = kept - marks.may
    if doubled:
        writer, number = min(doubled)
        raise Verdict("lost-output", f"{doubled.total()} lines too many, first: keep {writer} {number}")
    rest = len(out) - 1 - kept_bytes - out.count(NOISE) * len(NOISE)
    if rest != 0:
        torn = next((line for line in out[1:].split(b"\n")
                     if line + b"\n" != NOISE and not re.fullmatch(rb"keep [^ ]+ \d+|", line)), b"")
        raise Verdict("lost-output", f"{rest} bytes of torn lines, first: {torn[:80]!r}")


def classify(pid, code, timed_out, out, marks_text):
    """The class of a run, why, and its marks. `code`: as waitstatus_to_exitcode gives it."""
    marks = Marks(marks_text, pid)
    try:
        if timed_out:
            raise Verdict("hung", f"still there after {timed_out:g} s; {'after' if marks.last else 'before'} the last destructor")
        if code < 0:
            raise Verdict("crashed", f"{signal.Signals(-code).name} {'in' if b' first' in marks_text else 'before'} the static destructors")
        if marks.fault:
            raise marks.fault
        if code != marks.status:
            raise Verdict("wrong-status", f"status {code}, not {marks.status}")
        check_output(out, marks)
        if marks.late:
            raise Verdict("ran-on", f"{marks.late} steps after the first static destructor")
        if not marks.last:
            raise Verdict("skipped", "static destructors did not run to the end")
    except Verdict as v:
        return v.kind, v.why, marks
    return "clean", "", marks
