# SPDX-License-Identifier: GPL-2.0-or-later
"""Boots one guest and reads its KTAP.  See run.py for how it is used."""
import contextlib
import dataclasses
import functools
import operator
import os
import pathlib
import re
import select
import shutil
import subprocess
import threading
import time

import cache
import initrd
import kernels
import modules
import suites
from ktap import GuestReader, Test

TAINT_OUT_OF_TREE, TAINT_UNSIGNED = 1 << 12, 1 << 13
TAINTS = {"stock": TAINT_OUT_OF_TREE | TAINT_UNSIGNED, "uml": TAINT_OUT_OF_TREE,
          "debug": TAINT_OUT_OF_TREE}
MEMORY = {"stock": "1G", "debug": "2G", "uml": "768M"}
# Seconds of silence that end a guest: before its first word, and beyond a test's own limit.
BOOT_LIMIT = 600
GRACE = 120
# The pc machine's ACPI tables have a loop that KASAN makes too slow to finish.
MACHINE = {"debug": "q35"}
ALWAYS = "panic=-1 oops=panic panic_on_warn=1 softlockup_panic=1 hung_task_panic=1"
# A machine that others use too holds a processor back for longer than these by default allow.
WATCHDOGS = ("watchdog_thresh=30 rcupdate.rcu_cpu_stall_timeout=120 workqueue.watchdog_thresh=120 "
             "sysctl.kernel.hung_task_timeout_secs=600")

_number = threading.Lock()
_boots = [0]            # so far
_pinned: dict[int, int] = {}    # processor -> guests at work on it alone


@dataclasses.dataclass
class Guest:
    """What to boot and what to run in it."""
    vehicle: str = "stock"              # stock, debug, uml
    variant: str = "release"            # of cordon.ko: release, accept, deny, ...
    tests: list = dataclasses.field(default_factory=list)   # paths on the host
    args: str = ""                      # more words for the kernel command line
    files: dict = dataclasses.field(default_factory=dict)   # guest path -> host path
    manifest: str = ""                  # more lines as in initrd.list
    env: dict = dataclasses.field(default_factory=dict)     # for the tests
    modules: list = dataclasses.field(default_factory=list)  # more .ko files (paths)
    qemu: list = dataclasses.field(default_factory=list)    # more QEMU arguments
    memory: str = ""
    cpus: int = 2                       # UML has one
    leakcheck: bool = True
    with_cordon: bool = True            # False: a guest without cordon.ko
    timeout: int = 60                   # per test, unless the test says another
    kernel: kernels.Kernel | None = None    # another than the vehicle's
    name: str = ""                      # of the artefacts; default vehicle-variant

    def label(self) -> str:
        """How reports call this guest."""
        if self.name:
            return self.name
        return self.vehicle if self.variant == "release" else f"{self.vehicle}-{self.variant}"


@dataclasses.dataclass
class Result:
    """How a boot ended."""
    ok: bool
    reason: str
    tests: list
    directory: pathlib.Path     # serial.log, ktap, plan, kernel command line
    seconds: float
    serial: str = ""


def _plan(guest: Guest, preload: list[str]) -> str:
    port = "/dev/ttyS0" if guest.vehicle == "uml" else "/dev/vport0p1"
    taint = functools.reduce(operator.or_, map(suites.taint_of, guest.tests), TAINTS[guest.vehicle])
    lines = [f"port {port}", f"vehicle {guest.vehicle}", f"variant {guest.variant}",
             f"taint {taint}", f"leakcheck {int(guest.leakcheck)}"]
    lines += [f"env {name}={value}" for name, value in guest.env.items()]
    lines += [f"module {path}" for path in preload]
    lines += [f"test {path.name} {suites.timeout_of(path, guest.timeout)}" for path in guest.tests]
    return "\n".join(lines) + "\n"


def prepare(guest: Guest, kernel, directory: pathlib.Path, shell: bool = False) -> None:
    """Builds the module and writes the guest's initrd."""
    asked = {name for path in guest.tests for name in suites.modules_of(path)}
    variants = asked & set(modules.VARIANTS)
    extra = [pathlib.Path(path) for path in guest.modules]
    extra += [modules.test_ko(kernel, name) for name in sorted(asked - variants)]
    if guest.with_cordon:
        built = modules.cordon_ko(kernel, guest.variant)
        extra += [built] if built else []
    tree = modules.Tree(kernel.modules)
    early, late = tree.closure(modules.EARLY), tree.closure(modules.EARLY + modules.LATE)
    staged = directory / "modroot"
    tree.stage(staged, late, extra)
    archive = initrd.base()
    archive.tree("/lib/modules".replace("/lib", "/usr/lib"), staged / "lib/modules")
    _add_tests(archive, guest)
    for name in variants:
        archive.file(f"/tests/{name}/cordon.ko", modules.cordon_ko(kernel, name))
    for inside, path in guest.files.items():
        initrd.add_program(archive, path, inside) if os.access(path, os.X_OK) \
            else archive.file(initrd.guest_path(inside), path)
    initrd.add_manifest(archive, guest.manifest)
    top = f"/lib/modules/{kernel.modules.name}/kernel"
    plan = _plan(guest, [f"{top}/{name}.ko" for name in early])
    archive.text("/etc/plan", plan + ("shell 1\n" if shell else ""))
    (directory / "plan").write_text(plan)
    archive.write(directory / "initrd.cpio")
    shutil.rmtree(staged)


