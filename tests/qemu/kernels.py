# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernels the guests run: Debian's own, and two that we build.

kernel("stock")  the packaged image whose headers KDIR names
kernel("uml")    User-Mode Linux from the distribution's source package
kernel("debug")  the same source for QEMU, with every debug option

Built kernels live in the cache, keyed by source version, compiler and config.
"""
import dataclasses
import glob
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import cache

CONFIGS = cache.TREE / "tests/qemu/configs"
BUILT = {
    "uml": ("um", ["base", "debug", "uml"], "linux", "linux"),
    "debug": ("x86_64", ["base", "debug", "qemu"], "bzImage", "arch/x86/boot/bzImage"),
}
KEEP_OBJECTS = ("scripts", "tools", "arch/um/kernel/vmlinux.lds")


class KernelError(Exception):
    """A kernel could not be had; the text says which and why."""


@dataclasses.dataclass
class Kernel:
    """One bootable kernel and what is needed to build modules for it."""
    vehicle: str
    release: str
    image: pathlib.Path
    kdir: pathlib.Path          # what make -C is given
    arch: str                   # ARCH= of make
    modules: pathlib.Path       # lib/modules/<release>


def kernel(vehicle: str) -> Kernel:
    """Finds, fetches or builds the kernel of a vehicle."""
    return stock() if vehicle == "stock" else built(vehicle)


def default_kdir() -> pathlib.Path:
    """KDIR, else the running kernel's build tree, else the newest headers."""
    named = os.environ.get("KDIR")
    if named:
        return pathlib.Path(named)
    running = pathlib.Path("/lib/modules") / os.uname().release / "build"
    if running.is_dir():
        return running
    found = glob.glob("/usr/src/linux-headers-*-amd64")
    if not found:
        raise KernelError("no kernel headers: install linux-headers-amd64 or set KDIR")
    return pathlib.Path(max(found, key=_version_key))


def _version_key(path: str):
    return [int(n) for n in re.findall(r"\d+", os.path.basename(path))]


def release_of(kdir: pathlib.Path) -> str:
    """What uname -r says on the kernel this build tree belongs to."""
    text = (kdir / "include/generated/utsrelease.h").read_text()
    return re.search(r'UTS_RELEASE "([^"]+)"', text).group(1)


# ---- Debian's packaged kernel

def stock() -> Kernel:
    """The packaged kernel that matches the headers in KDIR."""
    kdir = default_kdir()
    release = release_of(kdir)
    installed = pathlib.Path("/boot") / f"vmlinuz-{release}"
    tree = pathlib.Path("/lib/modules") / release
    if installed.is_file() and (tree / "modules.dep").is_file():
        return Kernel("stock", release, installed, kdir, "x86_64", tree)
    top = _fetch_package(release)
    tree = top / "lib/modules" / release
    return Kernel("stock", release, top / f"boot/vmlinuz-{release}", kdir, "x86_64", tree)


def build_only(vehicle: str) -> Kernel:
    """Like kernel(), but for building modules: the image may be missing."""
    if vehicle != "stock":
        return built(vehicle)
    kdir = default_kdir()
    release = release_of(kdir)
    return Kernel("stock", release, pathlib.Path("/dev/null"), kdir, "x86_64",
                  pathlib.Path("/lib/modules") / release)


def _fetch_package(release: str) -> pathlib.Path:
    """Downloads and unpacks linux-image-<release>, without installing it."""
    with cache.lock("stock"):
        top = cache.root() / "stock" / release
        if (top / "complete").exists():
            return top
        print(f"  fetching linux-image-{release}", file=sys.stderr, flush=True)
        shutil.rmtree(top, ignore_errors=True)
        top.mkdir(parents=True)
        with tempfile.TemporaryDirectory(dir=cache.root()) as work:
            os.chmod(work, 0o755)
            _run(["apt-get", "-qq", "download", f"linux-image-{release}"], work)
            deb = glob.glob(work + "/*.deb")[0]
            _run(["dpkg", "-x", deb, str(top)], work)
        _run(["depmod", "-b", str(top), release], top)
        (top / "complete").touch()
        return top


def _run(command, cwd) -> None:
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise KernelError(f"{' '.join(map(str, command))} failed:\n{done.stdout[-3000:]}")


# ---- kernels we build

def source(vehicle: str = "uml") -> pathlib.Path:
    """The distribution's kernel source in the cache, with a vehicle's patches."""
    tarballs = sorted(glob.glob("/usr/src/linux-source-*.tar.xz"), key=_version_key)
    if not tarballs:
        raise KernelError("no /usr/src/linux-source-*.tar.xz: install linux-source-6.1")
    tarball = pathlib.Path(tarballs[-1])
    stat = tarball.stat()
    ident = cache.key(stat.st_size, int(stat.st_mtime), *patches(vehicle))
    name = f"{tarball.name.removesuffix('.tar.xz')}-{vehicle}-{ident}"
    top = cache.root() / "src" / name
    with cache.lock(f"source-{vehicle}"):
        if not (top / ".patched").exists():
            shutil.rmtree(top, ignore_errors=True)
            _unpack(tarball, top)
            for patch in patches(vehicle):
                _run(["patch", "-sp1", "-i", str(patch)], top)
            (top / ".patched").touch()
    return top


