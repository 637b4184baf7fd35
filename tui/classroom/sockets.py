"""Where a user's own sockets lie, and which process is at the other end of one. Must not know what they are for.

Every session looks here before it loads anything, so this loads next to nothing.
"""

from __future__ import annotations

import os
import stat
import sys

TYPE_CHECKING = False  # as in serving.joining
if TYPE_CHECKING:
    from _socket import socket
    from collections.abc import Mapping

RUNTIME = "/run/user"
"""Where systemd makes the folder of each user."""

TEMPORARY = "/tmp"
"""Where others look, too: what TMPDIR says holds for this user alone."""


def folder(environment: Mapping[str, str] = os.environ) -> str:
    """The folder of a user's sockets; it need not exist yet. Without XDG_RUNTIME_DIR it is where that would be or,
    where nobody makes one, in /tmp.
    """
    given = environment.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(given):
        return os.path.join(given, "chainstep")
    user = os.getuid()
    usual = f"{RUNTIME}/{user}"
    return f"{usual}/chainstep" if is_own(usual) else f"{TEMPORARY}/chainstep-{user}"


def is_own(path: str) -> bool:
    """Whether a folder is there, and is this user's."""
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


def is_private(path: str) -> bool:
    """Whether a folder is there, is this user's, and nobody else's to enter."""
    return is_own(path) and not stat.S_IMODE(os.lstat(path).st_mode) & 0o077


def credentials(of: socket) -> tuple[int, int, int] | None:
    """The process at the other end, its user and its group, as the kernel says; None where the system does not tell."""
    import _socket  # as in serving.joining

    option = getattr(_socket, "SO_PEERCRED", None)
    if option is None:
        return None
    told = of.getsockopt(_socket.SOL_SOCKET, option, 12)
    process, user, group = (int.from_bytes(told[at : at + 4], sys.byteorder) for at in (0, 4, 8))
    return process, user, group


def fields(process: int) -> list[bytes]:
    """What Linux says of a process in /proc/PID/stat, from its state on: its number and its name come before (proc(5)).

    Raises:
        OSError: it is gone, or the system does not tell.
    """
    with open(f"/proc/{process}/stat", "rb") as file:
        return file.read().rpartition(b")")[2].split()  # in a name anything may stand
