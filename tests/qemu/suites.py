# SPDX-License-Identifier: GPL-2.0-or-later
"""The guest tests: which there are, and building those that are C programs.

A test is tests/kselftest/NN_name.sh, or name.c built on the kernel's own
kselftest_harness.h (or on nothing). Other scripts, and the folders beside the
tests but tools/, go into the guest's /tests as they are. A test's first lines
may say

    timeout: 120            seconds, before scaling (default 60)
    vehicles: stock uml     where it runs (default everywhere)
    taint: 8                bits of the kernel's taint that it may leave behind
    short: stock            where of these it runs in a short check; a program of userland, of which
                            another kernel changes nothing, need not run on every one each time
    modules: foil wire      modules it loads: tests/qemu/foil, and that variant of
                            cordon.ko as /tests/wire/cordon.ko

Shared C lives in lib_*.c and is linked into every C test; helper_NAME.c becomes
the program NAME in the guest.
"""
import os
import pathlib
import re
import subprocess
import threading

import cache
import kernels

TESTS = cache.TREE / "tests/kselftest"
LIBRARY = "lib_"
HELPER = "helper_"
NOT_TESTS = ("lib.sh", "lib_lab.sh")
TOOLS = TESTS / "tools"


def head(path: pathlib.Path, word: str) -> str | None:
    """The value after `word:` in a test's first lines."""
    found = re.search(rf"\b{word}:\s*([^*\n]*)", path.read_text(errors="replace")[:2000])
    return found.group(1).strip() if found else None


def short_form(path: pathlib.Path, vehicle: str) -> bool:
    """Whether a test is of every check on this vehicle."""
    where = head(path, "short") if path.suffix == ".sh" else None
    return where is None or vehicle in where.split()


def modules_of(path: pathlib.Path) -> list[str]:
    """The modules besides cordon.ko that a test loads."""
    return (head(path, "modules") or "").split() if path.suffix == ".sh" else []


def runs_on(path: pathlib.Path, vehicle: str) -> bool:
    """Whether a test is for this vehicle."""
    named = head(path, "vehicles")
    return named is None or vehicle in named.split()


def timeout_of(path: pathlib.Path, default: int) -> int:
    """The time limit a test asks for; a program's is in its source."""
    source = TESTS / f"{path.name}.c"
    if not source.exists() and path.suffix != ".sh":
        return default
    named = head(source if source.exists() else path, "timeout")
    return int(named.split()[0]) if named else default


def taint_of(path: pathlib.Path) -> int:
    """The taint that a test may leave behind, besides the vehicle's."""
    return int(head(path, "taint") or 0) if path.suffix == ".sh" else 0


def sources(prefix: str | None = None) -> list[pathlib.Path]:
    """C tests, or the C files with a prefix."""
    found = sorted(TESTS.glob("*.c"))
    if prefix:
        return [p for p in found if p.name.startswith(prefix)]
    return [p for p in found if not p.name.startswith((LIBRARY, HELPER))]


def headers() -> pathlib.Path:
    """kselftest.h and kselftest_harness.h from the kernel source package."""
    made = cache.BUILD / "kselftest/include"
    for name in ("kselftest.h", "kselftest_harness.h"):
        target = made / name
        if not target.exists():
            text = (kernels.source() / "tools/testing/selftests" / name).read_text()
            made.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
    return made


def build(source: pathlib.Path) -> pathlib.Path:
    """One C program of the suite."""
    shared = sources(LIBRARY)
    inputs = [source, *shared, *sorted(TESTS.glob("*.h")),
              *sorted((cache.TREE / "kmod/uapi").rglob("*.h"))]
    return program(cache.BUILD / "kselftest" / source.stem, inputs,
                   ["-D_GNU_SOURCE", "-Wno-unused-parameter", "-Wno-sign-compare",
                    "-Wno-missing-field-initializers", f"-I{headers()}", f"-I{TESTS}", str(source),
                    *map(str, shared), "-lmnl"])


def program(target: pathlib.Path, inputs: list[pathlib.Path], words: list[str]) -> pathlib.Path:
    """Makes a program when an input is newer. Two guests may ask for it at once."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists() and all(p.stat().st_mtime < target.stat().st_mtime for p in inputs):
        return target
    made = target.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
    done = subprocess.run(["gcc", "-std=gnu11", "-O2", "-g", "-Wall", "-Wextra", "-Werror",
                           f"-I{cache.TREE}", f"-I{cache.TREE}/kmod/uapi", "-o", str(made), *words],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise kernels.KernelError(f"{target.name} does not build:\n{done.stdout}")
    os.rename(made, target)
    return target


def helpers() -> dict[str, pathlib.Path]:
    """Guest path -> program, for the helpers shell tests call."""
    found = {f"/usr/bin/{p.stem.removeprefix(HELPER)}": build(p) for p in sources(HELPER)}
    if TOOLS.is_dir():
        found["/usr/bin/lab"] = link("lab", [p for p in TOOLS.glob("*.c") if p.stem != "mkblob"],
                                     ["-D_GNU_SOURCE", "-lmnl"])
        policy = [p for p in (cache.TREE / "policy").glob("*.c") if "explain" not in p.stem]
        found["/usr/bin/mkblob"] = link("mkblob", [TOOLS / "mkblob.c", *policy], ["-lfyaml"])
    return found


def link(name: str, files: list[pathlib.Path], options: list[str]) -> pathlib.Path:
    """One program of several files, for tests to call."""
    folders = {p.parent for p in files} | {cache.TREE / "kmod/uapi/linux"}
    inputs = [*files, *(p for folder in folders for p in folder.glob("*.h"))]
    return program(cache.BUILD / "guest" / name, inputs, [*sorted(map(str, files)), *options])


def tests(vehicle: str, wanted) -> list[pathlib.Path]:
    """The selected tests of a vehicle in name order, C programs built."""
    found = [p for p in TESTS.glob("[0-9]*.sh")]
    found += sources()
    chosen = [p for p in found if wanted(p.name) and runs_on(p, vehicle)]
    built = [build(p) if p.suffix == ".c" else p for p in chosen]
    return sorted(built, key=lambda p: p.name)


def shares(chosen: list[pathlib.Path], parts: int) -> list[list[pathlib.Path]]:
    """Tests dealt out to so many guests, by the time they may take; none is empty."""
    piles: list[list[pathlib.Path]] = [[] for _ in range(max(parts, 1))]
    loads = [0] * len(piles)
    for path in sorted(chosen, key=lambda path: -timeout_of(path, 60)):
        least = loads.index(min(loads))
        piles[least].append(path)
        loads[least] += timeout_of(path, 60)
    return [sorted(pile, key=lambda path: path.name) for pile in piles if pile]
