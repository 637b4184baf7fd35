"""Where a class and those who join it meet, and what they ask of each other. Must not know what a class does.

Every session looks here before it loads anything, so this loads next to nothing.
"""

from __future__ import annotations

import os
import sys

from .. import sockets

TYPE_CHECKING = False  # as in joining
if TYPE_CHECKING:
    from _socket import socket
    from collections.abc import Mapping
    from typing import Any

SOCKET = "class.socket"

LENGTH = 4
"""Bytes that tell the length of what is asked."""

LONGEST = 4_000_000
"""Bytes that are read of it: an environment and a command line may have two million on Linux."""

JOINED = "joined\n"
"""What a class answers whom it takes in."""

READ_AT_ONCE = ("PYTHON", "TEXTUAL", "ESCDELAY")
"""How variables begin that are read once, when Python starts or Textual is imported."""


def address(environment: Mapping[str, str] = os.environ) -> str:
    """The path of the socket of a user's class."""
    return os.path.join(sockets.folder(environment), SOCKET)


def is_same_user(connection: socket) -> bool:
    """Whether this user's process is at the other end. Where the system does not tell, the folder is private."""
    found = sockets.credentials(connection)
    return found is None or found[1] == os.getuid()


def is_stopped(connection: socket) -> bool:
    """Whether the process at the other end is stopped, as a system may tell, so that no answer would come."""
    found = sockets.credentials(connection)
    if found is None:
        return False
    try:
        return sockets.fields(found[0])[:1] in ([b"T"], [b"t"])
    except OSError:
        return False


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
