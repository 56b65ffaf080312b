#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Plays the attack table: `make attack [T=A10] [COUNT=small|full|N] [V=uml,stock,debug]`.

Every row without cordon (the attack has to work), the legitimate twin under cordon, and the attack under cordon. Prints a line a row,
and at the end `attacks: R rows, L leaks in M packets`; fails when one case did.
"""
import argparse
import concurrent.futures
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / "qemu")]

import rows
import suites
from boot import boot, guest_failure
from initrd import InitrdError
from kernels import KernelError
from modules import ModuleError
from report import Report


def play(report: Report, vehicle: str, tests: list, count: str, pattern: str | None, label: str) -> list:
    """The selected rows of these files in one guest, into the report."""
    found = []
    report.say(f"-- {label}: {len(tests)} files of attacks in a guest")

    def done(test) -> None:
        report.test(label, test)
        found.extend(rows.played(vehicle, test))

    try:
        result = boot(rows.guest(vehicle, tests, count, pattern, label), done)
    except (KernelError, ModuleError, InitrdError, OSError) as error:
        report.one(label, "boot", False, str(error))
        return found
    unexplained = guest_failure(result)
    if unexplained:
        report.test(label, unexplained)
    lost = rows.missing(found, tests, pattern)
    if lost:
        report.one(label, "all rows were played", False, f"missing: {' '.join(lost)}")
    few = rows.thin(found, rows.COUNTS["full"]) if count == "full" else []
    if few:
        report.one(label, "every row sent enough", False, f"too few frames: {' '.join(few)}")
    return found


def play_all(report: Report, vehicles: list[str], count: str, pattern: str | None) -> list:
    """Several vehicles, two guests at a time; a vehicle alone in both of them."""
    parts = max(2 // len(vehicles), 1)
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        runs = [pool.submit(play, report, vehicle, tests, count, pattern, f"{vehicle}-attack-{number}")
                for vehicle in vehicles for number, tests in enumerate(suites.shares(rows.files(vehicle, pattern), parts), 1)]
        return [row for run in runs for row in run.result()]


def main() -> int:
    """The command behind `make attack`."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("-T", "--pattern", default=None, help="rows, as globs: A10, 'C*'")
    top.add_argument("-c", "--count", default="small", help="small, full, or frames an attack")
    top.add_argument("-v", "--vehicles", default="uml", help="of uml, stock, debug; comma-separated")
    args = top.parse_args()
    if args.count not in rows.COUNTS and not args.count.isdigit():
        top.error("COUNT is small, full or a number")
    report = Report()
    found = play_all(report, args.vehicles.split(","), args.count, args.pattern)
    if not found:
        print("no row of that name", file=sys.stderr)
        return 2
    for line in rows.table(found):
        report.say(line)
    return report.summary()


if __name__ == "__main__":
    sys.exit(main())
