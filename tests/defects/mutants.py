#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Wakes mechanical mutants (mutating.py) and has the tests kill each.

    mutants.py [--jobs N] [--core N] [--hooks N] [--seed S] [--only NUMBER,...] [--list]

Mutants of kmod/core run on the host: the unit tests, then the differential test with
few cases, and with many for what is left. Mutants of the hooks (kmod/segment) are one
module that carries all of them, woken one after the other in User-Mode Linux guests.
A mutant is killed by a failing case, by a crash, or by no end. What survives has to be
in survivors.txt with the reason why no test can tell it from the original; otherwise
it counts as missed. Ends with `mutants: K of N killed`; fails below 90 %, or when a
survivor is not explained.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "qemu")]

import boot as guests
import cache
import kernels
import modules
import mutating
import seeding
import suites

WORK = cache.BUILD / "mutants"
SURVIVORS = HERE / "survivors.txt"
SHARE = 0.90
SEED, CORE, HOOKS = 6, 480, 120
# Cases of the differential test: for everyone, and for those that this did not kill.
FEW, MANY = 20000, 1000000
# Seconds until a mutant that does not end is taken for killed, beyond what the original takes.
ENDLESS = 20
# The guest tests that exercise a file, the quickest to kill first.
TESTS = {
    "hook": ("12_device.sh", "30_counters.sh", "16_pair.sh", "36_paths.sh", "32_events.sh", "24_swap.sh", "10_module.sh",
             "20_fragment.sh", "netlink_ports"),
    "ct": ("16_pair.sh", "18_route.sh"),
    "side": ("16_pair.sh", "36_paths.sh", "10_module.sh", "netlink_ports"),
    "unknown": ("30_counters.sh", "32_events.sh", "12_device.sh"),
    "own": ("18_route.sh", "14_neighbour.sh", "36_paths.sh", "10_module.sh"),
    "ll": ("12_device.sh", "14_neighbour.sh", "24_swap.sh", "10_module.sh"),
    "meter": ("34_limits.sh", "12_device.sh", "30_counters.sh"),
}
BATCH = 40
SCRIPT = """#!/bin/bash
# timeout: {timeout}
mkdir -p /etc/modprobe.d
echo "options cordon mutant={number}" > /etc/modprobe.d/mutant.conf
# A blank is in the name of every case: the first that fails is the last.
export CORDON_STOP=' ' CORDON_VARIANT=defect
exec {{idle}}<> <(:)
for it in {tests}; do
	for ((i = 0; i < 200; i++)); do
		[ -e /sys/module/cordon ] || break
		rmmod cordon 2> /dev/null
		read -rt 0.02 -u "$idle" _
	done
	[ ! -e /sys/module/cordon ] || {{ echo "not ok 1 - the module is stuck"; exit 1; }}
	case $it in
	*.sh) bash /tests/$it ;;
	*) /tests/$it ;;
	esac > /tmp/out || {{ grep "^not ok" /tmp/out; echo "not ok 1 - $it"; exit 1; }}
done
echo "ok 1 - survived"
"""


# ---- the core, on the host

def compiler() -> str:
    """As make would have it."""
    return os.environ.get("CC", "gcc")


def build_host() -> None:
    """core_test and differential, each with every mutant of the core in it."""
    copy, objects = WORK / "host", []
    mutating.write_host(cache.TREE, copy)
    subprocess.run(["make", "-s", "build/tests/core_test", "build/tests/differential"], cwd=cache.TREE, check=True,
                   env=modules.clean_environment())
    flags = ["-std=gnu11", "-O2", "-w", "-fPIE", "-include", str(copy / "kmod/mutants.h"), f"-I{copy}",
             f"-I{copy}/kmod/core", f"-I{copy}/kmod/uapi"]
    headers = max(path.stat().st_mtime for path in copy.rglob("*.h"))
    for source in [*sorted((copy / "kmod/core").glob("*.c")), copy / "kmod/mutants_host.c"]:
        target = source.with_suffix(".o")
        if not target.exists() or target.stat().st_mtime < max(headers, source.stat().st_mtime):
            subprocess.run([compiler(), *flags, "-c", "-o", str(target), str(source)], check=True)
        objects.append(str(target))
    built = cache.BUILD / "tests"
    tests = {"core_test": [*(built / "unit/core").glob("*.o"), built / "oracle/gen_wire.o"],
             "differential": [*(built / "oracle").glob("*.o")]}
    for name, own in tests.items():
        more = [str(cache.BUILD / "libcordon-policy.a"), "-lfyaml"] if name == "differential" else []
        subprocess.run([compiler(), "-o", str(WORK / name), *map(str, own), *objects, *more], check=True)


