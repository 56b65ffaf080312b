# SPDX-License-Identifier: GPL-2.0-or-later
"""The control builds: would the enforcement tests notice a module that judges nothing?

Runs the enforcement tests in two more guests, with a module that accepts
everything and with one that denies everything (kmod/segment/test.h). The first
word of a case says on what it hangs (lib_lab.sh), and so how it has to end there:

    allow   passes under accept-all, fails under deny-all
    deny    fails under accept-all, passes under deny-all
    both    fails under both
    plain   passes under both

A failure counts only with its evidence. Under accept-all a frame whose denial is
tested has to arrive; or it did before the module was armed, in a case "plain:
control: <the name> arrives" of the same file; or the name says that the stack
itself lets no such frame pass ("... drops it, too"). Under deny-all a frame whose
acceptance is tested has to be dropped by the module: its counters say so. So
nothing is right by impatience here, and these guests wait a quarter of the time
for what will not come (lib.sh, lab).

They do without the proof of locking, which is the other guests' work and needs
more stack than User-Mode Linux has left under accept-all, where every frame goes
its whole way: with it the end of a stack was overwritten.

The enforcement tests are 10_ to 39_: all that send frames through the module.
Not among them: 11_lab (its point is that the module is not there), 33_ and 37_
(for the stock kernel alone), netlink_ops and netlink_ports (what the module says
to requests; no frame is judged), 40_ to 43_ and 47_ (nftables, alone or as the
second layer, which denies without the module), 44_ to 46_ (the examples with both
layers: each begins with its attacks succeeding without a policy), and the tests
of daemon, doctor and crashes (what is in force, not what that means for a
frame). The demo has a control run of its own.

48_layers.sh is the other use of the accept build: its marks are the release
module's, so it shows what nftables alone denies. There it has to pass.
"""
import functools
import os
import re
import shutil

import suites
from boot import Guest, boot
from ktap import Case, Test

SELECTS_ITSELF = True
VEHICLE = "uml"             # fast enough for the whole suite, twice
ARGS = "sysctl.kernel.prove_locking=0"
LAYERS = "48_layers.sh"
ENDS = {"allow": (True, False), "deny": (False, True), "both": (False, False),
        "plain": (True, True)}


def chosen(name: str, pattern: str | None) -> bool:
    """Whether a test is selected; "control" selects all of them."""
    from run import selected
    return selected("control", pattern) or (pattern or "").startswith("control:") and \
        selected(name, pattern.removeprefix("control:"))


def enforcement(name: str) -> bool:
    """Whether a test sends frames through the module."""
    return re.match(r"[123]\d_.*\.sh", name) is not None and name != "11_lab.sh"


def never_arrived(test: Test, case: Case) -> bool:
    """A denial that fails under accept-all, yet the frame came nowhere, now or before arming."""
    if "arrived=nowhere" not in case.note and not re.search(r"\bbad silent\b", case.note):
        return False
    control = f"plain: control: {case.name.partition(': ')[2]}"
    return not case.name.endswith("drops it, too)") and \
        not any(other.ok and other.name.startswith(control) for other in test.cases)


def never_dropped(case: Case) -> bool:
    """An acceptance that fails under deny-all, yet the module dropped nothing."""
    return re.search(r"\bdrops=(none)?$", case.note) is not None


def violation(test: Test, case: Case, variant: str) -> str | None:
    """Why a case does not end as its kind has to, or nothing."""
    kind = case.name.partition(":")[0]
    if kind not in ENDS:
        return "no kind, or the test broke off"
    should = ENDS[kind][variant == "deny"]
    if case.ok != should:
        return "fails, and should pass" if should else "passes, and should fail"
    if variant == "accept" and kind == "deny" and never_arrived(test, case):
        return "arrives nowhere without a denial"
    if variant == "deny" and not should and never_dropped(case):
        return "nothing was dropped"
    return None


def judge(test: Test, variant: str) -> Test:
    """A guest's test as a test of the test: one case a violation."""
    result = Test(f"{variant} {test.name}", ms=test.ms, output=test.output)
    for case in test.cases:
        why = violation(test, case, variant)
        if why:
            result.cases.append(Case(f"{case.name}: {why}", False, None, case.note))
    result.ok = not result.cases
    if result.ok:
        counted = len(test.cases)
        result.cases.append(Case(f"{counted} cases end as they should", bool(counted)))
    return result


def run(report, variant: str, tests: list) -> None:
    """One control guest into the report."""
    label = f"{VEHICLE}-{variant}"
    report.say(f"-- {label}: {len(tests)} tests against a module that "
               f"{'accepts' if variant == 'accept' else 'denies'} everything")
    fine = []

    def done(test: Test) -> None:
        judged = enforcement(test.name)
        result = judge(test, variant) if judged else test
        fine.append(result.ok)
        report.test("control" if judged else label, result)

    result = boot(Guest(vehicle=VEHICLE, variant=variant, tests=tests, name=f"control-{variant}",
                        args=ARGS), done)
    ended = len(result.tests) == len(tests) + 1 and not result.reason.startswith("no verdict")
    if not ended:
        report.one(label, "ended", False, result.reason or "not all tests ran")
    if ended and all(fine):
        target = result.directory.parent / f"control-{variant}-last"
        if result.directory != target:
            shutil.rmtree(target, ignore_errors=True)
            os.rename(result.directory, target)


def parts(report, args) -> list:
    """Both guests."""
    tests = suites.tests(VEHICLE, lambda name: enforcement(name) and chosen(name, args.pattern))
    layers = suites.tests(VEHICLE, lambda name: name == LAYERS and chosen(name, args.pattern))
    guests = [("accept", tests + layers), ("deny", tests)]
    return [(9, functools.partial(run, report, *guest)) for guest in guests if guest[1]]
