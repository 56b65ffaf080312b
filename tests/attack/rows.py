# SPDX-License-Identifier: GPL-2.0-or-later
"""The attack table: which rows there are, the guest that plays them, and what it said."""
import dataclasses
import fnmatch
import pathlib
import re

import cache
import suites
from boot import Guest

HERE = pathlib.Path(__file__).resolve().parent
COUNTS = {"small": 200, "full": 20000}
# Seconds a file of rows may take, before scaling.
LIMITS = {"small": 300, "full": 24 * 3600}
MANIFEST = "file tests/attack/lib_attack.sh /tests/lib_attack.sh\ntree tests/attack/policies /tests/attack-policies\n" \
           "file docs/threat-model.md /tests/threat-model.md\n"


@dataclasses.dataclass
class Row:
    """One row as one vehicle played it."""
    name: str
    vehicle: str
    ok: bool
    control: str        # cells whose attack works without cordon, of all, and why some have none
    allowed: int        # frames of the legitimate twin that arrived
    denied: int         # frames of the attack that were sent
    leaks: int          # of them, seen somewhere
    reasons: str
    title: str


def known() -> dict[str, str]:
    """The rows of tests/attack/rows.list, each with what is left of it to a later capability."""
    lines = (line.split("#")[0].strip() for line in (HERE / "rows.list").read_text().splitlines())
    return {line.split()[0]: " ".join(line.split()[1:]) for line in lines if line}


def wanted(name: str, pattern: str | None) -> bool:
    """Whether a row is in the selection."""
    return not pattern or any(fnmatch.fnmatchcase(name, glob) for glob in pattern.split(","))


def rows_of(path: pathlib.Path) -> list[str]:
    """The rows that a file plays."""
    return re.findall(r"^row_([A-Z]\w*)\(\)", path.read_text(), re.M)


def defects() -> dict[str, list[str]]:
    """Of each row with nothing to attack without cordon, the seeded defects that have to make it fail."""
    found = {}
    for path in sorted(HERE.glob("[a-z]_*.sh")):
        for name, body in re.findall(r"^row_([A-Z]\w*)\(\) {\n(.*?)^}", path.read_text(), re.M | re.S):
            named = re.findall(r"^\tdefect (.*)$", body, re.M)
            if named:
                found[name] = named[0].split()
    return found


def files(vehicle: str, pattern: str | None) -> list[pathlib.Path]:
    """The files that play a selected row."""
    return [path for path in sorted(HERE.glob("[a-z]_*.sh")) if suites.runs_on(path, vehicle) and
            any(wanted(name, pattern) for name in rows_of(path))]


def guest(vehicle: str, tests: list, count: str, pattern: str | None, name: str) -> Guest:
    """A guest that plays files of rows."""
    env = {"ATTACK_COUNT": str(COUNTS.get(count) or int(count))}
    if pattern:
        env["ATTACK_ROWS"] = pattern
    limit = LIMITS["small" if int(env["ATTACK_COUNT"]) < 2000 else "full"]
    return Guest(vehicle=vehicle, tests=tests, env=env, manifest=MANIFEST, timeout=limit,
                 name=name)


def played(vehicle: str, test) -> list[Row]:
    """The rows in the output of one file."""
    found = []
    for line in test.output:
        if line.startswith("# row|"):
            name, verdict, control, allowed, denied, leaks, reasons, title = line.split("|", 8)[1:]
            found.append(Row(name, vehicle, verdict == "ok", control, int(allowed), int(denied), int(leaks), reasons, title))
    return found


def order(row: Row):
    """A2 before A10, C8 before C8b."""
    letter, number, rest = re.fullmatch(r"([A-Z])(\d+)(\w*)", row.name).groups()
    return letter, int(number), rest, row.vehicle


def table(rows: list[Row]) -> list[str]:
    """A line a row, and the total."""
    lines = [f"{'row':5}{'vehicle':9}{'control':10}{'allowed':>9}{'denied':>9}{'leaks':>6}  reasons"]
    for row in sorted(rows, key=order):
        live = row.control.partition(" (")[0]
        lines.append(f"{row.name:5}{row.vehicle:9}{live:10}{row.allowed:9}{row.denied:9}{row.leaks:6}  {row.reasons}"
                     f"{'' if row.ok else '   FAILED'}")
    leaks = sum(row.leaks for row in rows)
    packets = sum(row.allowed + row.denied for row in rows)
    return lines + [f"attacks: {len({row.name for row in rows})} rows, {leaks} leaks in {packets} packets"]


def thin(rows: list[Row], count: int) -> list[str]:
    """Rows that sent less than `count` frames for each of their cells, a family on a path."""
    return sorted(f"{row.name} ({row.denied})" for row in rows if row.denied < count * int(row.control.partition("/")[2].partition(" ")[0]))


def missing(rows: list[Row], tests: list[pathlib.Path], pattern: str | None) -> list[str]:
    """Rows of the list that a guest should have played and did not."""
    there = {row.name for row in rows}
    should = {name for path in tests for name in rows_of(path)} & set(known())
    return sorted(name for name in should - there if wanted(name, pattern))
