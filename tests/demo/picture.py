# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws the matrix: what the policy says beside what was seen."""
from building import FAMILIES, Building, Cell
from verdict import QUIET

SHORT = {"gateway": "gw", "staff1": "st", "inet": "in"}


class Painter:
    """Colour, on a terminal only."""

    def __init__(self, stream):
        self.on = stream.isatty()

    def paint(self, text: str, code: str) -> str:
        """The text, coloured if that is wanted."""
        return f"\033[{code}m{text}\033[0m" if self.on else text


def short(name: str) -> str:
    """A column head of two letters."""
    return SHORT.get(name, name)


def legend(building: Building) -> list[str]:
    """Who is who."""
    lines = []
    for name in building.names:
        _, device, _, vlan, _, _, _, zone = building.endpoints[name]
        where = f"zone {zone}" if name != "gateway" else ""
        if vlan[0].isdigit():
            where = f"{where:13} VLAN {vlan.rstrip('t')}{', tagged' if vlan.endswith('t') else ''}"
        lines.append(f"    {short(name)}  {device:18} {where}".rstrip())
    return lines


def _value(cells: set, source: str, target: str, service: str) -> str:
    found = "".join(f if Cell(source, target, service, f) in cells else "" for f in FAMILIES)
    return found or "."


def _row(painter: Painter, source: str, names: list, service: str, said: set, saw: set) -> str:
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
    return f"    {short(source)}  {''.join(left)}    {''.join(right)}".rstrip()


def matrix(building: Building, allowed: set[Cell], seen: dict[Cell, str],
           painter: Painter) -> str:
    """One block for each service: the policy on the left, the wire on the right."""
    saw = {cell for cell, result in seen.items() if result not in QUIET}
    head = "".join(f"{short(name):>3}" for name in building.names)
    width = 3 * len(building.names)
    lines = ["", "    Row: who connects. Column: to whom. 46: by IPv4 and IPv6, 4 or 6: by that alone,",
             "    . not at all, ! seen otherwise than the policy says.", "", *legend(building)]
    for service, (_, port) in building.services.items():
        title = service if port == "0" else f"{service}, port {port}"
        lines += ["", "    " + painter.paint(title, "1"),
                  f"        {'the policy says':<{width}}     seen", f"        {head}    {head}"]
        lines += [_row(painter, source, building.names, service, allowed, saw)
                  for source in building.names]
    return "\n".join([*lines, ""])
