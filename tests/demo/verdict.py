# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares what was seen with what the policy says."""
import dataclasses

from building import Building, Cell

QUIET = ("silent", "unreach")
MINIMUM = 100       # counted cells of each kind
SHOWN = 20          # deviations of one kind


@dataclasses.dataclass(frozen=True)
class Phase:
    """A later measurement of the matrix, in other circumstances."""
    tag: str
    name: str
    may_open: bool = False                  # not measured for what is denied
    goes_on: str = "all"                    # all, inside (not to inet), none


# Without nftables nothing is masqueraded, so the module lets nothing out to inet.
PHASES = (Phase("killed", "while cordond is dead"),
          Phase("flushed", "while cordond is dead and nftables empty", goes_on="inside"),
          Phase("flushing", "while nftables is flushed again and again", goes_on="none"),
          Phase("repaired", "when nftables is repaired", may_open=True))


@dataclasses.dataclass
class Verdict:
    """What became of every cell."""
    held: list          # allowed cells that answered
    stopped: list       # denied cells that count and were stopped
    uncounted: list     # stopped, but nobody may reach that server, or no control
    wrong: list         # (cell, why)


def judge(cells: list[Cell], allowed: set[Cell], seen: dict[Cell, str],
          control: dict[Cell, str]) -> Verdict:
    """A denied cell counts if that server answered somebody in this boot and
    the same pair connected in the control run."""
    answered = {(c.target, c.service, c.family) for c in allowed if seen.get(c) == "ok"}
    out = Verdict([], [], [], [])
    for cell in cells:
        result = seen.get(cell, "not measured")
        if cell in allowed:
            if result == "ok":
                out.held.append(cell)
            else:
                out.wrong.append((cell, f"allowed, but {result}"))
        elif result not in QUIET:
            out.wrong.append((cell, f"denied, but {result}"))
        elif (cell.target, cell.service, cell.family) in answered and control.get(cell) == "ok":
            out.stopped.append(cell)
        else:
            out.uncounted.append(cell)
    return out


class Tally:
    """Every check that held is counted, every one that did not is named."""

    def __init__(self):
        self.good = 0
        self.bad: list[str] = []
        self.lines: list[str] = []      # what to tell

    def _count(self, good: int, bad: list[str]) -> None:
        self.good += good
        self.bad += bad

    def _check(self, what: str, wrong: list[str]) -> None:
        """One check with any number of reasons why it does not hold."""
        if not wrong:
            self._count(1, [])
            self.lines.append(what)
            return
        more = [f"and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
        self.bad.append("; ".join([f"not so: {what}: {wrong[0]}", *wrong[1:SHOWN], *more]))

    def matrix(self, building: Building, allowed: set[Cell], seen: dict, control: dict) -> None:
        """The first measurement: every cell is a check."""
        out = judge(building.cells(), allowed, seen, control)
        held, stopped = len(out.held), len(out.stopped)
        self._count(held + stopped, [f"{cell}: {reason}" for cell, reason in out.wrong])
        self.lines.append(f"{len(building.cells())} cells: every service from every endpoint to "
                          "every other, by IPv4 and IPv6")
        self.lines.append(f"  {held:4} allowed, and open")
        self.lines.append(f"  {stopped:4} denied, and stopped: the server answered others, and "
                          "without cordon the same pair connects")
        self.lines.append(f"  {len(out.uncounted):4} stopped but not counted: nobody may reach that "
                          "server, so nothing shows that it was up")
        self._check(f"at least {MINIMUM} allowed and {MINIMUM} denied cells count",
                    [] if min(held, stopped) >= MINIMUM else [f"{held} and {stopped}"])

    def phases(self, building: Building, allowed: set[Cell], seen: dict) -> None:
        """Two checks for each later matrix: nothing opens, nothing shuts."""
        for phase in PHASES:
            cells = seen.get(phase.tag, {})
            if not phase.may_open:
                denied = [c for c in building.cells() if c not in allowed]
                self._check(f"{phase.name}, nothing opens ({len(denied)} denied cells)",
                            [f"{c}: {cells.get(c, 'not measured')}" for c in denied
                             if cells.get(c) not in QUIET])
            wanted = [c for c in sorted(allowed) if phase.goes_on == "all" or
                      phase.goes_on == "inside" and c.target != "inet"]
            if wanted:
                self._check(f"{phase.name}, {len(wanted)} allowed cells are open",
                            [f"{c}: {cells.get(c, 'not measured')}" for c in wanted
                             if cells.get(c) != "ok"])

    def real(self, building: Building, allowed: set[Cell], seen: dict) -> None:
        """A run of a real program for each cell that it can serve."""
        wanted = building.real_cells(allowed)
        bad = [f"real program, {c}: {seen.get(c, 'did not run')}" for c in wanted
               if seen.get(c) != "ok"]
        self._count(len(wanted) - len(bad), bad)
        self.lines.append(f"{len(wanted) - len(bad)} runs of real programs were served: ping, nslookup, "
                          "chronyd, curl, mosquitto_pub, dbclient")

    def live(self, cases: list) -> None:
        """What the guest judged itself."""
        bad = [f"{case.name} {case.note}".strip() for case in cases if not case.ok]
        self._count(len(cases) - len(bad), bad)
        self.lines.append(f"{len(cases) - len(bad)} live checks held, listed above")
