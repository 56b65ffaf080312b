# SPDX-License-Identifier: GPL-2.0-or-later
"""tests/kselftest builds and lists its tests inside a kernel tree's selftests."""
import shutil
import subprocess
import time

import cache
import kernels
import modules


def stage(report, args) -> None:
    """Links the directory into a copy of the selftests' frame and asks make."""
    del args
    start = time.monotonic()
    source = kernels.source() / "tools/testing/selftests"
    top = cache.BUILD / "kselftest/tree/tools/testing/selftests"
    shutil.rmtree(cache.BUILD / "kselftest/tree", ignore_errors=True)
    top.mkdir(parents=True)
    for name in ("lib.mk", "kselftest.h", "kselftest_harness.h"):
        shutil.copy2(source / name, top / name)
    subprocess.run(["cp", "-rs", str(cache.TREE / "tests/kselftest"), str(top / "cordon")],
                   check=True)
    out = cache.BUILD / "kselftest/tree/out"
    out.mkdir()
    command = ["make", "-s", "-C", str(top / "cordon"), f"OUTPUT={out}"]
    done = subprocess.run(command + ["all", "emit_tests", "COLLECTION=cordon"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False, env=modules.clean_environment())
    listed = {line.removeprefix("cordon:") for line in done.stdout.splitlines()}
    there = {path.name for path in (cache.TREE / "tests/kselftest").glob("[0-9]*.sh")}
    ok = done.returncode == 0 and there <= listed
    report.one("host", "kselftest_layout", ok, "" if ok else done.stdout,
               int((time.monotonic() - start) * 1000))