def host_run(number: int, words: list[str], seconds: float) -> str | None:
    """What a host program says against a mutant, or nothing."""
    try:
        ran = subprocess.run([str(WORK / words[0]), *words[1:]], cwd=cache.TREE, stdout=subprocess.PIPE, text=True,
                             stderr=subprocess.STDOUT, errors="replace", check=False, timeout=seconds,
                             env=dict(os.environ, CORDON_MUTANT=str(number)))
    except subprocess.TimeoutExpired:
        return f"{words[0]} does not end"
    if not ran.returncode:
        return None
    if ran.returncode < 0:
        return f"{words[0]} dies of signal {-ran.returncode}"
    found = re.search(r"^not ok .*", ran.stdout, re.M)
    return f"{words[0]}: {found.group(0)[:90] if found else f'exit {ran.returncode}'}"


def differential(number: int, cases: int) -> str | None:
    """The differential test with so many cases; the seed is the mutant's, so that together they see much."""
    return host_run(number, ["differential", "--quiet", "--seed", str(number), "--cases", str(cases)], ENDLESS + cases / 5000)


def kill_on_host(number: int) -> str | None:
    """What kills a mutant of the core, or nothing."""
    return host_run(number, ["core_test"], ENDLESS) or differential(number, FEW) or differential(number, MANY)


# ---- the hooks, in guests

def script(number: int, mutant: mutating.Mutant) -> pathlib.Path:
    """The guest's test of one mutant: the tests of its file until one fails."""
    stem = pathlib.PurePath(mutant.file).stem
    tests = [test for test in TESTS[stem] if (suites.TESTS / test).exists() or (suites.TESTS / f"{test}.c").exists()]
    limit = sum(int(suites.head(path, "timeout") or 60) for test in tests
                for path in [suites.TESTS / test] if path.exists())
    path = WORK / "runs" / f"m{number}.sh"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SCRIPT.format(timeout=limit or 60, number=number, tests=" ".join(tests)))
    return path


def one_guest(numbers: list[int], found, part: int, done) -> list[int]:
    """One guest with as many mutants as it lives for; the rest."""
    scripts = {number: script(number, found[number - 1]) for number in numbers}
    programs = {f"/tests/{path.stem}": suites.build(path) for path in suites.sources()}
    result = guests.boot(guests.Guest(vehicle="uml", variant="mutants", tests=list(scripts.values()), files=programs,
                                      leakcheck=False, name=f"mutants-{part}"), placed=True)
    tests = {test.name: test for test in result.tests}
    left = []
    for number, path in scripts.items():
        test = tests.get(path.name)
        said = [case.name for case in test.cases if not case.ok] if test else []
        if test is None or (said == ["the module is stuck"] and number != numbers[0]):
            left.append(number)
        elif said or not test.ok:
            done(number, f"{said[0] if said else test.reason}"[:100])
        else:
            done(number, None)
    if len(left) == len(numbers):
        done(left[0], "the guest does not come to it: " + result.reason)
        left = left[1:]
    return left


