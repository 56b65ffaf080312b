#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Shows cordon at work on real traffic in a guest, and says whether it held.

    demo.py               the demo (runs the control first if it is not recorded)
    demo.py control       the same building without cordon: the attacks must work
    demo.py control --again
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "qemu"))

import boot as harness
import building as tables
import cache
import initrd
import kernels
import verdict
from ktap import GuestReader

MANIFEST = "bin mosquitto mosquitto_pub chronyd dropbear dropbearkey dbclient curl dnsmasq lighttpd\n"
NOT_IN_CONTROL = ("cordon.sh", "real.sh")
MINIMUM = 100       # counted cells of each kind


class DemoError(Exception):
    """The demo could not be run."""


def say(text: str = "") -> None:
    """One line of progress."""
    print(text, flush=True)


# ---- what goes into the guest

def lighttpd_module() -> pathlib.Path:
    """TLS for lighttpd: from the system, or from the unpacked package."""
    name = "usr/lib/lighttpd/mod_openssl.so"
    for top in (cache.root() / "extract/root", pathlib.Path("/")):
        if (top / name).exists():
            return top / name
    raise DemoError("lighttpd-mod-openssl is missing: run make deps")


def build_prober() -> pathlib.Path:
    """The prober, static so that it starts quickly."""
    sources = sorted((HERE / "prober").glob("*.[ch]"))
    target = cache.BUILD / f"demo/prober-{cache.key(*sources)}"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        made = target.with_suffix(f".{os.getpid()}")
        subprocess.run(["gcc", "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-Werror",
                        "-static", "-o", str(made),
                        *[str(p) for p in sources if p.suffix == ".c"]], check=True)
        os.rename(made, target)
    return target


def certificate() -> pathlib.Path:
    """A key and a self-signed certificate for the TLS servers."""
    target = cache.BUILD / "demo/tls"
    if not (target / "cert.pem").exists():
        target.mkdir(parents=True, exist_ok=True)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "3650",
                        "-subj", "/CN=demo.test", "-keyout", str(target / "key.pem"),
                        "-out", str(target / "cert.pem")], check=True, capture_output=True)
    return target


def stage(mode: str, building, allowed) -> dict[str, str]:
    """Guest path -> host path of all that the demo brings along."""
    folder = cache.BUILD / f"demo/{mode}"
    shutil.rmtree(folder, ignore_errors=True)
    files = {}
    texts = {"mode": mode + "\n"}
    texts |= {f"cells/{name}": text for name, text in building.cell_lists().items()}
    real = building.real_lists(allowed) if mode == "cordon" else {}
    texts |= {f"real/{name}": text for name, text in real.items()}
    wanted = building.wanted_lists(allowed if mode == "cordon" else set(building.cells()))
    texts |= {f"wanted/{name}": text for name, text in wanted.items()}
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
        files[f"/demo/{name}"] = str(folder / name)
    for path in sorted(tables.GUEST.iterdir()):
        if path.name != "demo.sh":
            files[f"/demo/{path.name}"] = str(path)
    for name in ("key.pem", "cert.pem"):
        files[f"/demo/{name}"] = str(certificate() / name)
    files["/usr/lib/lighttpd/mod_openssl.so"] = str(lighttpd_module())
    files["/usr/bin/prober"] = str(build_prober())
    return files


# ---- the guest's report

class Follower(GuestReader):
    """Reads the guest's lines as they come: shows progress, keeps the facts."""

    def __init__(self, done=lambda test: None):
        super().__init__(done)
        self.cells: dict[str, dict] = {}
        self.real: dict = {}
        Follower.last = self

    def take(self, line: str) -> None:
        super().take(line)
        text = line.strip()
        if text.startswith("# cell "):
            _, _, tag, source, ident, result, _ = text.split()
            self.cells.setdefault(tag, {})[tables.read_cell(source, ident)] = result
        elif text.startswith("# real "):
            _, _, source, ident, *result = text.split(maxsplit=4)
            self.real[tables.read_cell(source, ident)] = " ".join(result)
        elif text.startswith("# step "):
            say(f"  {text[7:]}")
        elif text.startswith(("ok ", "not ok ")) and line.startswith("    "):
            say(f"    {text}")
        elif text.startswith("# ! "):
            say(f"      {text[4:]}")


def run_guest(mode: str, building, allowed) -> tuple[harness.Result, Follower]:
    """Boots the building once."""
    guest = harness.Guest(name=f"demo-{mode}", tests=[tables.GUEST / "demo.sh"],
                          files=stage(mode, building, allowed), manifest=MANIFEST,
                          with_cordon=mode == "cordon", leakcheck=False)
    harness.GuestReader = Follower
    result = harness.boot(guest)
    return result, Follower.last


def live_checks(result) -> list:
    """The cases that the guest itself judged."""
    return [case for test in result.tests for case in test.cases]


def why(result) -> list[str]:
    """The last words of a guest that failed."""
    lines = [f"  {result.reason or 'the guest failed'}; logs in {result.directory}"]
    for test in result.tests:
        lines += [f"    | {line}" for line in test.output[-60:]
                  if not line.startswith(("# left behind", "# cell ", "# real "))]
    return lines


# ---- the control run

def control_key(building) -> str:
    """Everything that the control run depends on."""
    sources = [path for folder in ("guest", "prober") for path in sorted((HERE / folder).iterdir())
               if path.name not in NOT_IN_CONTROL]
    harness_files = sorted((HERE.parent / "qemu").glob("*.py")) + \
        sorted((HERE.parent / "qemu/guest").iterdir())
    return cache.key(kernels.kernel("stock").release, str(building.cell_lists()),
                     *sources, *harness_files, HERE.parent / "qemu/initrd.list")


