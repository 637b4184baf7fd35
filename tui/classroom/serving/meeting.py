"""Where a class and those who join it meet, and what they ask of each other. Must not know what a class does.

Every session looks here before it loads anything, so this loads next to nothing.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping

TYPE_CHECKING = False  # as in joining
if TYPE_CHECKING:
    from socket import socket
    from typing import Any

SOCKET = "class.socket"

LENGTH = 4
"""Bytes that tell the length of what is asked."""

LONGEST = 4_000_000
"""Bytes that are read of it: an environment and a command line may have two million on Linux."""

JOINED = b"joined\n"
"""What a class answers whom it takes in."""

READ_AT_ONCE = ("PYTHON", "TEXTUAL", "ESCDELAY")
"""How variables begin that are read once, when Python starts or Textual is imported."""


def folder(environment: Mapping[str, str] = os.environ) -> str:
    """The folder of a user's sockets; it need not exist yet. Without XDG_RUNTIME_DIR it is where that would be or,
    where nobody makes one, in /tmp.
    """
    given = environment.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(given):
        return os.path.join(given, "chainstep")
    user = os.getuid()
    usual = f"/run/user/{user}"
    return f"{usual}/chainstep" if _is_own(usual) else f"/tmp/chainstep-{user}"


def address(environment: Mapping[str, str] = os.environ) -> str:
    """The path of the socket of a user's class."""
    return os.path.join(folder(environment), SOCKET)


def is_private(path: str) -> bool:
    """Whether a folder is there, is this user's, and nobody else's to enter."""
    return _is_own(path) and not stat.S_IMODE(os.lstat(path).st_mode) & 0o077


def _is_own(path: str) -> bool:
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


def is_same_user(connection: socket) -> bool:
    """Whether this user's process is at the other end. Where the system does not tell, the folder is private."""
    from socket import SOL_SOCKET

    option = getattr(sys.modules["socket"], "SO_PEERCRED", None)
    if option is None:
        return True
    user = connection.getsockopt(SOL_SOCKET, option, 12)[4:8]
    return int.from_bytes(user, sys.byteorder) == os.getuid()


def installation() -> list[Any]:
    """What has to be the same at both ends: the code, the Python that runs it, and what either has read for good."""
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    flags = [getattr(sys.flags, name) for name in ("dev_mode", "isolated", "no_site", "optimize", "safe_path")]
    return [
        package,
        os.stat(package).st_mtime_ns,
        sys.version,
        sys.prefix,
        flags,
        sys.warnoptions,
        sys.getfilesystemencoding(),
    ]


def read_at_once(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables that cannot be handed over, since they have been read."""
    return {name: value for name, value in environment.items() if name.startswith(READ_AT_ONCE)}
