# SPDX-License-Identifier: GPL-2.0-or-later
"""The cache outside the tree: where it is, how a key is made, one lock a name."""
import contextlib
import fcntl
import hashlib
import os
import pathlib
import sys
import time

TREE = pathlib.Path(__file__).resolve().parents[2]
BUILD = TREE / "build"


def root() -> pathlib.Path:
    """The cache directory, made if it is missing."""
    base = os.environ.get("CORDON_CACHE")
    if not base:
        xdg = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        base = os.path.join(xdg, "cordon")
    path = pathlib.Path(base).resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def key(*parts) -> str:
    """A short hash of strings, and of the contents of paths."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, pathlib.Path) else str(part).encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:12]


@contextlib.contextmanager
def lock(name: str):
    """Holds the cache's lock of this name; says so when it has to wait."""
    path = root() / f".{name}.lock"
    with open(path, "w", encoding="ascii") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"  waiting for another run's {name}", file=sys.stderr, flush=True)
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def slot(name: str, count: int):
    """One of a few places on this machine, shared by all runs; waits for one."""
    told = False
    while True:
        for number in range(count):
            with open(root() / f".{name}.{number}.lock", "w", encoding="ascii") as held:
                try:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                yield
                return
        if not told:
            print(f"  waiting for one of {count} places ({name})", file=sys.stderr, flush=True)
            told = True
        time.sleep(0.3)


def prune(directory: pathlib.Path, prefix: str, keep: int = 2) -> None:
    """Forgets all but the newest entries that start with prefix."""
    import shutil
    if not directory.is_dir():
        return
    found = [p for p in directory.iterdir() if p.name.startswith(prefix)]
    found.sort(key=lambda p: p.stat().st_mtime, reverse=True)
    for old in found[keep:]:
        if time.time() - old.stat().st_mtime > 3600:
            shutil.rmtree(old, ignore_errors=True)
