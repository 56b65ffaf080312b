# SPDX-License-Identifier: GPL-2.0-or-later
"""A step of `check`: the demo's control run. Without cordon every attack works."""
import contextlib
import sys
import time

import cache

sys.path.insert(0, str(cache.TREE / "tests/demo"))


def stage(report, args) -> None:
    """The recorded run of these inputs, or a new one with --full."""
    import building as tables
    import demo
    start = time.monotonic()
    report.say("-- demo: the building without cordon")
    log = cache.BUILD / "demo/control.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w", encoding="utf-8") as sink, contextlib.redirect_stdout(sink):
        building = tables.Building()
        kept = demo.control(building, again=args.full)
    good, total, bad = demo.judge_control(building, kept)
    took = int((time.monotonic() - start) * 1000)
    note = "\n".join([f"{total - good} of {total} attempts fail without cordon", *bad[:20]])
    report.one("demo", "control_attacks_succeed", not bad, note if bad else "", took)
