# SPDX-License-Identifier: GPL-2.0-or-later
"""The control builds: would the enforcement tests notice a module that judges nothing?

Runs the enforcement tests (10_ to 39_) in two more guests, with a module that accepts
everything and with one that denies everything. The first word of a case says
on what it hangs (lib_lab.sh), and so how it has to end there:

    allow   passes under accept-all, fails under deny-all
    deny    fails under accept-all, passes under deny-all
    both    fails under both
    plain   passes under both

A frame whose denial is tested has to arrive under accept-all, or before the
module was armed: a case of the same file that begins with "plain: control".
"""
import concurrent.futures
import os
import re
import shutil

import suites
from boot import Guest, boot
from ktap import Case, Test

SELECTS_ITSELF = True
FULL_ONLY = True            # four guests' worth of time
VEHICLE = "uml"             # fast enough for the whole suite, twice
ENDS = {"allow": (True, False), "deny": (False, True), "both": (False, False),
        "plain": (True, True)}


def wanted(name: str, pattern: str | None) -> bool:
    """Whether a test is one of ours and selected; "control" selects all."""
    from run import selected
    path = suites.TESTS / name
    if not re.match(r"[123]\d_.*\.sh", name) or "lib_lab.sh" not in path.read_text():
        return False
    return selected("control", pattern) or (pattern or "").startswith("control:") and \
        selected(name, pattern.removeprefix("control:"))


def never_arrived(test: Test, case: Case) -> bool:
    """A denial that fails under accept-all, yet the frame came nowhere."""
    return "arrived=nowhere" in case.note or re.search(r"\bbad silent\b", case.note) is not None


def judge(test: Test, variant: str) -> Test:
    """A guest's test as a test of the test: one case a violation."""
    result = Test(f"{variant} {test.name}", ms=test.ms, output=test.output)
    counted = 0
    for case in test.cases:
        kind = case.name.partition(":")[0]
        if kind not in ENDS:
            result.cases.append(Case(f"{case.name}: no kind, or the test broke off", False))
            continue
        counted += 1
        should = ENDS[kind][variant == "deny"]
        if case.ok != should:
            why = "fails, and should pass" if should else "passes, and should fail"
            result.cases.append(Case(f"{case.name}: {why}", False, None, case.note))
        elif variant == "accept" and kind == "deny" and never_arrived(test, case) and \
                not any(other.name.startswith("plain: control") for other in test.cases):
            result.cases.append(Case(f"{case.name}: arrives nowhere without a denial", False, None,
                                     case.note))
    result.ok = not result.cases
    if result.ok:
        result.cases.append(Case(f"{counted} cases end as they should", bool(counted)))
    return result


def run(report, variant: str, tests: list) -> None:
    """One control guest into the report."""
    label = f"{VEHICLE}-{variant}"
    report.say(f"-- {label}: {len(tests)} tests against a module that "
               f"{'accepts' if variant == 'accept' else 'denies'} everything")
    fine = []

    def done(test: Test) -> None:
        result = test if test.name == "health" else judge(test, variant)
        fine.append(result.ok)
        report.test("control" if test.name != "health" else label, result)

    result = boot(Guest(vehicle=VEHICLE, variant=variant, tests=tests,
                        name=f"control-{variant}"), done)
    ended = len(result.tests) == len(tests) + 1 and not result.reason.startswith("no verdict")
    if not ended:
        report.one(label, "ended", False, result.reason or "not all tests ran")
    if ended and all(fine):
        target = result.directory.parent / f"control-{variant}-last"
        if result.directory != target:
            shutil.rmtree(target, ignore_errors=True)
            os.rename(result.directory, target)


def stage(report, args) -> None:
    """Both guests, side by side."""
    tests = suites.tests(VEHICLE, lambda name: wanted(name, args.pattern))
    if not tests:
        return
    with concurrent.futures.ThreadPoolExecutor(max_workers=args.jobs) as pool:
        list(pool.map(lambda variant: run(report, variant, tests), ("accept", "deny")))
