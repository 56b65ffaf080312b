# SPDX-License-Identifier: GPL-2.0-or-later
"""tests/lint/lint.sh: what can be said of the sources without running them.

`check` asks what takes seconds; `check-full` also checkpatch, sparse and both compilers.
"""
import re
import subprocess
import time

import cache

QUICK = ["spdx", "versions", "release", "sleep", "private_paths", "lengths", "python"]


def stage(report, args) -> None:
    """Each check is a case."""
    report.say("-- lint")
    start = time.monotonic()
    done = subprocess.run([str(cache.TREE / "tests/lint/lint.sh"), *([] if args.full else QUICK)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False)
    found = re.findall(r"^(ok  |FAIL) (\w+) +(\d+) s\n((?:     .*\n)*)", done.stdout, re.M)
    for verdict, name, seconds, text in found:
        report.one("lint", name, verdict == "ok  ", text, int(seconds) * 1000)
    if not found or (done.returncode and all(verdict == "ok  " for verdict, *_ in found)):
        report.one("lint", "ended", False, done.stdout, int((time.monotonic() - start) * 1000))
