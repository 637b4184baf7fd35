"""Whether a folder is on a disk of this machine: SQLite's write-ahead log needs memory that all its readers share. Must
not know runs.
"""

from __future__ import annotations

import re
from pathlib import Path

_MOUNTS = Path("/proc/self/mounts")

_LOCAL = frozenset({
    "bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs", "overlay", "ramfs", "reiserfs", "tmpfs", "xfs", "zfs",
})  # fmt: skip


def is_local(folder: Path, mounts: Path = _MOUNTS) -> bool:
    """Whether `folder` is surely on a local file system; in doubt, and where the system has no list of mounts, not."""
    try:
        table = mounts.read_text(encoding="utf-8", errors="surrogateescape")
        real = folder.resolve(strict=True)
    except (OSError, RuntimeError):  # a circle of links
        return False
    depth, kind = -1, ""
    for line in table.splitlines():
        _, where, found, *_ = [*line.split(" "), "", ""]
        point = Path(_unescaped(where))
        # The last one mounted on a place hides those before it.
        if where and real.is_relative_to(point) and len(point.parts) >= depth:
            depth, kind = len(point.parts), found
    return kind in _LOCAL


def _unescaped(text: str) -> str:
    """A path as the kernel prints it: blanks and backslashes are octal."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)
