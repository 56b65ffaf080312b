# SPDX-License-Identifier: GPL-2.0-or-later
"""A step of `check`: the demo's control run. Without cordon every attack works."""
import contextlib
import sys
import time

import cache
from ktap import Test

MINUTES = 3

sys.path.insert(0, str(cache.TREE / "tests/demo"))


def stage(report, _args) -> None:
    """A new run each time; what it saw is kept for the next `make demo`."""
    import building as tables
    import control
    import verdict_test
    report.say("-- demo: its verdict, and the building without cordon")
    report.test("demo", Test("verdict", verdict_test.cases()))
    start = time.monotonic()
    log = cache.BUILD / "demo/control.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    building = tables.Building()
    with open(log, "w", encoding="utf-8") as sink, contextlib.redirect_stdout(sink):
        kept = control.run(building)
    good, total, bad = control.judge(building, kept)
    took = int((time.monotonic() - start) * 1000)
    note = "\n".join([f"{total - good} of {total} attempts fail without cordon", *bad[:20]])
    report.one("demo", "control_attacks_succeed", not bad, note if bad else "", took)
