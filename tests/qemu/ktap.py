# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads KTAP as it comes: from a guest's port, or from a host test's output."""
import dataclasses
import re

CASE = re.compile(r"(ok|not ok)\s+(?:(\d+)\s*)?(?:-\s*)?(.*?)\s*(?:(?<!\\)#\s*(.*))?$")


@dataclasses.dataclass
class Case:
    """One `ok` or `not ok` line."""
    name: str
    ok: bool
    skip: str | None = None     # the reason
    note: str = ""


@dataclasses.dataclass
class Test:
    """One program or script with its cases."""
    name: str
    cases: list[Case] = dataclasses.field(default_factory=list)
    output: list[str] = dataclasses.field(default_factory=list)
    planned: int | None = None
    ok: bool | None = None
    reason: str = ""
    ms: int = 0

    def take(self, line: str) -> None:
        """One line of the test's own output."""
        self.output.append(line)
        plan = re.match(r"1\.\.(\d+)", line)
        if plan:
            self.planned = int(plan.group(1))
            note = line.partition("#")[2].strip()
            if not self.planned and note.upper().startswith("SKIP"):
                self.reason = note[4:].strip() or "no reason"
        case = parse_case(line)
        if case:
            self.cases.append(case)

    def close(self, ok: bool, reason: str, ms: int) -> None:
        """The test has ended; what it did not report becomes a failed case."""
        self.ms = ms
        seen = len(self.cases)
        if ok and self.planned is not None and seen != self.planned:
            ok, reason = False, f"planned {self.planned} cases, reported {seen}"
        if not ok and all(case.ok for case in self.cases):
            self.cases.append(Case(reason or "failed", False))
        self.ok = ok and all(case.ok for case in self.cases)
        self.reason = reason

    def skip_all(self, reason: str) -> None:
        """The whole test says it cannot run here."""
        self.cases = [case for case in self.cases if case.skip] or [Case("all", True, reason)]
        self.ok = True


def parse_case(line: str) -> Case | None:
    """A case from an `ok` or `not ok` line, else None."""
    if not line.startswith(("ok", "not ok")):
        return None
    found = CASE.match(line)
    if not found:
        return None
    note = found.group(4) or ""
    skip = note[4:].strip(" :-") or "no reason" if note.upper().startswith("SKIP") else None
    name = found.group(3) or f"case {found.group(2)}"
    return Case(name, found.group(1) == "ok", skip, note)


class GuestReader:
    """Turns the guest's lines into tests; calls done(test) at the end of each."""

    def __init__(self, done=lambda test: None):
        self.done = done
        self.tests: list[Test] = []
        self.scale = 1
        self.limit = 60
        self.verdict: str | None = None
        self._current: Test | None = None

    def take(self, line: str) -> None:
        """One line from the port."""
        self.verdict = None             # it counts only as the last line
        if line.startswith("    "):
            self._inner(line[4:])
        elif line.startswith("# scale "):
            self.scale = int(line.split()[2])
        elif line.startswith("# test "):
            words = line.split()
            self._current = Test(words[2])
            self.limit = int(words[4])
        elif line.startswith("verdict: "):
            self.verdict = line.removeprefix("verdict: ")
        else:
            self._outer(line)

    def _inner(self, line: str) -> None:
        if self._current:
            self._current.take(line)

    def _outer(self, line: str) -> None:
        result = parse_case(line)
        if not result or not self._current:
            return
        test, self._current = self._current, None
        note = re.sub(r"\s*time=\d+ms", "", result.note)
        took = re.search(r"time=(\d+)ms", result.note)
        test.close(result.ok, note, int(took.group(1)) if took else 0)
        if result.skip is not None:
            test.skip_all(test_reason(test))
        self.tests.append(test)
        self.done(test)

    def cut(self, why: str) -> Test | None:
        """The guest is gone: the test that ran, closed as failed."""
        test, self._current = self._current, None
        if test:
            test.close(False, why, 0)
            self.tests.append(test)
            self.done(test)
        return test


def test_reason(test: Test) -> str:
    """Why a whole test skipped: its last comment, or what its plan said."""
    skips = [case.skip for case in test.cases if case.skip]
    if skips:
        return skips[0]
    if test.reason and not test.reason.startswith("SKIP"):
        return test.reason
    notes = [line for line in test.output if line.startswith("# ")]
    return notes[-1][2:] if notes else "no reason"
