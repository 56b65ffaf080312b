# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the guest's lines as they come: shows progress, keeps the facts."""
import sys
import time

import building as tables
from ktap import Case, GuestReader

SHOWN_EACH = 65         # real programs, where a line cannot be written over


class Follower(GuestReader):
    """`# cell` and `# real` are facts; steps, checks and `# !` are shown."""

    def __init__(self, real_total: int = 0, measured=lambda cells: None):
        super().__init__()
        self.cells: dict[str, dict] = {}
        self.real: dict = {}
        self.real_total = real_total
        self.measured = measured        # called once, with the first whole matrix
        self.start: float | None = None
        self._open_line = False

    def say(self, text: str) -> None:
        """A line of its own."""
        if self._open_line:
            print()
        self._open_line = False
        print(text, flush=True)

    def take(self, line: str) -> None:
        self.start = self.start or time.monotonic()
        super().take(line)
        text = line.strip()
        if text.startswith("# cell "):
            _, _, tag, source, ident, result, _ = text.split()
            self.cells.setdefault(tag, {})[tables.read_cell(source, ident)] = result
        elif text.startswith("# real "):
            _, _, source, ident, *result = text.split(maxsplit=4)
            self.real[tables.read_cell(source, ident)] = " ".join(result)
            self._count_real()
        elif text.startswith("# step "):
            self._step(text[7:])
        elif text.startswith(("ok ", "not ok ")) and self._in_demo():
            good, _, name = text.partition(" - ")
            self.say(f"           {'ok   ' if good.startswith('ok') else 'WRONG'} {name}")
        elif text.startswith("# ! "):
            self.say(f"                 {text[4:]}")

    def _in_demo(self) -> bool:
        return bool(self._current and self._current.name == "demo.sh")

    def _step(self, text: str) -> None:
        if self.measured and "first" in self.cells:
            show, self.measured = self.measured, None
            show(self.cells["first"])
        took = int(time.monotonic() - self.start)
        self.say(f"  [{took // 60:2}:{took % 60:02}]  {text}")

    def _count_real(self) -> None:
        done = len(self.real)
        if sys.stdout.isatty():
            print(f"\r           {done} of {self.real_total} served", end="", flush=True)
            self._open_line = True
        elif done % SHOWN_EACH == 0:
            self.say(f"           {done} of {self.real_total}")


def live_checks(result) -> list[Case]:
    """What the guest itself judged."""
    return [case for test in result.tests if test.name == "demo.sh" for case in test.cases]


def kernel_check(result) -> Case:
    """Whether the guest's kernel was well until the end."""
    health = [test for test in result.tests if test.name != "demo.sh"]
    return Case("the guest's kernel has nothing to complain about",
                bool(health) and all(test.ok for test in health))
