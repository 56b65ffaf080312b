#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Wakes the seeded defects one by one and has the tests see each.

    defects.py [--jobs N] [--sample] [--list] [NAME-GLOB...]

Each run is one defect and one test that should see it: a script that writes
`options cordon defect=NAME` for modprobe and then is the test. Many runs share a
guest. A defect that shows in the kernel log has a guest of its own; when a guest
dies, the rest goes on in another. Before all that the same tests have to pass with
the same module and no defect awake.

Ends with `defects: C of D caught`; fails below 95 %, below 40 of the whole table, or
when the run without a defect fails.
"""
import argparse
import concurrent.futures
import dataclasses
import fnmatch
import os
import pathlib
import re
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "qemu"), str(HERE.parent / "attack")]

import boot as guests
import cache
import kernels
import modules
import rows
import seeding
import suites
import table
from ktap import Test

WORK = cache.BUILD / "defects"
AT_LEAST, SHARE = 40, 0.95
STUCK = "the module of the run before is still there"
# What `make check` runs: one of each kind, none that takes long.
SAMPLE = ("vlan_zero", "port_list", "spoof_v6", "ra_behind_header", "later_fragment", "fragment_chain", "group_unicast",
          "count_twice", "device_drops", "unload_while_armed", "rcu_unread", "past_the_end")
# The kernel of each kind of run. A row of the attack table is played under User-Mode Linux.
KERNELS = {"stock": "stock", "uml": "uml", "attack": "uml"}
SCRIPT = """#!/bin/bash
# timeout: {timeout}
{heads}
# {title}
mkdir -p /etc/modprobe.d
# A pause that starts no process: reads from a pipe nobody writes to.
exec {{idle}}<> <(:)
for ((i = 0; i < 500; i++)); do
	[ -e /sys/module/cordon ] || break
	rmmod cordon 2> /dev/null
	read -rt 0.02 -u "$idle" _
done
[ ! -e /sys/module/cordon ] || {{ echo "not ok 1 - {stuck}"; exit 1; }}
echo "{options}" > /etc/modprobe.d/defect.conf
export CORDON_STOP={stop} {patience} {row}
exec {command}
"""


@dataclasses.dataclass
class Run:
    """A defect, or none, and a place where it has to show."""
    defect: str
    sight: table.Sight
    seen: bool = False
    how: str = "not run"
    seconds: float = 0.0

    def stem(self) -> str:
        """The test's name without its suffix."""
        return self.sight.test.rsplit(".", 1)[0]

    def alone(self) -> bool:
        """Whether it has a guest of its own."""
        return self.sight.what.startswith("!")

    def source(self) -> pathlib.Path:
        """The file of the test, or of the attack's row."""
        if self.sight.vehicle == "attack":
            return rows.files("uml", self.sight.test)[0]
        source = suites.TESTS / self.sight.test
        return source if source.exists() else suites.TESTS / f"{self.sight.test}.c"

    def script(self) -> pathlib.Path:
        """The guest's test."""
        source = self.source()
        path = WORK / "runs" / f"{self.defect or 'none'}-{self.stem()}.sh"
        path.parent.mkdir(parents=True, exist_ok=True)
        stop = "" if self.alone() or not self.defect else self.sight.what
        path.write_text(SCRIPT.format(
            timeout=suites.head(source, "timeout") or "60", heads=heads(source), title=f"{self.defect or 'no defect'} in {self.sight.test}",
            options=f"options cordon defect={self.defect}" if self.defect else "# none", stuck=STUCK, stop=quoted(stop),
            # As in the control builds nobody waits long for what will not come.
            patience="CORDON_VARIANT=defect" if self.defect else "",
            row=f"ATTACK_ROWS={self.sight.test} ATTACK_COUNT=200" if self.sight.vehicle == "attack" else "",
            command=f"bash /tests/{source.name}" if source.suffix == ".sh" else f"/tests/{source.stem}"))
        return path


def heads(source: pathlib.Path) -> str:
    """What a test asks of its guest, for the script that runs it."""
    asked = [(word, suites.head(source, word)) for word in ("modules", "taint")]
    return "\n".join(f"# {word}: {value}" for word, value in asked if value) or "#"


