# SPDX-License-Identifier: GPL-2.0-or-later
"""A step of `check`: the attack table at small counts, on the stock kernel and User-Mode Linux; with --full on the debug kernel too."""
import functools
import sys

import cache

sys.path.insert(0, str(cache.TREE / "tests/attack"))


found: list = []
# Frames an attack. The debug kernel takes milliseconds for one.
COUNTS = {"stock": "small", "uml": "small", "debug": "48"}


def one_vehicle(report, vehicle: str) -> None:
    """Every row, three ways."""
    import bench
    import rows
    found.extend(bench.play(report, vehicle, rows.files(vehicle, None), COUNTS[vehicle], None, f"{vehicle}-attack"))


def parts(report, args) -> list:
    """A guest for each vehicle."""
    minutes = {"stock": 7, "uml": 5}
    if args.full:
        minutes["debug"] = 25
    return [(long, functools.partial(one_vehicle, report, vehicle)) for vehicle, long in minutes.items()]


def ended(report, _args) -> None:
    """The table."""
    import rows
    for line in rows.table(found):
        report.say(line)
