# SPDX-License-Identifier: GPL-2.0-or-later
"""The control run: the same building without cordon, where every attack works."""
import json
import os
import pathlib
import time

import bringup
import building as tables
import cache
import initrd
import kernels
from bringup import DemoError
from follow import Follower, live_checks

QEMU_FILES = pathlib.Path(__file__).resolve().parents[1] / "qemu"
MAKES_GUESTS = ("boot.py", "cpio.py", "initrd.py", "modules.py")
KEPT = 8
# What a guest without cordon has no use for, although it is in every guest.
OF_CORDON = ("usr/bin/cordon", "usr/sbin/cordond", "usr/share/cordon/", "usr/libexec/cordon/", "tests/")


def key(building: tables.Building) -> str:
    """Everything that the control run depends on: the kernel, the programs and
    scripts in the guest, what they are to do, how a guest is made."""
    archive = initrd.base()
    initrd.add_manifest(archive, bringup.MANIFEST)
    for inside, path in bringup.programs().items():
        initrd.add_program(archive, path, inside) if os.access(path, os.X_OK) \
            else archive.file(initrd.guest_path(inside), path)
    parts = [kernels.kernel("stock").release, kernels.kernel("stock").image, *bringup.TLS]
    for path, mode, data in archive.entries():
        if not path.startswith(OF_CORDON):
            parts += [path, mode, data]
    for name, text in sorted(bringup.texts("control", building, set()).items()):
        parts += [name, text]
    return cache.key(*parts, *[QEMU_FILES / name for name in MAKES_GUESTS])


def run(building: tables.Building) -> dict:
    """Boots the building without cordon; keeps a run in which everything connected."""
    record = cache.root() / f"demo/control-{key(building)}.json"
    start = time.monotonic()
    seen = Follower()
    result = bringup.run_guest("control", building, set(), seen)
    cells = seen.cells.get("first", {})
    if not cells or not result.ok:
        raise DemoError("\n".join(["the control run failed", *bringup.why(result)]))
    kept = {"when": time.strftime("%Y-%m-%d %H:%M"), "seconds": int(time.monotonic() - start),
            "cells": {"|".join((c.source, c.target, c.service, c.family)): v
                      for c, v in cells.items()},
            "live": [[case.name, case.ok] for case in live_checks(result)]}
    out = read(kept)
    if not judge(building, out)[2]:
        keep(record, kept)
    return out


def keep(record: pathlib.Path, kept: dict) -> None:
    """Writes the record; forgets all but a few of the others."""
    record.parent.mkdir(parents=True, exist_ok=True)
    made = record.with_suffix(f".{os.getpid()}")
    made.write_text(json.dumps(kept))
    os.rename(made, record)
    others = sorted(record.parent.glob("control-*.json"), key=lambda path: path.stat().st_mtime)
    for old in others[:-KEPT]:
        old.unlink(missing_ok=True)


def read(kept: dict) -> dict:
    """A record with cells instead of their names."""
    return kept | {"cells": {tables.Cell(*name.split("|")): value
                             for name, value in kept["cells"].items()}}


def recorded(building: tables.Building) -> dict | None:
    """The recorded run of exactly these inputs."""
    record = cache.root() / f"demo/control-{key(building)}.json"
    return read(json.loads(record.read_text())) if record.exists() else None


def judge(building: tables.Building, kept: dict) -> tuple[int, int, list[str]]:
    """How many cells and attacks connected, of how many, and which did not."""
    cells = building.cells()
    bad = [f"{cell}: {kept['cells'].get(cell, 'not measured')}" for cell in cells
           if kept["cells"].get(cell) != "ok"]
    bad += [name for name, ok in kept["live"] if not ok]
    total = len(cells) + len(kept["live"])
    return total - len(bad), total, bad