def quoted(text: str) -> str:
    """As one word of a shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def programs(runs: list[Run]) -> dict[str, pathlib.Path]:
    """Guest path -> file, of the tests that are C programs, and of the attack's rows."""
    sources = {run.source() for run in runs}
    return {f"/tests/{source.stem}": suites.build(source) for source in sources if source.suffix == ".c"} | \
        {f"/tests/{source.name}": source for source in sources if source.parent == rows.HERE}


def guest_of(kind: str, runs: list[Run], **more) -> guests.Guest:
    """A guest for runs of one kind."""
    return guests.Guest(vehicle=KERNELS[kind], variant="defects", tests=[run.script() for run in runs], files=programs(runs),
                        manifest=rows.MANIFEST if kind == "attack" else "", **more)


def complaint(test: Test, reason: str) -> str:
    """What the kernel said: its log while the test ran, or why it ended."""
    told = [line for line in test.output if line.startswith("# kmsg: ")]
    if "Kernel panic" in reason or "BUG: " in reason or "WARNING: " in reason:
        told.append(reason)
    return "\n".join(told)


def judge(run: Run, test: Test, reason: str = "", leaked: bool = False, console: str = "") -> None:
    """Whether the test saw the defect, and how. console: of a guest that died, all it said."""
    what, said = run.sight.what, complaint(test, reason)
    if run.alone() and reason:
        said += "\n" + console
    failed = [case for case in test.cases if not case.ok]
    run.seconds = test.ms / 1000
    if what == "!leak":
        run.seen, run.how = leaked, "kmemleak reports it" if leaked else "no object was lost"
    elif what.startswith("!"):
        found = re.search(rf"[^\n]*({what[1:]})[^\n]*", said)
        run.seen = bool(found)
        run.how = found.group(0).removeprefix("# kmsg: ").strip()[:110] if found else f"the kernel says nothing of it; {reason or 'passed'}"
    else:
        hit = [case for case in failed if what in case.name]
        run.seen = bool(hit or said)
        run.how = f"fails: {hit[0].name}" if hit else "the kernel complains: " + said.splitlines()[-1][:90] if said else \
            f"other case: {failed[0].name}" if failed else "the test passes"


def stuck(test: Test) -> bool:
    """Whether the run before left a module that does not go."""
    return any(case.name == STUCK for case in test.cases)


def boot_one(vehicle: str, runs: list[Run], name: str) -> list[Run]:
    """One guest with as many of the runs as it lives for; the rest."""
    leak = runs[0].sight.what == "!leak"
    scripts = [run.script() for run in runs]
    result = guests.boot(guest_of(vehicle, runs, leakcheck=leak, name=name), placed=True)
    tests = {test.name: test for test in result.tests}
    left, health = [], tests.get("health")
    leaked = bool(health) and any(case.name == "kmemleak" and not case.ok for case in health.cases)
    for run, script in zip(runs, scripts):
        test = tests.get(script.name)
        if test is None or stuck(test):
            left.append(run)
        else:
            judge(run, test, result.reason if not health else "", leaked, result.serial)
    return left


def pile(vehicle: str, number: int, runs: list[Run], done) -> None:
    """Guests one after the other until every run of the pile had its turn; in one place on the machine."""
    with guests.place():
        in_turn(vehicle, number, runs, done)


def in_turn(vehicle: str, number: int, runs: list[Run], done) -> None:
    """A guest for those that share one, then each of the others'; what one did not come to is the next one's."""
    while runs:
        first = [runs[0]] if runs[0].alone() else [run for run in runs if not run.alone()]
        rest = [run for run in runs if run not in first]
        left = boot_one(vehicle, first, f"defects-{vehicle}-{number}")
        if len(left) == len(first):
            left[0].how = "the guest did not come to it"
            left = left[1:]
        for run in first:
            if run not in left:
                done(run)
        runs = left + rest


