"""A table that is kept beside the runs, which are to open it again: under a name that is made of its bytes. Must not
know what is in it, nor whence it came.
"""

from __future__ import annotations

import os
from pathlib import Path

from ..whole import write_whole


def fingerprint(data: bytes) -> str:
    """What is in a name for some bytes."""
    import hashlib  # loads OpenSSL, which the first frame does without

    return hashlib.sha256(data).hexdigest()[:12]


def keep(path: Path, data: bytes) -> None:
    """Keep the bytes there, by whose `fingerprint` it is called; the same ones are kept once.

    Raises:
        OSError: they cannot be kept.
    """
    if path.exists():
        os.utime(path)  # it is wanted again: see what is done about those that no run names
    else:
        write_whole(path, data, 0o600)
