"""How a session gets into the class of its user, if there is one: it hands over its terminal, and only holds it from
then on. Must not know what is shown there, nor load more than it needs: without a class the first frame waits for it.

Of Python's library it takes what is built in: `json` and `socket` would take longer to load than all the rest.
"""

from __future__ import annotations

import os
import stat
import sys

from ...terminal import signals
from .. import sockets
from . import meeting

TYPE_CHECKING = False  # typing's own takes a fifth of the time that joining takes
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

PATIENCE = 5.0
"""Seconds that a class may take to answer; then the session starts by itself."""

_INT = 4
"""Bytes of a descriptor that is handed over."""

OPENING = ("expr", "follow", "learn", "resume")
"""Commands that open the app, beside what is no command at all: that is something to open."""

ALONE = (
    *("check", "class", "data", "examples", "export", "import", "predict", "record", "scale", "script", "source"),
    *("sweep", "train", "verify", "web"),
    *("--help", "--version", "-h"),
)
"""What is done without a class: it opens no screen, or somebody else's code and files are behind it."""

SHELLS = ("/bin/dash", "/bin/sh")
"""Where there is a small one it holds the terminal, and whatever sh is where there is none."""


def join(words: Sequence[str]) -> None:
    """Have the class of this user carry out the words on this terminal. Comes back only where there is none, or it does
    not take them in; else this process is the terminal's holder from now on, and ends with the session's status.
    """
    address = meeting.address()
    if not os.path.exists(address) or not sockets.is_private(os.path.dirname(address)) or not joins(words):
        return
    found = _taken_in(address, words)
    if found is not None:
        from fcntl import F_DUPFD_CLOEXEC, fcntl

        from .holder import HOLD, LINE, WORDS

        # First out of the way of each other.
        line, heard = (fcntl(each, F_DUPFD_CLOEXEC, 10) for each in found)
        os.dup2(line, LINE)
        os.dup2(heard, WORDS)
        shell = next(filter(_is_program, SHELLS))
        # Of an environment a shell may take functions and more, and it is to be the same for all.
        os.execve(shell, [shell, "-c", HOLD, "chainstep"], {"PATH": os.environ.get("PATH", os.defpath)})


def joins(words: Sequence[str]) -> bool:
    """Whether the words open a screen, and this is a terminal that can be handed over."""
    opens = not words or words[0] not in ALONE
    return opens and _has_unicode() and _is_one_terminal() and any(map(_is_program, SHELLS))


def _is_program(path: str) -> bool:
    return os.access(path, os.X_OK)


def _has_unicode() -> bool:
    """Whether the locale has all letters: which ones are written is settled when Python starts."""
    said = (os.environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    return all("utf" in name.lower() for name in said if name)


def _is_one_terminal() -> bool:
    """Whether standard input, output and errors are the same terminal."""
    try:
        found = [os.fstat(number) for number in range(3)]
    except OSError:
        return False
    return stat.S_ISCHR(found[0].st_mode) and len({each.st_rdev for each in found}) == 1 and os.isatty(0)


def _taken_in(address: str, words: Sequence[str]) -> tuple[int, int] | None:
    """The line to a session that has this terminal now, and where it says its words; None where there is none."""
    import _socket

    line = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        line.settimeout(PATIENCE)
        line.connect(address)
        if meeting.is_same_user(line) and not meeting.is_stopped(line):
            asked = as_json(asking(words)).encode()
            here = os.open(os.curdir, os.O_RDONLY | os.O_DIRECTORY)
            heard, said = os.pipe()
            try:
                handed = b"".join(each.to_bytes(_INT, sys.byteorder) for each in (0, 1, 2, here, said))
                head = len(asked).to_bytes(meeting.LENGTH)
                line.sendmsg([head], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, handed)])
            finally:
                os.close(here)
                os.close(said)
            line.sendall(asked)
            if line.recv(len(meeting.JOINED)) == meeting.JOINED.encode():
                line.setblocking(True)
                return line.detach(), heard
    except OSError:  # nobody is there any more, or it has come to a standstill
        pass
    line.close()
    return None


def asking(words: Sequence[str]) -> dict[str, Any]:
    """What a session has to know to be as if it had been started here."""
    import resource

    limits = [name for name in dir(resource) if name.startswith("RLIMIT_") and name != "RLIMIT_OFILE"]
    mask = os.umask(0o077)
    os.umask(mask)
    return {
        "installation": meeting.installation(),
        "read at once": meeting.read_at_once(),
        "program": sys.argv[0],
        "words": list(words),
        "environment": dict(os.environ),
        "umask": mask,
        "limits": {name: resource.getrlimit(getattr(resource, name)) for name in limits},
        "priority": os.getpriority(os.PRIO_PROCESS, 0),
        "shell": signals.has_shell(),
    }


def as_json(thing: Any) -> str:
    """What `json.dumps` makes of texts, whole numbers and truths, in lists and dictionaries of them."""
    from _json import encode_basestring_ascii

    if isinstance(thing, str):
        return encode_basestring_ascii(thing)
    if isinstance(thing, bool):
        return str(thing).lower()
    if isinstance(thing, int):
        return str(thing)
    if isinstance(thing, dict):
        return "{" + ", ".join(f"{as_json(name)}: {as_json(thing[name])}" for name in thing) + "}"
    return "[" + ", ".join(map(as_json, thing)) + "]"