def deal(runs: list[Run], parts: int) -> list[list[Run]]:
    """So many piles of about the same time, those that share a guest first."""
    piles: list[list[Run]] = [[] for _ in range(parts)]
    loads = [0] * parts
    for run in sorted(runs, key=lambda run: (run.alone(), -cost(run))):
        least = loads.index(min(loads))
        piles[least].append(run)
        loads[least] += cost(run) + 20 * run.alone()
    return [it for it in piles if it]


def cost(run: Run) -> int:
    """A guess at how long it takes."""
    source = run.source()
    return suites.timeout_of(source, 60) // 6 if source.suffix == ".sh" else 10


def in_guests(runs: list[Run], jobs: int, done) -> None:
    """All runs that need a guest."""
    work = []
    for vehicle in KERNELS:
        kind = [run for run in runs if run.sight.vehicle == vehicle]
        parts = jobs if vehicle == "uml" else 1
        work += [(vehicle, number, runs_) for number, runs_ in enumerate(deal(kind, parts), 1)]
    with concurrent.futures.ThreadPoolExecutor(max_workers=jobs) as pool:
        for future in [pool.submit(pile, *it, done) for it in work]:
            future.result()


# ---- the host

def host_program(name: str) -> pathlib.Path:
    """A host test of the core with every defect."""
    copy, out = WORK / "host", WORK / "host" / name
    seeding.write_host(cache.TREE, copy, table.DEFECTS)
    sources = [*sorted((copy / "kmod/core").glob("*.c")), copy / "kmod/defects_host.c",
               *sorted((cache.TREE / "tests/unit/core").glob("*.c")), cache.TREE / "tests/oracle/gen_wire.c"]
    flags = ["-std=gnu11", "-O2", "-w", "-include", str(copy / "kmod/defects.h"), f"-I{copy}", f"-I{copy}/kmod/core", f"-I{copy}/kmod/uapi",
             f"-I{cache.TREE}"]
    newest = max(path.stat().st_mtime for path in [*sources, *copy.rglob("*.h"), *(cache.TREE / "tests/unit/core").glob("*.h")])
    if not out.exists() or out.stat().st_mtime < newest:
        subprocess.run([os.environ.get("CC", "gcc"), *flags, "-o", str(out), *map(str, sources)], check=True)
    return out


def on_host(run: Run) -> None:
    """One defect in a host program."""
    start = time.monotonic()
    ran = subprocess.run([str(host_program(run.sight.test))], cwd=cache.TREE, text=True, errors="replace", check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                         env=dict(os.environ, CORDON_DEFECT=run.defect))
    hit = [line for line in ran.stdout.splitlines() if line.startswith("not ok") and run.sight.what in line]
    run.seen, run.seconds = bool(hit) and ran.returncode != 0, time.monotonic() - start
    run.how = "fails: " + hit[0].partition(" - ")[2] if hit else f"not seen, exit {ran.returncode}"


# ---- the whole

def sound(defects, jobs: int, say) -> bool:
    """Whether the tests pass with the same module while every defect sleeps."""
    sights = sorted({(s.vehicle, s.test) for d in defects for s in d.sights()})
    runs = [Run("", table.Sight(vehicle, test, "")) for vehicle, test in sights if vehicle != "host"]
    good = True
    for name in {test for vehicle, test in sights if vehicle == "host"}:
        ran = subprocess.run([str(host_program(name))], cwd=cache.TREE, stdout=subprocess.DEVNULL, check=False,
                             env=dict(os.environ, CORDON_DEFECT=""))
        good = good and not ran.returncode
        say(f"{'ok    ' if not ran.returncode else 'FAILED'} without a defect, host {name}")
    lock = threading.Lock()

    def guest(vehicle: str, number: int, share: list[Run]) -> None:
        nonlocal good
        result = guests.boot(guest_of(vehicle, share, name=f"defects-{vehicle}-none-{number}"))
        with lock:
            good = good and result.ok
            for test in result.tests:
                say(f"{'ok    ' if test.ok else 'FAILED'} without a defect, {vehicle} {test.name.removeprefix('none-')}: "
                    f"{sum(case.ok for case in test.cases)} of {len(test.cases)} cases, {test.ms / 1000:.1f} s")
                for case in test.cases:
                    if not case.ok:
                        say(f"         {case.name}: {case.note}")
            if not result.ok:
                say(f"         {result.reason}; logs in {result.directory}")

    with concurrent.futures.ThreadPoolExecutor(max_workers=jobs) as pool:
        for vehicle in KERNELS:
            kind = [run for run in runs if run.sight.vehicle == vehicle]
            for number, share in enumerate(deal(kind, jobs if vehicle == "uml" else 1), 1):
                pool.submit(guest, vehicle, number, share)
    return good


