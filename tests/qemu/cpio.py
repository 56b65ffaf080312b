# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the newc archives that the kernel unpacks as its first root."""
import os
import pathlib
import stat


class Archive:
    """A file tree in memory: entries by path, a later one wins."""

    def __init__(self):
        self._entries = {}

    def __contains__(self, path: str) -> bool:
        return path.strip("/") in self._entries

    def _put(self, path: str, mode: int, data=b"", dev=(0, 0)) -> None:
        path = path.strip("/")
        parent = os.path.dirname(path)
        if parent and parent not in self._entries:
            self.directory(parent)
        self._entries[path] = (mode, data, dev)

    def directory(self, path: str, mode: int = 0o755) -> None:
        """An empty directory."""
        self._put(path, stat.S_IFDIR | mode)

    def link(self, path: str, target: str) -> None:
        """A symbolic link."""
        self._put(path, stat.S_IFLNK | 0o777, target.encode())

    def node(self, path: str, mode: int, major: int, minor: int) -> None:
        """A character device."""
        self._put(path, stat.S_IFCHR | mode, b"", (major, minor))

    def text(self, path: str, text: str, mode: int = 0o644) -> None:
        """A file from a string."""
        self._put(path, stat.S_IFREG | mode, text.encode())

    def file(self, path: str, source, mode: int | None = None) -> None:
        """A file from the host, read when the archive is written."""
        source = pathlib.Path(source)
        if mode is None:
            mode = 0o755 if os.access(source, os.X_OK) else 0o644
        self._put(path, stat.S_IFREG | mode, source)

    def tree(self, path: str, source) -> None:
        """A directory of the host with all that is in it; links are followed."""
        for base, _, names in os.walk(source, followlinks=True):
            inside = os.path.normpath(os.path.join(path, os.path.relpath(base, source)))
            self.directory(inside)
            for name in names:
                full = os.path.join(base, name)
                if os.path.isfile(full):
                    self.file(os.path.join(inside, name), full)

    def entries(self):
        """(path, mode, contents) of everything, in order of the paths; the
        contents of a file of the host are given as its path there."""
        return ((path, mode, data) for path, (mode, data, _) in sorted(self._entries.items()))

    def write(self, target) -> int:
        """Writes the archive; the number of bytes."""
        with open(target, "wb", buffering=1 << 20) as out:
            for number, (path, entry) in enumerate(sorted(self._entries.items()), 1):
                self._write_entry(out, number, path, *entry)
            self._write_entry(out, 0, "TRAILER!!!", 0, b"", (0, 0))
            return out.tell()

    @staticmethod
    def _write_entry(out, number, path, mode, data, dev) -> None:
        body = data.read_bytes() if isinstance(data, pathlib.Path) else data
        name = path.encode() + b"\0"
        fields = (number, mode, 0, 0, 2 if stat.S_ISDIR(mode) else 1, 0, len(body),
                  0, 0, dev[0], dev[1], len(name), 0)
        out.write(b"070701" + b"".join(b"%08X" % field for field in fields) + name)
        out.write(b"\0" * (-out.tell() % 4))
        out.write(body)
        out.write(b"\0" * (-out.tell() % 4))
