# SPDX-License-Identifier: GPL-2.0-or-later
"""The harness's own test: each planted fault must fail its run, and only it."""
import pathlib
import time

import cache
import kernels
import modules
from boot import Guest, boot

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
    "message": ("uml", INSERT.format(fault="message"), "the kernel complained"),
    "leak": ("uml", INSERT.format(fault="leak"), "kmemleak"),
    "taint": ("uml", INSERT.format(fault="taint"), "taint"),
    "warn": ("uml", INSERT.format(fault="warn"), "no verdict"),
    "panic": ("uml", INSERT.format(fault="panic"), "no verdict"),
    "dies": ("uml", "echo 1 > /proc/sys/kernel/sysrq; kill -9 -1; kill -KILL $$",
             "killed by signal 9"),
    "gone": ("uml", "/usr/bin/busybox poweroff -f", "without a verdict"),
    "hang": ("uml", "while :; do read -r -t 9 _ < /dev/tty; done", "timed out"),
    "short": ("uml", "echo '1..3'", "planned"),
    "silent": ("uml", "exit 0", "no case was reported"),
    "skips": ("uml", "echo 'ok 1 - x # SKIP planted'; exit 0", "unexpected skip"),
    "warn_on_stock": ("stock", INSERT.format(fault="warn"), "no verdict"),
    "taint_on_stock": ("stock", INSERT.format(fault="taint"), "taint"),
}


def plant(name: str) -> tuple[bool, str]:
    """Boots a guest with one fault; whether it ended as it should."""
    from report import Report
    vehicle, act, words = PLANTS[name]
    folder = cache.BUILD / "plant"
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / f"planted_{name}.sh"
    limit = "# timeout: 2\n" if name == "hang" else ""
    script.write_text(SCRIPT.format(act=act).replace("\n", "\n" + limit, 1))
    module = modules.plant_ko(kernels.kernel(vehicle))
    inner = Report(quiet=True, stream=open("/dev/null", "w", encoding="ascii"))
    result = boot(Guest(vehicle=vehicle, tests=[script], with_cordon=False, modules=[module],
                        name=f"plant-{name}", leakcheck=name in ("leak", "nothing")),
                  lambda test: inner.test("plant", test))
    return judge(result, inner, words)


def judge(result, inner, words) -> tuple[bool, str]:
    """A fault must show, in its own words; no fault must not."""
    story = "\n".join([result.reason, *inner.failures,
                       *(case.note for test in result.tests for case in test.cases),
                       *(test.reason for test in result.tests)])
    failed = not result.ok or any(not case.ok for test in result.tests for case in test.cases)
    if words is None:
        return not failed, f"a sound guest failed: {story}" if failed else ""
    if not failed:
        return False, "the run passed"
    return words in story, f"failed, but said: {story}"


def stage(report, args) -> None:
    """Each plant is one case."""
    report.say(f"-- harness: {len(PLANTS)} planted faults")
    for name in PLANTS:
        start = time.monotonic()
        ok, why = plant(name)
        report.one("harness", f"plant_{name}", ok, "" if ok else why,
                   int((time.monotonic() - start) * 1000))
        if ok:
            forget(name)


def forget(name: str) -> None:
    """The artefacts of a fault we planted are of no use."""
    import shutil
    for path in pathlib.Path(cache.BUILD / "artifacts").glob(f"plant-{name}-*"):
        shutil.rmtree(path, ignore_errors=True)
