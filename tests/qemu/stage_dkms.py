# SPDX-License-Identifier: GPL-2.0-or-later
"""dkms in a clean Debian root, then that root's kernel in a guest: modprobe cordon."""
import glob
import os
import pathlib
import re
import shutil
import subprocess
import time

import cache
import kernels
from boot import Guest, boot

FULL_ONLY = True
PACKAGES = "dkms,linux-image-amd64,linux-headers-amd64"
PARTS = ("Kbuild", "kmod", "dkms.conf")
SCRIPT = """#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
echo "TAP version 13"
echo "1..2"
modprobe cordon && echo "ok 1 - modprobe" || echo "not ok 1 - modprobe"
modprobe -r cordon && echo "ok 2 - modprobe -r" || echo "not ok 2 - modprobe -r"
"""


class DkmsError(Exception):
    """A step failed; its output says why."""


def run(command) -> str:
    """A command whose failure ends the stage."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False)
    if done.returncode:
        raise DkmsError(f"{' '.join(map(str, command))}\n{done.stdout[-4000:]}")
    return done.stdout


def sources() -> list[str]:
    """The package sources this machine uses itself."""
    found = ["/etc/apt/sources.list", *sorted(glob.glob("/etc/apt/sources.list.d/*"))]
    return [path for path in found if os.path.isfile(path) and
            re.search(r"^(deb |Types:)", pathlib.Path(path).read_text(), re.M)]


def suite() -> str:
    """This machine's own release."""
    text = pathlib.Path("/etc/os-release").read_text()
    return re.search(r"^VERSION_CODENAME=(\w+)", text, re.M).group(1)


def root(report) -> pathlib.Path:
    """A clean root with dkms, a kernel and its headers; kept in the cache."""
    target = cache.root() / "dkms" / f"{suite()}-{cache.key(PACKAGES, kernels.stock().release)}"
    with cache.lock("dkms"):
        if not (target / "complete").exists():
            report.say("  making a clean root with mmdebstrap")
            shutil.rmtree(target, ignore_errors=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            run(["mmdebstrap", "--quiet", "--variant=apt", f"--include={PACKAGES}", suite(),
                 str(target), *sources()])
            (target / "complete").touch()
    return target


def inside(target: pathlib.Path, *command) -> str:
    """A command in the root, with /proc for objtool, in namespaces of its own."""
    return run(["unshare", "--mount", "--pid", "--fork", f"--mount-proc={target}/proc",
                "chroot", str(target), *command])


def install(target: pathlib.Path) -> tuple[str, pathlib.Path]:
    """dkms add, build, install; the kernel's release and the module."""
    conf = (cache.TREE / "dkms.conf").read_text()
    version = re.search(r'PACKAGE_VERSION="([^"]+)"', conf).group(1)
    release = sorted(os.listdir(target / "lib/modules"))[-1]
    shutil.rmtree(target / "var/lib/dkms/cordon", ignore_errors=True)
    copy = target / f"usr/src/cordon-{version}"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    for part in PARTS:
        run(["cp", "-rL", str(cache.TREE / part), str(copy)])
    for verb in ("add", "build", "install"):
        words = [] if verb == "add" else ["-k", release]
        inside(target, "dkms", verb, f"cordon/{version}", *words)
    found = glob.glob(f"{target}/lib/modules/{release}/updates/dkms/cordon.ko*")
    if not found:
        raise DkmsError("dkms installed no cordon.ko")
    return release, pathlib.Path(found[0])


def stage(report, args) -> None:
    """Builds, then boots."""
    del args
    start = time.monotonic()
    try:
        target = root(report)
        release, module = install(target)
    except DkmsError as error:
        report.one("dkms", "build", False, str(error))
        return
    report.one("dkms", "build", True, ms=int((time.monotonic() - start) * 1000))
    script = cache.BUILD / "dkms" / "modprobe.sh"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(SCRIPT)
    kernel = kernels.Kernel("stock", release, target / f"boot/vmlinuz-{release}",
                            target / f"lib/modules/{release}/build", "x86_64",
                            target / f"lib/modules/{release}")
    boot(Guest(name="dkms", kernel=kernel, tests=[script], with_cordon=False, modules=[module]),
         lambda test: report.test("stock-dkms", test))