def wake(defects, jobs: int, say) -> tuple[dict[str, Run], set]:
    """Defect -> the run that saw it, or its last one; and (row of the attack table, defect) where the row failed."""
    best: dict[str, Run] = {}
    failed_rows = set()
    lock = threading.Lock()

    def done(run: Run) -> None:
        with lock:
            if run.seen and run.sight.vehicle == "attack":
                failed_rows.add((run.sight.test, run.defect))
            if not (run.defect in best and best[run.defect].seen):
                best[run.defect] = run
            say(f"{'caught' if run.seen else 'MISSED'} {run.defect:24} {run.sight.vehicle} {run.stem():16} "
                f"{run.how} ({run.seconds:.1f} s)")

    runs = [Run(defect.name, sight) for defect in defects for sight in defect.sights()]
    for run in runs:
        if run.sight.vehicle == "host":
            on_host(run)
            done(run)
    in_guests([run for run in runs if run.sight.vehicle != "host"], jobs, done)
    return best, failed_rows


def dead_controls(failed_rows: set) -> list[str]:
    """The rows with nothing to attack without cordon that no defect of theirs makes fail."""
    return [f"{row}: none of {' '.join(names)}" for row, names in rows.defects().items()
            if not any((row, name) in failed_rows for name in names)]


def chosen(names, sample: bool):
    """The entries of the table that were asked for."""
    wanted = names or (SAMPLE if sample else ("*",))
    return [d for d in table.DEFECTS if any(fnmatch.fnmatch(d.name, glob) for glob in wanted)]


def prepare(defects) -> None:
    """Builds what all guests share before they start side by side."""
    for vehicle in {KERNELS[s.vehicle] for d in defects for s in d.sights() if s.vehicle != "host"}:
        modules.cordon_ko(kernels.kernel(vehicle), "defects")


def check(defects, jobs: int, say) -> tuple[bool, dict[str, Run]]:
    """All of it; whether the demands hold, and what became of each defect."""
    start = time.monotonic()
    prepare(defects)
    good = sound(defects, jobs, say)
    best, failed_rows = wake(defects, jobs, say)
    caught = [run for run in best.values() if run.seen]
    in_guest = [run for run in caught if run.sight.vehicle != "host"]
    if len(defects) == len(table.DEFECTS):
        good = good and len(in_guest) >= AT_LEAST
        published = [d for d in defects if d.was and not d.was.startswith("row") and best[d.name].seen]
        dead = dead_controls(failed_rows)
        good = good and not dead
        say(f"rows of the attack table whose control is a defect: {len(rows.defects()) - len(dead)} of {len(rows.defects())} fail with one")
        for line in dead:
            say(f"         {line}")
        say(f"{len(in_guest)} in guests, {len(published)} of them and of the host's re-create published bugs")
    good = good and len(caught) >= SHARE * len(defects)
    took = int(time.monotonic() - start)
    say(f"took {took // 60} min {took % 60:02d} s")
    say(f"defects: {len(caught)} of {len(defects)} caught")
    return good, best


def main() -> int:
    """The command behind `make check-defects`."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    top.add_argument("names", nargs="*", help="globs; default: all")
    top.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    top.add_argument("--sample", action="store_true", help="those of `make check`")
    top.add_argument("--list", action="store_true", help="only say what there is")
    args = top.parse_args()
    defects = chosen(args.names, args.sample)
    if args.list:
        for defect in defects:
            print(f"{defect.name:24} {defect.wrong}" + (f" [{defect.was}]" if defect.was else ""))
        return 0
    try:
        good, _ = check(defects, args.jobs, lambda text: print(text, flush=True))
    except (kernels.KernelError, modules.ModuleError, seeding.SeedError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
