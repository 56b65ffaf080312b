#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The test runner: host tests, guests, the harness's own test, one total.

    run.py check [-T GLOB] [--full] [--host PROG...]     what `make check` does
    run.py guest [-v stock|uml|debug] [-V VARIANT] [-T GLOB] [--no-leak]
    run.py host PROG...                                  host tests alone
    run.py kernel stock|uml|debug                        fetch or build, print
    run.py shell [-v stock] [-V VARIANT]                 an interactive gateway

For other Python here (the demo, control builds):

    from boot import Guest, boot
    result = boot(Guest(vehicle="stock", variant="deny", tests=[Path(...)],
                        args="extra kernel words", files={"/etc/x": "host/x"},
                        env={"NAME": "value"}, with_cordon=True),
                  done=lambda test: report.test("demo", test))
    result.ok, result.reason, result.tests (ktap.Test), result.directory

A file tests/qemu/stage_NAME.py with `def stage(report, args)` is one more step
of `check`; args.full says whether the long forms are wanted, args.pattern what
was selected (selected(name, args.pattern) tells). All steps run side by side, the
longest first; one that is several says so by `parts(report, args)`, a list of about
how many minutes each takes and a function, and what is left to do when all have
ended is in `ended(report, args)`.

Logs: build/artifacts/<vehicle>[-<variant>]-last/ of the last good boot,
...-<time>/ of every failed one: serial.log, ktap, command.
"""
import argparse
import concurrent.futures
import fnmatch
import functools
import importlib
import os
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import cache
import kernels
import modules
import suites
from boot import Guest, boot, guest_failure
from initrd import InitrdError
from ktap import Test
from report import Report, relative

HOST_LIMIT = 900


def selected(name: str, pattern: str | None) -> bool:
    """Whether a test of this name is in the selection."""
    if not pattern:
        return True
    stem = name.rsplit(".", 1)[0]
    return any(fnmatch.fnmatch(text, glob) for glob in pattern.split(",")
               for text in (name, stem))


# What a test's environment says of how long it may take.
FORMS = {"short": {}, "full": {"CORDON_FULL": "1"}, "campaign": {"CORDON_FULL": "campaign"}}


def run_guest(report: Report, guest: Guest) -> bool:
    """One boot into the report; true when all is well."""
    label = guest.label()
    report.say(f"-- {label}: {len(guest.tests)} tests in a guest")
    try:
        result = boot(guest, lambda test: report.test(label, test))
    except (kernels.KernelError, modules.ModuleError, InitrdError, OSError) as error:
        report.one(label, "boot", False, str(error))
        return False
    unexplained = guest_failure(result)
    if unexplained:
        report.test(label, unexplained)
    if not result.ok:
        report.say(f"       {result.reason or 'failed'}; logs in {relative(result.directory)}")
    return result.ok


def run_host(report: Report, program: str) -> None:
    """One host test program into the report."""
    test = Test(os.path.basename(program))
    start = time.monotonic()
    try:
        done = subprocess.run([os.path.abspath(program)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=HOST_LIMIT, cwd=cache.TREE, check=False)
        output, code = done.stdout, done.returncode
    except subprocess.TimeoutExpired as late:
        output, code = (late.stdout or b"").decode(errors="replace"), None
    except OSError as error:
        output, code = str(error), 127
    for line in output.splitlines():
        test.take(line.strip() if line.lstrip().startswith(("ok ", "not ok ")) else line)
    reason = "timed out" if code is None else f"exit status {code}" if code else ""
    if not reason and not test.cases:
        reason = "no case was reported"
    skipped = code == 4 and all(case.ok for case in test.cases)
    test.close(not reason or skipped, "" if skipped else reason,
               int((time.monotonic() - start) * 1000))
    if skipped:
        test.skip_all(reason)
    report.test("host", test)


def host_parts(report: Report, args) -> list:
    """Every selected host program."""
    return [(1, functools.partial(run_host, report, program))
            for program in args.host if selected(os.path.basename(program), args.pattern)]


def guest_parts(report: Report, args) -> list:
    """The guest suites, the slowest vehicle's in two parts: a suite keeps one processor busy."""
    parts = []
    for vehicle, shares, minutes in (("debug", 2, 40), ("stock", 1, 15), ("uml", 1, 10)):
        if vehicle == "debug" and not args.full:
            continue
        tests = [path for path in suites.tests(vehicle, lambda name: selected(name, args.pattern))
                 if args.full or args.pattern or suites.short_form(path, vehicle)]
        guests = [Guest(vehicle=vehicle, tests=share, leakcheck=not args.no_leak,
                        env=FORMS["full" if args.full else "short"],
                        name=vehicle + (f"-{number}" if number > 1 else ""))
                  for number, share in enumerate(suites.shares(tests, shares), 1)]
        parts += [(minutes, functools.partial(run_guest, report, guest)) for guest in guests]
    return parts


