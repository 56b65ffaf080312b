# SPDX-License-Identifier: GPL-2.0-or-later
"""A step of `check`: the attack table at small counts, on the stock kernel and User-Mode Linux; with --full on the debug kernel too."""
import sys

import cache

sys.path.insert(0, str(cache.TREE / "tests/attack"))


def stage(report, args) -> None:
    """Every row, three ways."""
    import bench
    import rows
    vehicles = (["debug"] if args.full else []) + ["stock", "uml"]
    found = bench.play_all(report, vehicles, "small", None)
    for line in rows.table(found):
        report.say(line)
