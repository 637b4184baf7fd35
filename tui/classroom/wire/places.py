"""Where sessions are shared: sockets in folders of their users, which ones are alive, and whose they are. Must not know
what is said over them.

A socket that is for its user alone lies in a folder that nobody else can enter. One for a group lies in a folder of
that group in /tmp, where its members can find it.
"""

from __future__ import annotations

import grp
import os
import pwd
import re
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from .. import sockets

SUFFIX = ".sock"

_NAME = re.compile(r"[\w][\w.@+-]{0,31}", re.ASCII)
"""What a shared session may be called."""

_AT_ONCE = 512
"""Followers that may come at once: a class sits down together."""

_SOON = 0.02
"""Seconds after which somebody tries again who finds too many before the door."""

_YOUNG = 2.0
"""Seconds in which a socket that nobody listens at may be one that is just being made."""


class PlaceError(ValueError):
    """Nothing can be shared or followed there; the message is one line."""


class Shared(NamedTuple):
    """A session that is shared."""

    name: str
    user: str
    """Who shares it."""
    path: Path


class Peer(NamedTuple):
    """The process at the other end."""

    pid: int
    user: int
    group: int


# --- where


def own_folder(group: str | None = None) -> Path:
    """The folder for what this user shares, with a group if one is named. It is there then, and nobody else's.

    Raises:
        PlaceError: there is no such group, or the folder is not as it has to be.
    """
    number = None if group is None else group_number(group)
    path = _private() if group is None else Path(sockets.TEMPORARY, f"chainstep-{os.getuid()}.{group}")
    mode = 0o700 if number is None else 0o750
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise PlaceError(f"{path} is no folder of yours: nothing can be shared there")
        if number is not None and found.st_gid != number:
            os.chown(path, -1, number)
        path.chmod(mode)
    except OSError as error:
        raise PlaceError(f"nothing can be shared in {path}: {(error.strerror or str(error)).lower()}") from None
    return path


def group_number(group: str) -> int:
    """The number of a group.

    Raises:
        PlaceError: there is none of that name.
    """
    try:
        return grp.getgrnam(group).gr_gid
    except (KeyError, ValueError):
        raise PlaceError(f"there is no group {group!r} here") from None


def _private() -> Path:
    """Unlike a class, which is met where XDG_RUNTIME_DIR says or not at all, this does without one that is not there,
    or is somebody else's, as behind su.
    """
    given = Path(sockets.folder())
    return given if sockets.is_own(str(given.parent.resolve())) else Path(sockets.folder({}))


def free_name(folder: Path, wanted: str) -> str:
    """A name that no living session in a folder has: the wanted one, or with a number behind it."""
    base = "".join(letter if _NAME.fullmatch(letter) or letter in ".@+-" else "-" for letter in wanted)[:24]
    base = base if _NAME.fullmatch(base) else "session"
    for number in range(1, 1_000):
        name = base if number == 1 else f"{base}-{number}"
        if not _alive(folder / f"{name}{SUFFIX}"):
            return name
    raise PlaceError(f"too many sessions are shared in {folder}")


def user_name() -> str:
    """What this user is called."""
    return _called(os.getuid())


def _called(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


# --- which


def shared() -> list[Shared]:
    """The sessions that are shared with this user, by their names. Sockets of this user's own that are dead go."""
    # Whoever shares one notices that it is looked at: that is done once.
    return sorted(kept for folder in dict.fromkeys(_folders()) for kept in _in(folder))


def _folders() -> Iterator[Path]:
    yield _private()
    yield Path(sockets.folder({}))
    with suppress(OSError):
        yield from sorted(Path(sockets.TEMPORARY).glob("chainstep-*"))


def _in(folder: Path) -> Iterator[Shared]:
    try:
        owner = folder.lstat()
        paths = sorted(folder.glob(f"*{SUFFIX}")) if stat.S_ISDIR(owner.st_mode) else []
    except OSError:
        return
    for path in paths:
        name = path.name.removesuffix(SUFFIX)
        # Whoever put it there must be whose folder it is.
        with suppress(OSError):
            if _NAME.fullmatch(name) and path.lstat().st_uid == owner.st_uid and _alive(path):
                yield Shared(name, _called(owner.st_uid), path)


def _alive(path: Path) -> bool:
    """Whether somebody listens there; where nobody does, a socket of this user's own goes."""
    try:
        found = path.lstat()
    except OSError:
        return False
    if not stat.S_ISSOCK(found.st_mode):
        return True  # whatever it is, nothing can be shared under that name
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            with _short(path) as short:
                probe.connect(short)
        except ConnectionRefusedError:
            if found.st_uid != os.getuid():
                return False
            if time.time() - found.st_mtime <= _YOUNG:
                return True
            with suppress(OSError):
                path.unlink()
            return False
        except BlockingIOError:
            return True  # others are before the door
        except OSError:
            return False
    return True


# --- sockets


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """A path that is short enough for a socket, of which the system takes 107 bytes."""
    text = str(path)
    if len(os.fsencode(text)) <= 100:
        yield text
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def listening(path: Path, group: str | None = None) -> socket.socket:
    """A socket at which followers can come, by a `free_name`: one that somebody has taken meanwhile is left alone.

    Raises:
        PlaceError: there can be none.
    """
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # The file gets this mode. A umask would be every thread's, one that makes a folder for a run as well.
        os.fchmod(made.fileno(), 0o600)
        with _short(path) as short:
            made.bind(short)
        if group is not None:
            os.chown(path, -1, group_number(group))
            path.chmod(0o660)
        made.listen(_AT_ONCE)
        made.setblocking(False)
    except OSError as error:
        made.close()
        raise PlaceError(f"nothing can be shared at {path}: {(error.strerror or str(error)).lower()}") from None
    return made


def connected(shared: Shared, patience: float) -> socket.socket:
    """A socket to whoever shares a session; they are whose folder it is in.

    Raises:
        PlaceError: nobody is there any more, or somebody else is.
    """
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.settimeout(patience)
    try:
        with _short(shared.path) as short:
            _connect(made, short, time.monotonic() + patience)
        if _called(peer(made).user) != shared.user:
            raise PlaceError(f"somebody else than {shared.user} is at {shared.path}")
    except OSError as error:
        made.close()
        why = (error.strerror or str(error)).lower()
        raise PlaceError(f"{shared.name} cannot be followed: {why}") from None
    except PlaceError:
        made.close()
        raise
    return made


def _connect(made: socket.socket, path: str, deadline: float) -> None:
    while True:
        try:
            made.connect(path)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_SOON)
        else:
            return


# --- who


def peer(of: socket.socket) -> Peer:
    """Who is at the other end, as the kernel says.

    Raises:
        PlaceError: the system does not tell.
    """
    found = sockets.credentials(of)
    if found is None:
        raise PlaceError("this system does not say who is at the other end")
    return Peer(*found)


def may_follow(who: Peer, group: str | None) -> bool:
    """Whether somebody is this user, or of the group that is named."""
    if who.user == os.getuid():
        return True
    if group is None:
        return False
    wanted = group_number(group)
    try:
        known = pwd.getpwuid(who.user)
    except KeyError:
        return False
    return wanted in (who.group, *os.getgrouplist(known.pw_name, known.pw_gid))
