# SPDX-License-Identifier: GPL-2.0-or-later
"""tests/kselftest in a kernel tree's selftests: builds and installs as one of them, and runs
under the kernel's own runner in a guest; its config fragment has what the tests use."""
import pathlib
import re
import shutil
import subprocess
import time

import cache
import kernels
import modules
import suites
from boot import Guest
from run import run_guest

# What the kernel's make and runner are made of, besides the tests.
FRAME = ("Makefile", "lib.mk", "kselftest.h", "kselftest_harness.h", "run_kselftest.sh", "kselftest")
HERE = cache.BUILD / "kselftest/tree"
INSTALLED = HERE / "installed"
CHEAP = ("11_lab.sh", "netlink_ports")
RUNNER = """#!/bin/bash
# timeout: 180
cd /kselftest && exec ./run_kselftest.sh {tests}
"""
# The option behind a link type of `ip link add`, and behind a module that a test loads.
LINK_TYPES = {"bridge": "BRIDGE", "dummy": "DUMMY", "ipip": "NET_IPIP", "macvlan": "MACVLAN",
              "veth": "VETH", "vlan": "VLAN_8021Q", "vrf": "NET_VRF", "foil": "MODULES"}
LOADED = {"br_netfilter": "BRIDGE_NETFILTER", "cordon": "MODULES", "foil": "MODULES", "ipip": "NET_IPIP",
          "nf_conntrack_bridge": "NF_CONNTRACK_BRIDGE"}


def install() -> tuple[bool, str]:
    """`make TARGETS=cordon install`, as a kernel tree would; what it said."""
    source = kernels.source()
    top = HERE / "tools/testing/selftests"
    shutil.rmtree(HERE, ignore_errors=True)
    top.mkdir(parents=True)
    (HERE / "scripts").mkdir()
    shutil.copy2(source / "scripts/subarch.include", HERE / "scripts")
    for name in FRAME:
        subprocess.run(["cp", "-a", str(source / "tools/testing/selftests" / name), str(top)], check=True)
    subprocess.run(["cp", "-rs", str(cache.TREE / "tests/kselftest"), str(top / "cordon")], check=True)
    done = subprocess.run(["make", "-s", "-C", str(top), "TARGETS=cordon", f"KSFT_INSTALL_PATH={INSTALLED}",
                           "FORCE_TARGETS=1", "install"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False,
                          env=modules.clean_environment())
    return done.returncode == 0, done.stdout


def lost() -> list[str]:
    """The tests that the installed list lacks."""
    listed = set((INSTALLED / "kselftest-list.txt").read_text().split())
    there = {path.name for path in suites.TESTS.glob("[0-9]*.sh")}
    there |= {path.stem for path in suites.sources()}
    return sorted(name for name in there if f"cordon:{name}" not in listed or
                  not (INSTALLED / "cordon" / name).exists())


def used() -> dict[str, str]:
    """Option -> the test that needs it, by what the tests make and load."""
    need = {}
    for path in [*suites.TESTS.glob("*.sh"), *suites.TESTS.glob("*.c")]:
        text = path.read_text()
        for kind in re.findall(r"\blink add [^\n]*?\btype ([a-z0-9]+)", text):
            need.setdefault(LINK_TYPES.get(kind, f"(none known for link type {kind})"), path.name)
        for module in re.findall(r"\bmodprobe (?:-[qn] )?([a-z]\w+)", text):
            need.setdefault(LOADED.get(module, f"(none known for module {module})"), path.name)
    return need


def config_faults() -> list[str]:
    """What the fragment lacks, and what it asks for that no kernel of the guests has."""
    asked = set(re.findall(r"^CONFIG_(\w+)=[ym]$", (suites.TESTS / "config").read_text(), re.M))
    faults = [f"{option} is needed by {name}" for option, name in used().items() if option not in asked]
    config = (kernels.kernel("uml").kdir / ".config").read_text()
    granted = set(re.findall(r"^CONFIG_(\w+)=[ym]$", config, re.M))
    return faults + [f"the User-Mode Linux guest has no {option}" for option in sorted(asked - granted)]


def runner() -> pathlib.Path:
    """The guest test that calls the kernel's runner."""
    script = HERE / "kernel_runner.sh"
    script.write_text(RUNNER.format(tests=" ".join(f"-t cordon:{name}" for name in CHEAP)))
    return script


def stage(report, args) -> None:
    """Installed, complete, and run."""
    del args
    start = time.monotonic()
    ok, said = install()
    missing = lost() if ok else []
    report.one("host", "kselftest_install", ok and not missing,
               said if not ok else f"not installed: {missing}" if missing else "",
               int((time.monotonic() - start) * 1000))
    faults = config_faults()
    report.one("host", "kselftest_config", not faults, "\n".join(faults))
    if ok:
        run_guest(report, Guest(vehicle="uml", tests=[runner()], name="uml-kselftest", leakcheck=False,
                                manifest=f"tree {INSTALLED} /kselftest\n"))