def _add_tests(archive, guest: Guest) -> None:
    if suites.TESTS.is_dir():
        for path in sorted(suites.TESTS.iterdir()):
            if path.suffix in (".sh", ".txt", ".yaml", ".json", ".nft") and path.is_file():
                archive.file(f"/tests/{path.name}", path)
            elif path.is_dir() and path.name != "tools":
                archive.tree(f"/tests/{path.name}", path)
    for path in guest.tests:
        initrd.add_program(archive, path, f"/tests/{path.name}")
    for inside, path in suites.helpers().items():
        initrd.add_program(archive, path, inside)


def qemu_command(guest: Guest, kernel, initrd_path, serial: str, words: str) -> list[str]:
    """QEMU without a KTAP port."""
    accel = os.environ.get("CORDON_ACCEL", "tcg,thread=multi")
    machine = MACHINE.get(guest.vehicle, "pc")
    return ["qemu-system-x86_64", "-machine", machine, "-accel", accel, "-cpu", "max", "-smp", str(guest.cpus),
            "-m", guest.memory or MEMORY[guest.vehicle], "-nodefaults", "-no-user-config",
            "-nographic", "-no-reboot", "-kernel", str(kernel.image),
            "-initrd", str(initrd_path), "-append", words, "-serial", serial, *guest.qemu]


def _qemu(guest: Guest, kernel, directory: pathlib.Path, port: int) -> list[str]:
    words = f"console=ttyS0 {ALWAYS} {WATCHDOGS} kasan_multi_shot tsc=reliable no_timer_check {guest.args}"
    command = qemu_command(guest, kernel, directory / "initrd.cpio",
                           f"file:{directory}/serial.log", words)
    return command + ["-device", "virtio-serial-pci", "-chardev",
                      f"file,id=ktap,path=/dev/fd/{port}",
                      "-device", "virtserialport,chardev=ktap,name=ktap"]


def _uml(guest: Guest, kernel, directory: pathlib.Path, port: int) -> list[str]:
    words = f"{ALWAYS} kasan_multi_shot con=null con0=null,fd:1 ssl=null ssl0=null,fd:{port}"
    return [str(kernel.image), f"mem={guest.memory or MEMORY['uml']}",
            f"initrd={directory}/initrd.cpio", *words.split(), *guest.args.split()]


def _spawn(guest: Guest, kernel, directory: pathlib.Path, port: int, pin: list[str]):
    make = _uml if guest.vehicle == "uml" else _qemu
    command = make(guest, kernel, directory, port)
    (directory / "command").write_text("\n".join(command) + "\n")
    scratch = directory / "tmp"
    scratch.mkdir(exist_ok=True)
    env = dict(os.environ, TMPDIR=str(_roomy(scratch)), HOME=str(scratch))
    log = "serial.log" if guest.vehicle == "uml" else "qemu.log"
    # The guest does not outlive this process, however that ends.
    command = ["setpriv", "--pdeathsig", "KILL", *pin, *command]
    with open(directory / log, "wb") as sink:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sink,
                                stderr=subprocess.STDOUT, pass_fds=(port,), env=env,
                                start_new_session=True)


@contextlib.contextmanager
def pinned(guest: Guest):
    """The words before UML's command: its processes hand over to each other at every
    system call, on one processor that is twice as fast as across two. It is the one
    with the fewest guests so far."""
    if guest.vehicle != "uml":
        yield []
        return
    there = sorted(os.sched_getaffinity(0), reverse=True)
    with _number:
        least = min(there, key=lambda cpu: _pinned.get(cpu, 0))
        _pinned[least] = _pinned.get(least, 0) + 1
    try:
        yield ["taskset", "-c", str(least)]
    finally:
        with _number:
            _pinned[least] -= 1


def _roomy(fallback: pathlib.Path) -> pathlib.Path:
    """Where UML may put its memory: /dev/shm when it is large enough."""
    try:
        there = os.statvfs("/dev/shm")
        if there.f_bavail * there.f_frsize > 2 << 30:
            return pathlib.Path("/dev/shm")
    except OSError:
        pass
    return fallback


def _stop(child) -> None:
    """Ends the guest and all the processes UML made for it."""
    try:
        os.killpg(child.pid, 9)
    except ProcessLookupError:
        pass
    child.wait()