def patches(vehicle: str) -> list[pathlib.Path]:
    """What the source package lacks for this kernel; each file says why."""
    found = sorted((CONFIGS.parent / "patches").glob("*.patch"))
    return [path for path in found if path.name.startswith((vehicle + "-", "both-"))]


def _unpack(tarball: pathlib.Path, top: pathlib.Path) -> None:
    print(f"  unpacking {tarball.name}", file=sys.stderr, flush=True)
    top.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=top.parent) as work:
        _run(["tar", "-xJf", str(tarball), "-C", work], work)
        os.rename(os.path.join(work, os.listdir(work)[0]), top)


def fragments(vehicle: str) -> list[pathlib.Path]:
    """The config fragments of a built kernel, in merging order."""
    return [CONFIGS / f"{name}.config" for name in BUILT[vehicle][1]]


def built(vehicle: str) -> Kernel:
    """The cached build of a debug kernel, building it if there is none."""
    arch, _, name, product = BUILT[vehicle]
    src = source(vehicle)
    compiler = subprocess.run(["gcc", "-dumpfullversion"], capture_output=True,
                              text=True, check=True).stdout
    ident = cache.key(arch, src.name, compiler, *fragments(vehicle))
    out = cache.root() / "kernel" / f"{vehicle}-{ident}"
    if not (out / "complete").exists():     # else whoever builds another keeps nobody waiting
        with cache.lock(f"kernel-{vehicle}"):
            if not (out / "complete").exists():
                _build(vehicle, src, out, arch, name)
                (out / "complete").touch()
                cache.prune(out.parent, vehicle + "-")
    os.utime(out)
    release = release_of(out)
    modules = out / "root/lib/modules" / release
    return Kernel(vehicle, release, out / product, out, arch, modules)


def _build(vehicle, src, out, arch, target) -> None:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    configure(vehicle, src, out, arch)
    log = out / "build.log"
    print(f"  building the {vehicle} kernel, once (log: {log})", file=sys.stderr, flush=True)
    jobs = f"-j{os.environ.get('CORDON_JOBS') or os.cpu_count()}"
    command = ["nice", "-n", "19", "make", jobs, f"ARCH={arch}", f"O={out}", target, "modules"]
    if _watched(command, src, log):
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-30:])
        raise KernelError(f"the {vehicle} kernel does not build ({log}):\n{tail}")
    _run(["make", "-s", f"ARCH={arch}", f"O={out}", f"INSTALL_MOD_PATH={out}/root",
          "modules_install"], src)
    _slim(out)


def configure(vehicle, src, out, arch) -> None:
    """Merges the fragments; every requested symbol must survive."""
    make = ["make", "-s", "-C", str(src), f"ARCH={arch}", f"O={out}"]
    names = [str(path) for path in fragments(vehicle)]
    _run(make + ["tinyconfig"], src)
    _run(["scripts/kconfig/merge_config.sh", "-m", "-O", str(out), f"{out}/.config", *names], src)
    _run(make + ["olddefconfig"], src)
    lost = lost_symbols(fragments(vehicle), (out / ".config").read_text())
    if lost:
        raise KernelError(f"the {vehicle} config lost: {', '.join(lost)}")


def lost_symbols(paths, config: str) -> list[str]:
    """The requests of the fragments that the final config does not grant."""
    have = set(config.splitlines())
    names = {line.split("=")[0] for line in have if line.startswith("CONFIG_")}
    wanted = {}
    for path in paths:
        for line in path.read_text().splitlines():
            if line.startswith("CONFIG_"):
                wanted[line.split("=")[0]] = line
    return [line for name, line in wanted.items()
            if (name in names if line.endswith("=n") else line not in have)]


def _watched(command, cwd, log: pathlib.Path) -> int:
    """Runs a long command into a log and shows that it moves."""
    start = time.monotonic()
    tick = start
    with open(log, "wb") as sink:
        child = subprocess.Popen(command, cwd=cwd, stdout=sink, stderr=subprocess.STDOUT)
        while True:
            try:
                return child.wait(timeout=1)
            except subprocess.TimeoutExpired:
                pass
            if time.monotonic() - tick >= 20:
                tick = time.monotonic()
                lines = log.read_bytes().count(b"\n")
                print(f"    {int(tick - start):4d} s, {lines} steps", file=sys.stderr, flush=True)


def _slim(out: pathlib.Path) -> None:
    """Drops the objects that building external modules does not need."""
    for path in out.rglob("*"):
        inside = str(path.relative_to(out))
        if inside.startswith(KEEP_OBJECTS) or path.is_symlink() or not path.is_file():
            continue
        if path.suffix in (".o", ".a") or path.name.endswith(".o.cmd"):
            path.unlink()


if __name__ == "__main__":
    print(source())
