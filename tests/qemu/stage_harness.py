# SPDX-License-Identifier: GPL-2.0-or-later
"""The harness's own test: each planted fault must fail its run, and only it."""
import concurrent.futures
import pathlib
import time

import cache
import kernels
import modules
from boot import Guest, boot

MINUTES = 2

SCRIPT = """#!/bin/bash
echo "TAP version 13"
echo "1..1"
{act}
echo "ok 1 - planted"
"""
INSERT = "modprobe plant fault={fault} || exit 1"

# name: vehicle, what the test does, the words that must explain the failure
PLANTS = {
    "nothing": ("uml", ":", None),
    "message": ("uml", INSERT.format(fault="message"), ["the kernel complained"]),
    "lockdep": ("uml", INSERT.format(fault="lockdep"),
                ["the kernel complained", "circular locking dependency", "lockdep turned itself off"]),
    "rcu": ("uml", INSERT.format(fault="rcu"),
            ["the kernel complained", "suspicious RCU usage", "rcu_dereference_check"]),
    "kasan": ("uml", INSERT.format(fault="kasan"),
              ["the kernel complained", "KASAN: slab-out-of-bounds in fault_kasan"]),
    "leak": ("uml", INSERT.format(fault="leak"), ["kmemleak", "unreferenced object"]),
    "taint": ("uml", INSERT.format(fault="taint"), ["taint"]),
    "warn": ("uml", INSERT.format(fault="warn"), ["no verdict", "panic_on_warn"]),
    "panic": ("uml", INSERT.format(fault="panic"), ["no verdict", "syncing: planted"]),
    "late": ("uml", INSERT.format(fault="late"), ["after the verdict"]),
    "dies": ("uml", "echo 1 > /proc/sys/kernel/sysrq; kill -9 -1; kill -KILL $$",
             ["killed by signal 9"]),
    "gone": ("uml", "/usr/bin/busybox poweroff -f", ["without a verdict"]),
    "hang": ("uml", "while :; do read -r -t 9 _ < /dev/tty; done", ["timed out"]),
    "short": ("uml", "echo '1..3'", ["planned"]),
    "silent": ("uml", "exit 0", ["no case was reported"]),
    "skips": ("uml", "echo 'ok 1 - x # SKIP planted'; exit 0", ["unexpected skip"]),
    "warn_on_stock": ("stock", INSERT.format(fault="warn"), ["no verdict", "panic_on_warn"]),
    "taint_on_stock": ("stock", INSERT.format(fault="taint"), ["taint"]),
    "late_on_stock": ("stock", INSERT.format(fault="late"), ["after the verdict"]),
}
# With --full: the kernel with more than one processor and preemption.
FULL_PLANTS = {
    "nothing_on_debug": ("debug", ":", None),
    "lockdep_on_debug": ("debug", INSERT.format(fault="lockdep"),
                         ["the kernel complained", "circular locking dependency",
                          "lockdep turned itself off"]),
    "kasan_on_debug": ("debug", INSERT.format(fault="kasan"),
                       ["the kernel complained", "KASAN: slab-out-of-bounds in fault_kasan"]),
    "atomic_on_debug": ("debug", INSERT.format(fault="atomic"),
                        ["the kernel complained", "sleeping function called from invalid context"]),
    "leak_on_debug": ("debug", INSERT.format(fault="leak"), ["kmemleak", "unreferenced object"]),
}


def plant(name: str) -> tuple[bool, str]:
    """Boots a guest with one fault; whether it ended as it should."""
    from report import Report
    vehicle, act, words = (PLANTS | FULL_PLANTS)[name]
    folder = cache.BUILD / "plant"
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / f"planted_{name}.sh"
    limit = "# timeout: 2\n" if name == "hang" else ""
    script.write_text(SCRIPT.format(act=act).replace("\n", "\n" + limit, 1))
    module = modules.test_ko(kernels.kernel(vehicle), "plant")
    inner = Report(quiet=True, stream=open("/dev/null", "w", encoding="ascii"))
    result = boot(Guest(vehicle=vehicle, tests=[script], with_cordon=False, modules=[module],
                        name=f"plant-{name}", leakcheck=name.startswith(("leak", "nothing"))),
                  lambda test: inner.test(vehicle, test))
    return judge(result, inner, words)


def judge(result, inner, words) -> tuple[bool, str]:
    """A fault must show, in its own words; no fault must not."""
    told = [line for test in result.tests for line in test.output if line.startswith("# k")]
    story = "\n".join([result.reason, *inner.failures, *told,
                       *(case.note for test in result.tests for case in test.cases),
                       *(test.reason for test in result.tests)])
    failed = not result.ok or any(not case.ok for test in result.tests for case in test.cases)
    if words is None:
        return not failed, f"a sound guest failed: {story}" if failed else ""
    if not failed:
        return False, "the run passed"
    missing = [word for word in words if word not in story]
    return not missing, f"failed, but did not say {missing}: {story}"


def one(report, name: str) -> None:
    """One plant is one case."""
    start = time.monotonic()
    ok, why = plant(name)
    report.one("harness", f"plant_{name}", ok, "" if ok else why,
               int((time.monotonic() - start) * 1000))
    if ok:
        forget(name)


def stage(report, args) -> None:
    """All plants, as many at a time as guests are run."""
    names = [*PLANTS, *(FULL_PLANTS if args.full else ())]
    report.say(f"-- harness: {len(names)} planted faults")
    with concurrent.futures.ThreadPoolExecutor(max_workers=args.jobs) as pool:
        list(pool.map(lambda name: one(report, name), names))


def forget(name: str) -> None:
    """The artefacts of a fault we planted are of no use."""
    import shutil
    for path in pathlib.Path(cache.BUILD / "artifacts").glob(f"plant-{name}-*"):
        shutil.rmtree(path, ignore_errors=True)
