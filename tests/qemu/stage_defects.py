# SPDX-License-Identifier: GPL-2.0-or-later
"""Seeded defects: no release module has any, and the tests see those that a test build has.

Each check wakes a few of the table (tests/defects); `make check-defects` all of it.
"""
import pathlib
import sys

import cache
import kernels
import modules
from boot import Guest
from run import run_guest

HERE = cache.TREE / "tests/defects"
sys.path.append(str(HERE))

import defects as waking
import seeding
import table

MINUTES = 4


def release_is_clean(report) -> None:
    """A release module has no parameter, symbol or string of a defect; the test build has, or this test sees nothing."""
    for vehicle in ("stock", "uml"):
        kernel = kernels.build_only(vehicle)
        found = seeding.traces(modules.cordon_ko(kernel, "release"))
        report.one("host", f"no_defect_in_release_{vehicle}", not found, f"the module has {', '.join(found[:5])}" if found else "")
    missing = [d.name for d in table.DEFECTS
               if f"cordon_defect_{d.name}" not in seeding.traces(modules.cordon_ko(kernels.build_only("uml"), "defects"))]
    report.one("host", "every_defect_in_the_test_build", not missing, f"not there: {', '.join(missing[:5])}" if missing else "")


def stage(report, args) -> None:
    """The release module, the parameter, and the defects."""
    release_is_clean(report)
    run_guest(report, Guest(vehicle="uml", variant="defects", tests=[HERE / "guest_parameter.sh"], name="uml-defects",
                            leakcheck=False))
    chosen = waking.chosen((), True)
    report.say(f"-- defects: {len(chosen)} of {len(table.DEFECTS)}")
    good, best = waking.check(chosen, args.jobs, report.say)
    for name, run in best.items():
        report.one("defects", name, run.seen, "" if run.seen else run.how, int(run.seconds * 1000))
    report.one("defects", "as_many_as_asked_for", good, "" if good else "see the lines above")