def control(building, again: bool = False) -> dict:
    """The recorded control run, made now if there is none."""
    record = cache.root() / f"demo/control-{control_key(building)}.json"
    if record.exists() and not again:
        kept = json.loads(record.read_text())
        say(f"control run: recorded on {kept['when']}")
    else:
        say("control run: the same building without cordon")
        kept = run_control(building)
        if set(kept["cells"].values()) == {"ok"} and all(ok for _, ok in kept["live"]):
            record.parent.mkdir(parents=True, exist_ok=True)
            record.write_text(json.dumps(kept))
    kept["cells"] = {tables.Cell(*key.split("|")): value for key, value in kept["cells"].items()}
    return kept


def run_control(building) -> dict:
    """Boots the building without cordon; everything must connect."""
    start = time.monotonic()
    result, seen = run_guest("control", building, set())
    cells = seen.cells.get("first", {})
    if not cells or not result.ok:
        raise DemoError("\n".join(["the control run failed", *why(result)]))
    live = [[case.name, case.ok] for case in live_checks(result)]
    return {"when": time.strftime("%Y-%m-%d %H:%M"), "seconds": int(time.monotonic() - start),
            "cells": {"|".join((c.source, c.target, c.service, c.family)): v
                      for c, v in cells.items()}, "live": live}


def judge_control(building, kept: dict) -> tuple[int, int, list[str]]:
    """How many cells and attacks connected, of how many, and which did not."""
    cells = building.cells()
    bad = [f"{cell}: {kept['cells'].get(cell, 'not measured')}" for cell in cells
           if kept["cells"].get(cell) != "ok"]
    bad += [name for name, ok in kept["live"] if not ok]
    return len(cells) + len(kept["live"]) - len(bad), len(cells) + len(kept["live"]), bad


def do_control(building, again: bool) -> int:
    """The control run by itself."""
    kept = control(building, again)
    good, total, bad = judge_control(building, kept)
    for line in bad:
        say(f"  did not connect: {line}")
    say(f"control: {good} of {total} attempts succeed without cordon ({kept['seconds']} s)")
    return 0 if good == total else 1


# ---- the demo

# The whole matrix again: (tag, name, whether what is allowed must go on too).
PHASES = (("killed", "cordond killed", True),
          ("flushed", "cordond killed and nftables flushed", False),
          ("repaired", "nftables repaired", True))


def judge_phases(building, allowed, seen) -> tuple[int, list[str]]:
    """One check for each way in which a later matrix may differ from the policy."""
    good, bad = 0, []
    for tag, name, goes_on in PHASES:
        cells = seen.cells.get(tag, {})
        opened = [c for c in building.cells() if c not in allowed
                  and cells.get(c) not in verdict.QUIET]
        shut = [c for c in sorted(allowed) if cells.get(c) != "ok"] if goes_on else []
        for found, word in ((opened, "opens"), (shut, "shuts")):
            if found:
                bad += [f"{name}: {word} {c}: {cells.get(c, 'not measured')}" for c in found[:5]]
            elif word == "opens" or goes_on:
                good += 1
                say(f"    {name}: nothing {word}, of {len(building.cells())} cells")
    return good, bad


def report(building, allowed, kept, result, seen) -> int:
    """Prints the matrix and every deviation; the exit status."""
    first = seen.cells.get("first", {})
    if not first:
        raise DemoError("\n".join(["the guest did not get as far as the matrix", *why(result)]))
    out = verdict.judge(building.cells(), allowed, first, kept["cells"])
    say()
    say(verdict.matrix(building, allowed, first, verdict.Painter(sys.stdout)))
    say()
    bad = [f"{cell}: {reason}" for cell, reason in out.wrong]
    phases, failed = judge_phases(building, allowed, seen)
    bad += failed
    real = [c for c in sorted(allowed) if c.service not in tables.NO_REAL_PROGRAM]
    unreal = [f"real program, {c}: {seen.real.get(c, 'did not run')}" for c in real
              if seen.real.get(c) != "ok"]
    live = live_checks(result)
    bad += unreal + [f"{case.name} {case.note}".strip() for case in live if not case.ok]
    if len(out.held) < MINIMUM or len(out.stopped) < MINIMUM:
        bad.append(f"fewer than {MINIMUM} allowed or denied cells count")
    if not result.ok and not bad:
        bad.append(result.reason)
    good = len(out.held) + len(out.stopped) + len(real) - len(unreal) + \
        sum(case.ok for case in live) + phases
    say(f"{len(out.held)} cells allowed and open, {len(out.stopped)} denied and stopped "
        f"(each open in the control run), {len(real) - len(unreal)} real clients served, "
        f"{sum(case.ok for case in live) + phases} live checks.")
    say(f"{len(out.uncounted)} more cells were stopped and are not counted: nobody may reach "
        "that server, so nothing shows that it was up.")
    for line in bad:
        say(f"  WRONG: {line}")
    if not result.ok:
        say("\n".join(why(result)))
    say(f"demo: {good} of {good + len(bad)} checks as the policy says")
    return 1 if bad else 0


def do_demo(building) -> int:
    """All of it."""
    start = time.monotonic()
    allowed = tables.expected(building)
    kept = control(building)
    good, total, _ = judge_control(building, kept)
    say(f"  without cordon {good} of {total} attempts succeed")
    say("the building with cordon")
    result, seen = run_guest("cordon", building, allowed)
    say(f"took {int(time.monotonic() - start)} s")
    return report(building, allowed, kept, result, seen)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", default="demo", choices=["demo", "control"])
    parser.add_argument("--again", action="store_true", help="do not use the recorded control")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        building = tables.Building()
        if args.what == "control":
            return do_control(building, args.again)
        return do_demo(building)
    except (DemoError, tables.TableError, kernels.KernelError, initrd.InitrdError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