def _follow(reader: GuestReader, child, source: int, sink, limit: float) -> str:
    """Reads lines until the guest ends; why it was stopped, or nothing."""
    pending = b""
    deadline = time.monotonic() + limit
    while True:
        ready, _, _ = select.select([source], [], [], 0.5)
        chunk = os.read(source, 65536) if ready else b""
        if chunk:
            sink.write(chunk)
            sink.flush()
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                reader.take(line.decode(errors="replace").rstrip("\r"))
            deadline = time.monotonic() + reader.limit * reader.scale + GRACE
        elif child.poll() is not None:
            return ""
        elif time.monotonic() > deadline:
            return "the guest fell silent"


def _directory(guest: Guest) -> pathlib.Path:
    with _number:
        _boots[0] += 1
        number = _boots[0]
    path = cache.BUILD / f"run/{guest.label()}.{os.getpid()}.{number}"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def places() -> int:
    """Guests at a time on this machine, all runs together: more only get slower."""
    return int(os.environ.get("CORDON_GUESTS") or (os.cpu_count() or 1) + 1)


def place():
    """One of the machine's places for a guest; for a caller that boots several one after the other."""
    return cache.slot("guests", places())


def boot(guest: Guest, done=lambda test: None, reader: GuestReader | None = None,
         placed: bool = False) -> Result:
    """Boots a guest, calls done(test) as tests end, and judges the whole.
    A reader of one's own sees every line (and then `done` is its own business).
    placed: the caller has a place() already."""
    kernel = guest.kernel or kernels.kernel(guest.vehicle)
    directory = _directory(guest)
    prepare(guest, kernel, directory)
    with contextlib.nullcontext() if placed else place():
        return _boot(guest, kernel, directory, reader or GuestReader(done))


def _boot(guest: Guest, kernel, directory: pathlib.Path, reader: GuestReader) -> Result:
    start = time.monotonic()
    with pinned(guest) as pin:
        source, port = os.pipe()
        child = _spawn(guest, kernel, directory, port, pin)
        os.close(port)
        try:
            with open(directory / "ktap", "wb") as sink:
                stopped = _follow(reader, child, source, sink, BOOT_LIMIT)
        finally:
            _stop(child)
            os.close(source)
    return _judge(guest, reader, directory, stopped, time.monotonic() - start)


def _judge(guest, reader, directory, stopped: str, seconds: float) -> Result:
    serial = (directory / "serial.log").read_text(errors="replace") \
        if (directory / "serial.log").exists() else ""
    reason = stopped
    if not reason and reader.verdict is None:
        reason = _last_words(serial) or "the guest ended without a verdict"
    if reason:
        reader.cut(reason)
    elif reader.verdict != "pass":
        reason = f"verdict: {reader.verdict}"
    elif len(reader.tests) != len(guest.tests) + 1:
        reason = f"{len(reader.tests)} of {len(guest.tests) + 1} tests reported"
    else:
        reason = _too_late(serial)
    ok = not reason and all(test.ok for test in reader.tests)
    keep = _keep(guest, directory, ok)
    return Result(ok, reason, reader.tests, keep, seconds, serial)


def _last_words(serial: str) -> str:
    """The kernel's own reason for ending, from the console."""
    found = re.findall(r"Kernel panic - not syncing: .*|BUG: .*|WARNING: .*", serial)
    return f"no verdict; {found[-1].strip()}" if found else ""


def _too_late(serial: str) -> str:
    """What the kernel said while the guest went down, where PID 1 no longer looks."""
    _, _, after = serial.partition("cordon-test: verdict")
    found = re.search(r"(Kernel panic|BUG: |WARNING: |Oops|KASAN|Call Trace|suspicious RCU usage"
                      r"|possible circular locking).*", after)
    return f"after the verdict: {found.group(0).strip()}" if found else ""


def _keep(guest: Guest, directory: pathlib.Path, ok: bool) -> pathlib.Path:
    """Artefacts: the logs of the last boot, and of every failed one."""
    shutil.rmtree(directory / "tmp", ignore_errors=True)
    (directory / "initrd.cpio").unlink(missing_ok=True)
    stamp = "last" if ok else time.strftime("%m%d-%H%M%S") + f".{os.getpid()}"
    target = cache.BUILD / f"artifacts/{guest.label()}-{stamp}"
    with _number:
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(directory, target)
        cache.prune(target.parent, f"{guest.label()}-", keep=8)
    return target


def guest_failure(result: Result) -> Test | None:
    """A failed boot that no test explains, as a test of its own."""
    if result.ok or any(not test.ok for test in result.tests):
        return None
    test = Test("boot", output=result.serial.splitlines()[-40:])
    test.close(False, result.reason, int(result.seconds * 1000))
    return test
