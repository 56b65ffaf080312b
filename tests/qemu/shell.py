# SPDX-License-Identifier: GPL-2.0-or-later
"""`make shell`: a gateway guest on the terminal, with module, tools and examples."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

import boot
import cache
import kernels
import suites


def run(vehicle: str, variant: str, args: str) -> int:
    """Boots until the shell in the guest exits."""
    if vehicle == "uml":
        print("the shell runs in QEMU: stock or debug", file=sys.stderr)
        return 2
    kernel = kernels.kernel(vehicle)
    tests = suites.tests(vehicle, lambda name: True)
    guest = boot.Guest(vehicle=vehicle, variant=variant, tests=tests, leakcheck=False)
    (cache.BUILD / "run").mkdir(parents=True, exist_ok=True)
    directory = pathlib.Path(tempfile.mkdtemp(dir=cache.BUILD / "run", prefix="shell."))
    try:
        boot.prepare(guest, kernel, directory, shell=True)
        command = boot.qemu_command(guest, kernel, directory / "initrd.cpio", "mon:stdio",
                                    f"console=ttyS0 quiet panic=-1 {args}")
        print("A gateway guest: `. /tests/lib.sh; topology_up` makes a network, tests are in "
              "/tests,\nexit ends it (or Ctrl-A x).")
        return subprocess.run(command, check=False).returncode
    finally:
        shutil.rmtree(directory, ignore_errors=True)
