#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Shows cordon at work on real traffic in a guest, and says whether it held.

    demo.py               the demo (runs the control first if it is not recorded)
    demo.py control       the same building without cordon: the attacks must work
"""
import argparse
import pathlib
import signal
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "qemu"))

import bringup
import building as tables
import control
import initrd
import kernels
import modules
import picture
import verdict
from bringup import DemoError
from follow import Follower, kernel_check, live_checks


def say(text: str = "") -> None:
    """One line."""
    print(text, flush=True)


def do_control(building: tables.Building) -> int:
    """The control run by itself, always a new one."""
    say("the building without cordon: every attempt and every attack should succeed")
    kept = control.run(building)
    good, total, bad = control.judge(building, kept)
    for line in bad:
        say(f"  WRONG: {line}")
    say(f"control: {good} of {total} attempts and attacks succeed without cordon ({kept['seconds']} s)")
    return 1 if bad else 0


def control_of(building: tables.Building) -> dict:
    """The control run: the recorded one, or a new one if the inputs are others."""
    kept = control.recorded(building)
    if kept:
        say(f"1. The building without cordon (recorded {kept['when']}; what it ran is unchanged)")
    else:
        say("1. The building without cordon")
        kept = control.run(building)
    good, total, _ = control.judge(building, kept)
    say(f"   {good} of {total} attempts and attacks succeed")
    return kept


def do_demo(building: tables.Building) -> int:
    """All of it."""
    start = time.monotonic()
    allowed = tables.expected(building)
    kept = control_of(building)
    say()
    say("2. The building with cordon")
    painter = picture.Painter(sys.stdout)
    seen = Follower(len(building.real_cells(allowed)),
                    lambda cells: say(picture.matrix(building, allowed, cells, painter)))
    result = bringup.run_guest("cordon", building, allowed, seen)
    if "first" not in seen.cells:
        raise DemoError("\n".join(["the guest did not get as far as the matrix",
                                   *bringup.why(result)]))
    say()
    say("3. What the policy says, and what was seen")
    tally = verdict.Tally()
    tally.matrix(building, allowed, seen.cells["first"], kept["cells"])
    tally.phases(building, allowed, seen.cells)
    tally.real(building, allowed, seen.real)
    tally.live([*live_checks(result), kernel_check(result)])
    if not result.ok and not tally.bad:
        tally.bad.append(result.reason)
    for line in tally.lines:
        say(f"   {line}")
    for line in tally.bad:
        say(painter.paint(f"   WRONG: {line}", "31;1"))
    if not result.ok:
        say("\n".join(bringup.why(result)))
    took = int(time.monotonic() - start)
    say(f"   took {took // 60} min {took % 60:02} s")
    say(f"demo: {tally.good} of {tally.good + len(tally.bad)} checks as the policy says")
    return 1 if tally.bad else 0


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", default="demo", choices=["demo", "control"])
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        building = tables.Building()
        return do_control(building) if args.what == "control" else do_demo(building)
    except (DemoError, tables.TableError, kernels.KernelError, modules.ModuleError,
            initrd.InitrdError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
