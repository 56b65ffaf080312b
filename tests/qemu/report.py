# SPDX-License-Identifier: GPL-2.0-or-later
"""What the user sees: a line a test, failures with their output, one total."""
import fnmatch
import pathlib
import sys
import threading
import time

import cache
from ktap import Case, Test

SKIPS = cache.TREE / "tests/qemu/expected_skips"
SHOWN = 60


def expected_skip(group: str, test: str, case: Case) -> bool:
    """Whether this skip is on the list of the ones we know of."""
    if not SKIPS.exists():
        return False
    for line in SKIPS.read_text().splitlines():
        words = line.split("#")[0].split()
        if len(words) == 3 and fnmatch.fnmatch(group, words[0]) and \
                fnmatch.fnmatch(test, words[1]) and fnmatch.fnmatch(case.name, words[2]):
            return True
    return False


def excerpt(output: list[str]) -> list[str]:
    """What to show of a failed test: the kernel's complaint, and the end."""
    kernel = [line for line in output if line.startswith("# kmsg: ")]
    rest = [line for line in output if not line.startswith("# kmsg: ")]
    return kernel[:SHOWN] + rest[-SHOWN:]


class Report:
    """Counts cases and prints as they end; safe to use from two threads."""

    def __init__(self, quiet: bool = False, stream=None):
        self.stream = stream or sys.stdout
        self.quiet = quiet
        self.passed = self.failed = self.skipped = 0
        self.failures: list[str] = []
        self.start = time.monotonic()
        self._lock = threading.Lock()
        self._colour = self.stream.isatty()

    def _paint(self, text: str, code: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self._colour else text

    def say(self, text: str = "") -> None:
        """One line of progress."""
        if not self.quiet:
            with self._lock:
                print(text, file=self.stream, flush=True)

    def test(self, group: str, test: Test) -> None:
        """A test has ended: count its cases, print its line."""
        bad = [case for case in test.cases if not case.ok]
        skips = [case for case in test.cases if case.ok and case.skip is not None]
        for case in list(skips):
            if not expected_skip(group, test.name, case):
                case.ok = False
                case.note = f"unexpected skip: {case.skip}"
                skips.remove(case)
                bad.append(case)
        good = len(test.cases) - len(bad) - len(skips)
        with self._lock:
            self.passed += good
            self.failed += len(bad)
            self.skipped += len(skips)
            self.failures += [f"{group} {test.name}: {case.name}" for case in bad]
        self._print(group, test, good, bad, skips)

    def _print(self, group, test, good, bad, skips) -> None:
        mark = self._paint("FAIL", "31") if bad else \
            self._paint("skip", "33") if skips and not good else self._paint("ok  ", "32")
        counts = f"{good} passed"
        if bad:
            counts += f", {len(bad)} failed"
        if skips:
            counts += f", {len(skips)} skipped"
        lines = [f"{mark} {group:14} {test.name:32} {counts:28} {test.ms / 1000:7.1f} s"]
        lines += [f"       - {case.name}: {case.note or test.reason}" for case in bad]
        if bad:
            lines += [f"       | {line}" for line in excerpt(test.output)]
        lines += [f"       ~ {case.name}: {case.skip}" for case in skips]
        self.say("\n".join(lines))

    def one(self, group: str, name: str, ok: bool, note: str = "", ms: int = 0) -> None:
        """A test with a single case."""
        test = Test(name, [Case(name, ok, None, note)], note.splitlines())
        test.ok, test.ms, test.reason = ok, ms, note.splitlines()[0] if note else ""
        test.cases[0].note = test.reason
        self.test(group, test)

    def summary(self) -> int:
        """The last line; the exit status that goes with it."""
        took = int(time.monotonic() - self.start)
        if self.failures:
            self.say("failed:")
            for name in self.failures:
                self.say(f"  {name}")
        self.say(f"took {took // 60} min {took % 60:02d} s")
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped",
              file=self.stream, flush=True)
        return 1 if self.failed or not self.passed else 0


def relative(path: pathlib.Path) -> str:
    """A path as a user of the tree would type it."""
    try:
        return str(path.relative_to(cache.TREE))
    except ValueError:
        return str(path)
