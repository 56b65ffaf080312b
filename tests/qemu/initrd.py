# SPDX-License-Identifier: GPL-2.0-or-later
"""Builds the guest's root: host programs with their libraries, ours, the tests."""
import functools
import os
import pathlib
import re
import shutil
import subprocess

import cache
from cpio import Archive

MANIFEST = cache.TREE / "tests/qemu/initrd.list"
GUEST = cache.TREE / "tests/qemu/guest"
MERGED = ("bin", "sbin", "lib", "lib64", "lib32")

PASSWD = """root:x:0:0:root:/root:/bin/bash
nobody:x:65534:65534:nobody:/:/usr/bin/false
cordon:x:900:900:cordon daemon:/:/usr/bin/false
alice:x:1001:1001:an admin:/tmp:/bin/bash
oscar:x:1002:1002:an operator:/tmp:/bin/bash
vera:x:1003:1003:a viewer:/tmp:/bin/bash
mallory:x:1004:1004:nobody special:/tmp:/bin/bash
mosquitto:x:910:910::/:/usr/bin/false
_chrony:x:911:911::/:/usr/bin/false
dnsmasq:x:912:65534::/:/usr/bin/false
"""
GROUP = """root:x:0:
nogroup:x:65534:
dip:x:30:
cordon:x:900:
cordon-admin:x:901:alice
cordon-operator:x:902:oscar
cordon-viewer:x:903:vera
alice:x:1001:
oscar:x:1002:
vera:x:1003:
mallory:x:1004:
mosquitto:x:910:
_chrony:x:911:
"""


class InitrdError(Exception):
    """Something the guest needs is not there."""


def search_path() -> list[str]:
    """Where host programs are looked for; unpacked packages come first."""
    first = cache.root() / "extract/root"
    return [str(first / part) for part in ("usr/sbin", "usr/bin")] + [
        "/usr/sbin", "/usr/bin", "/sbin", "/bin"]


def which(name: str) -> str | None:
    """The host's program of this name."""
    return shutil.which(name, path=":".join(search_path()))


@functools.lru_cache(maxsize=None)
def libraries(binary: str) -> tuple[str, ...]:
    """What ldd says a dynamic program needs, itself excluded."""
    with open(binary, "rb") as file:
        if file.read(4) != b"\x7fELF":
            return ()
    done = subprocess.run(["ldd", binary], capture_output=True, text=True, check=False)
    missing = re.findall(r"(\S+) => not found", done.stdout)
    if missing:
        raise InitrdError(f"{binary} needs {', '.join(missing)}")
    return tuple(re.findall(r"(/\S+) \(0x", done.stdout))


def guest_path(path: str) -> str:
    """A host path as it is in the guest, where /bin and the like are links."""
    head, _, rest = path.lstrip("/").partition("/")
    return f"/usr/{head}/{rest}" if head in MERGED else path


def add_program(archive: Archive, source, target: str) -> None:
    """A program or shared object, and the libraries it needs."""
    archive.file(guest_path(target), source, 0o755)
    for library in libraries(str(source)):
        inside = guest_path(os.path.realpath(os.path.dirname(library)) + "/"
                            + os.path.basename(library))
        if inside not in archive:
            archive.file(inside, library, 0o755)


def _add_bin(archive: Archive, name: str, optional: bool) -> None:
    found = which(name)
    if found is None:
        if not optional:
            raise InitrdError(f"the guest needs the program {name}: run make deps")
        return
    folder = "sbin" if "/sbin/" in found else "bin"
    add_program(archive, os.path.realpath(found), f"/usr/{folder}/{name}")


def _add_path(archive: Archive, kind: str, host: str, guest: str, optional: bool) -> None:
    source = cache.TREE / host
    if not source.exists():
        if not optional:
            raise InitrdError(f"{host} is missing")
    elif kind == "tree":
        archive.tree(guest, source)
    elif os.access(source, os.X_OK):
        add_program(archive, source, guest)
    else:
        archive.file(guest, source)


def add_manifest(archive: Archive, text: str) -> None:
    """Everything that the lines of a manifest name."""
    for line in text.splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        optional = words[0].startswith("?")
        kind = words[0].lstrip("?")
        if kind == "bin":
            for name in words[1:]:
                _add_bin(archive, name, optional)
        elif kind == "applet":
            for name in words[1:]:
                archive.link(f"/usr/bin/{name}", "busybox")
        elif kind == "dir":
            archive.directory(words[1], int(words[2], 8) if len(words) > 2 else 0o755)
        elif kind in ("file", "tree"):
            _add_path(archive, kind, words[1], words[2], optional)
        else:
            raise InitrdError(f"initrd.list: unknown word {words[0]}")


@functools.lru_cache(maxsize=None)
def applets() -> tuple[str, ...]:
    """The names busybox answers to."""
    done = subprocess.run(["busybox", "--list"], capture_output=True, text=True, check=False)
    return tuple(done.stdout.split())


def add_busybox(archive: Archive) -> None:
    """busybox, and a link for every applet that no real program covers."""
    archive.file("/usr/bin/busybox", which("busybox"), 0o755)
    for name in applets():
        if f"/usr/bin/{name}" not in archive and f"/usr/sbin/{name}" not in archive:
            archive.link(f"/usr/bin/{name}", "busybox")


def skeleton() -> Archive:
    """Directories, links, accounts."""
    archive = Archive()
    for name in ("proc", "sys", "dev", "run", "tmp", "usr/lib", "tests", "var/run"):
        archive.directory(name)
    for name in MERGED[:4]:
        archive.directory(f"usr/{name}")
        archive.link(name, f"usr/{name}")
    archive.node("dev/console", 0o600, 5, 1)
    archive.node("dev/null", 0o666, 1, 3)
    archive.text("etc/passwd", PASSWD)
    archive.text("etc/group", GROUP)
    archive.text("etc/hosts", "127.0.0.1 localhost gateway\n::1 localhost\n")
    archive.text("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")
    archive.text("root/.bashrc", "PS1='gateway:\\w# '\n")
    return archive


def build_init() -> pathlib.Path:
    """The static PID 1."""
    sources = sorted(GUEST.glob("*.c")) + sorted(GUEST.glob("*.h"))
    target = cache.BUILD / f"guest/init-{cache.key(*sources)}"
    with cache.lock(cache.key(str(target))):
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            made = target.with_suffix(f".{os.getpid()}")
            subprocess.run(["gcc", "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra",
                            "-Werror", "-static", "-o", str(made),
                            *[str(s) for s in sources if s.suffix == ".c"]], check=True)
            os.rename(made, target)
    return target


def base() -> Archive:
    """Everything but tests, plan and kernel modules."""
    archive = skeleton()
    archive.file("/init", build_init(), 0o755)
    add_manifest(archive, MANIFEST.read_text())
    add_busybox(archive)
    return archive