def stages(args) -> list:
    """stage_*.py beside this file that were selected."""
    found = []
    for path in sorted(pathlib.Path(__file__).parent.glob("stage_*.py")):
        module = importlib.import_module(path.stem)
        wanted = selected(path.stem.removeprefix("stage_"), args.pattern) or getattr(module, "SELECTS_ITSELF", False)
        if wanted and (args.full or not getattr(module, "FULL_ONLY", False)):
            found.append(module)
    return found


def guarded(report: Report, name: str, part) -> None:
    """A broken part is a failed test, not a lost run."""
    try:
        part()
    except Exception as error:
        report.one("stage", name, False, f"{type(error).__name__}: {error}")


def do_check(args) -> int:
    """Everything, then the total. One step more at a time than there are processors."""
    report = Report()
    chosen = stages(args)
    # A kernel that is built beside a guest takes from it the time that it measures by.
    for vehicle in () if args.pattern else ("stock", "uml", "debug") if args.full else ("stock", "uml"):
        guarded(report, f"kernel {vehicle}", functools.partial(kernels.kernel, vehicle))
    work = [(*part, "guest") for part in guest_parts(report, args)]
    work += [(*part, "host") for part in host_parts(report, args)]
    for module in chosen:
        parts = module.parts(report, args) if hasattr(module, "parts") else [(getattr(module, "MINUTES", 1), functools.partial(module.stage, report, args))]
        work += [(*part, module.__name__) for part in parts]
    work.sort(key=lambda it: -it[0])
    with concurrent.futures.ThreadPoolExecutor(max_workers=args.jobs) as pool:
        list(pool.map(lambda it: guarded(report, it[2], it[1]), work))
    for module in chosen:
        if hasattr(module, "ended"):
            guarded(report, module.__name__, functools.partial(module.ended, report, args))
    return report.summary()


def do_guest(args) -> int:
    """One vehicle, one variant."""
    report = Report()
    tests = suites.tests(args.vehicle, lambda name: selected(name, args.pattern))
    if not tests:
        print("no test of that name for this vehicle", file=sys.stderr)
        return 2
    run_guest(report, Guest(vehicle=args.vehicle, variant=args.variant, tests=tests,
                            args=args.append, leakcheck=not args.no_leak, env=FORMS[args.form],
                            with_cordon=not args.without_cordon))
    return report.summary()


def do_host(args) -> int:
    """Host programs alone."""
    report = Report()
    for program in args.programs:
        run_host(report, program)
    return report.summary()


def do_kernel(args) -> int:
    """Makes sure a kernel is there."""
    found = kernels.kernel(args.vehicle)
    print(f"{found.vehicle}: {found.release} {found.image}")
    return 0


def do_shell(args) -> int:
    """An interactive guest on the terminal."""
    import shell
    return shell.run(args.vehicle, args.variant, args.append)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    verbs = top.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check")
    check.add_argument("--full", action="store_true")
    check.add_argument("--host", nargs="*", default=[])
    guest = verbs.add_parser("guest")
    shell = verbs.add_parser("shell")
    for verb in (guest, shell):
        verb.add_argument("-v", "--vehicle", default="stock", choices=["stock", "uml", "debug"])
        verb.add_argument("-V", "--variant", default="release")
        verb.add_argument("--append", default="", help="more kernel arguments")
    guest.add_argument("--form", default="short", choices=list(FORMS), help="how often, how many, how long")
    guest.add_argument("--without-cordon", action="store_true", help="build no module")
    for verb in (check, guest):
        verb.add_argument("-T", "--pattern", default=None)
        verb.add_argument("--no-leak", action="store_true", help="skip the 6 s leak scan")
        verb.add_argument("--jobs", type=int, default=(os.cpu_count() or 1) + 1,
                          help="steps at a time; one more than processors, as guests wait now and then")
    verbs.add_parser("host").add_argument("programs", nargs="+")
    verbs.add_parser("kernel").add_argument("vehicle", choices=["stock", "uml", "debug"])
    return top


def stop(number, _frame) -> None:
    """Ends at once: the threads would wait for their guests, which die with this process."""
    print("interrupted", file=sys.stderr, flush=True)
    os._exit(128 + number)


def main() -> int:
    """Runs the verb that was named."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    args = parser().parse_args()
    verbs = {"check": do_check, "guest": do_guest, "host": do_host, "kernel": do_kernel,
             "shell": do_shell}
    try:
        return verbs[args.verb](args)
    except (kernels.KernelError, modules.ModuleError, InitrdError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
