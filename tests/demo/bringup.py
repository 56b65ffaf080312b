# SPDX-License-Identifier: GPL-2.0-or-later
"""Puts the demo's files together and boots the building once."""
import os
import pathlib
import shutil
import subprocess

import boot as harness
import building as tables
import cache
from follow import Follower

HERE = pathlib.Path(__file__).resolve().parent
MANIFEST = "bin mosquitto mosquitto_pub chronyd dropbear dropbearkey dbclient curl dnsmasq lighttpd\n"
TLS = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
       "-days", "3650", "-subj", "/CN=demo.test")


class DemoError(Exception):
    """The demo could not be run."""


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


def certificate() -> dict[str, str]:
    """Guest path -> host path of a key and a self-signed certificate."""
    target = cache.BUILD / "demo/tls"
    if not (target / "cert.pem").exists():
        target.mkdir(parents=True, exist_ok=True)
        subprocess.run([*TLS, "-keyout", str(target / "key.pem"), "-out", str(target / "cert.pem")],
                       check=True, capture_output=True)
    return {f"/demo/{name}": str(target / name) for name in ("key.pem", "cert.pem")}


def texts(mode: str, building: tables.Building, allowed: set) -> dict[str, str]:
    """Name below /demo -> text of the lists that the guest works through."""
    out = {"mode": mode + "\n"}
    out |= {f"cells/{name}": text for name, text in building.cell_lists().items()}
    if mode == "cordon":
        out |= {f"real/{name}": text for name, text in building.real_lists(allowed).items()}
    wanted = building.wanted_lists(allowed if mode == "cordon" else set(building.cells()))
    return out | {f"wanted/{name}": text for name, text in wanted.items()}


def programs() -> dict[str, str]:
    """Guest path -> host path of the scripts and programs, the same in every run."""
    files = {f"/demo/{path.name}": str(path) for path in sorted(tables.GUEST.iterdir())}
    files["/usr/lib/lighttpd/mod_openssl.so"] = str(lighttpd_module())
    files["/usr/bin/prober"] = str(build_prober())
    return files


def stage(mode: str, building: tables.Building, allowed: set) -> dict[str, str]:
    """Guest path -> host path of all that the demo brings along."""
    folder = cache.BUILD / f"demo/{mode}"
    shutil.rmtree(folder, ignore_errors=True)
    files = programs() | certificate()
    for name, text in texts(mode, building, allowed).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
        files[f"/demo/{name}"] = str(folder / name)
    return files


def run_guest(mode: str, building: tables.Building, allowed: set,
              follower: Follower) -> harness.Result:
    """Boots the building once; the follower sees every line."""
    guest = harness.Guest(name=f"demo-{mode}", tests=[tables.GUEST / "demo.sh"],
                          files=stage(mode, building, allowed), manifest=MANIFEST,
                          with_cordon=mode == "cordon", leakcheck=False)
    return harness.boot(guest, reader=follower)


def why(result: harness.Result) -> list[str]:
    """The last words of a guest that failed."""
    lines = [f"  {result.reason or 'the guest failed'}; logs in {result.directory}"]
    for test in result.tests:
        lines += [f"    | {line}" for line in test.output[-60:]
                  if not line.startswith(("# left behind", "# cell ", "# real "))]
    return lines
