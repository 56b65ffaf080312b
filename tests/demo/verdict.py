# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares what was seen with what the policy says, and prints both."""
import dataclasses

from building import FAMILIES, Building, Cell

QUIET = ("silent", "unreach")


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


class Painter:
    """Colour, on a terminal only."""

    def __init__(self, stream):
        self.on = stream.isatty()

    def paint(self, text: str, code: str) -> str:
        """The text, coloured if that is wanted."""
        return f"\033[{code}m{text}\033[0m" if self.on else text


def _value(cells: set, source: str, target: str, service: str) -> str:
    found = "".join(f if Cell(source, target, service, f) in cells else "" for f in FAMILIES)
    return found or "."


def _row(painter, source, names, service, said: set, saw: set) -> str:
    left, right = [], []
    for target in names:
        if source == target:
            left.append("   ")
            right.append("   ")
            continue
        want, got = (_value(cells, source, target, service) for cells in (said, saw))
        left.append(painter.paint(f"{want:>3}", "32") if want != "." else "  .")
        text = f"{got:>3}" if got == want else f"!{got:>2}"
        right.append(painter.paint(text, "31;1") if got != want else
                     painter.paint(text, "32") if got != "." else text)
    return f"  {source:8}{''.join(left)}   {''.join(right)}"


def short(name: str) -> str:
    """A column head of at most three letters."""
    return {"gateway": "gw", "staff1": "st", "inet": "in"}.get(name, name)[:3]


def matrix(building: Building, allowed: set[Cell], seen: dict[Cell, str], painter) -> str:
    """One block for each service: the policy on the left, the wire on the right."""
    saw = {cell for cell, result in seen.items() if result not in QUIET}
    head = "".join(f"{short(name):>3}" for name in building.names)
    lines = ["  4 and 6: a connection by IPv4, IPv6; . none; ! not as the policy says"]
    width = 3 * len(building.names)
    for service, (_, port) in building.services.items():
        title = service if port == "0" else f"{service} ({port})"
        lines += ["", f"  {title:14}{'the policy says':<{width - 6}}   seen",
                  f"  {'from to':8}{head}   {head}"]
        lines += [_row(painter, source, building.names, service, allowed, saw)
                  for source in building.names]
    return "\n".join(lines)