def in_guests(numbers: list[int], found, jobs: int, done) -> None:
    """Every mutant of the hooks; `done` gets what killed it."""
    if not numbers:
        return
    modules.cordon_ko(kernels.kernel("uml"), "mutants")

    def share(part: int) -> None:
        mine = numbers[part::jobs]
        with guests.place():
            while mine:
                mine = one_guest(mine[:BATCH], found, part, done) + mine[BATCH:]

    with concurrent.futures.ThreadPoolExecutor(max_workers=jobs) as pool:
        list(pool.map(share, range(jobs)))


# ---- the whole

def explained() -> dict[str, str]:
    """Key of a mutant -> why nothing can tell it from the original."""
    lines = SURVIVORS.read_text().splitlines() if SURVIVORS.exists() else []
    found, key = {}, ""
    for line in lines:
        if line.startswith("\t") and key:
            found[key] = (found.get(key, "") + " " + line.strip()).strip()
        elif line and not line.startswith("#"):
            key = line.strip()
    return found


def summary(found, killed: dict[int, str | None], start: float) -> int:
    """The last lines and the exit status."""
    reasons = explained()
    survivors = [number for number, how in sorted(killed.items()) if how is None]
    missed = [number for number in survivors if found[number - 1].key() not in reasons]
    for number in survivors:
        mutant = found[number - 1]
        print(f"SURVIVES {number} {mutant.title()}\n\t{mutant.key()}\n\t{reasons.get(mutant.key(), 'NOT EXPLAINED')}")
    for part in ("core", "segment"):
        mine = [number for number in killed if found[number - 1].file.startswith(f"kmod/{part}/")]
        if mine:
            print(f"kmod/{part}: {sum(killed[number] is not None for number in mine)} of {len(mine)} killed")
    took = int(time.monotonic() - start)
    print(f"took {took // 60} min {took % 60:02d} s; {len(missed)} survivors are not explained")
    dead = len(killed) - len(survivors)
    print(f"mutants: {dead} of {len(killed)} killed")
    return 1 if missed or dead < SHARE * len(killed) else 0


def sound() -> str | None:
    """Why the host tests fail with no mutant awake, or nothing."""
    return kill_on_host(0)


def run(found, numbers: list[int], jobs: int, start: float) -> int:
    """Wakes these mutants."""
    killed: dict[int, str | None] = {}
    core = [n for n in numbers if found[n - 1].file.startswith("kmod/core/")]

    def done(number: int, how: str | None) -> None:
        killed[number] = how
        print(f"{'killed  ' if how else 'SURVIVES'} {number:5d} {found[number - 1].title()} ({how or 'nothing sees it'})", flush=True)

    if core:
        build_host()
        why = sound()
        if why:
            print(f"without a mutant: {why}")
            return 1
        with concurrent.futures.ThreadPoolExecutor(max_workers=jobs) as pool:
            for number, how in zip(core, pool.map(kill_on_host, core)):
                done(number, how)
    in_guests([n for n in numbers if n not in set(core)], found, jobs, done)
    return summary(found, killed, start)


def main() -> int:
    """The command behind `make check-mutants`."""
    start = time.monotonic()
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    top.add_argument("--core", type=int, default=CORE, help="how many of kmod/core; 0: all")
    top.add_argument("--hooks", type=int, default=HOOKS, help="how many of the hooks; 0: all, -1: none")
    top.add_argument("--seed", type=int, default=SEED)
    top.add_argument("--only", default="", help="these numbers")
    top.add_argument("--list", action="store_true", help="only say which")
    args = top.parse_args()
    found = mutating.every(seeding.sources(cache.TREE))
    numbers = mutating.sample(found, "kmod/core", args.core, args.seed)
    if args.hooks >= 0:
        numbers += mutating.sample(found, "kmod/segment", args.hooks, args.seed)
    if args.only:
        numbers = [int(text) for text in args.only.split(",")]
    if args.list:
        for number in numbers:
            print(f"{number:5d} {found[number - 1].title()}\t{' '.join(found[number - 1].new.split())}")
        return 0
    try:
        return run(found, numbers, args.jobs, start)
    except (kernels.KernelError, modules.ModuleError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
