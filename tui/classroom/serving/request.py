"""What comes to a class by its socket: received, and looked at before it is believed. Must not know what is done about
it.
"""

from __future__ import annotations

import json
import os
import socket
import stat
from typing import Any

from . import meeting

DESCRIPTORS = 5
"""Standard input, output and errors, which are a terminal, the folder, and where the session says its words."""

LIST = {"list": True}
"""Asks who sits in the class."""

_SHAPE: dict[str, type] = {
    "installation": list,
    "read at once": dict,
    "program": str,
    "words": list,
    "environment": dict,
    "umask": int,
    "limits": dict,
    "priority": int,
    "shell": bool,
}


class RequestError(ValueError):
    """Nobody asks so; the message is a part of a line."""


def receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """What is asked, and the descriptors that come along.

    Raises:
        RequestError: it makes no sense.
        OSError: it is broken off, or takes too long.
    """
    head, descriptors, flags, _ = socket.recv_fds(connection, meeting.LENGTH, DESCRIPTORS)
    try:
        if len(head) < meeting.LENGTH or flags & socket.MSG_CTRUNC:
            raise RequestError("that is nothing to ask")
        return _asked(connection, int.from_bytes(head)), descriptors
    except BaseException:
        for descriptor in descriptors:
            os.close(descriptor)
        raise


def _asked(connection: socket.socket, length: int) -> dict[str, Any]:
    if length > meeting.LONGEST:
        raise RequestError("that is too long")
    text = bytearray()
    while len(text) < length:
        piece = connection.recv(min(65536, length - len(text)))
        if not piece:
            raise RequestError("that is not all")
        text += piece
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestError("that is no JSON") from error
    if not isinstance(asked, dict):
        raise RequestError("that is no object")
    return asked


def check(asked: dict[str, Any], descriptors: list[int]) -> None:
    """Make sure that a session can be as it is asked for.

    Raises:
        RequestError: it cannot.
    """
    if not _fit(descriptors) or any(not isinstance(asked.get(name), kind) for name, kind in _SHAPE.items()):
        raise RequestError("that is no session")
    if asked["installation"] != json.loads(json.dumps(meeting.installation())):
        raise RequestError("that is another installation")
    if asked["read at once"] != meeting.read_at_once():
        raise RequestError("that has been read already")
    environment = asked["environment"]
    texts = [asked["program"], *asked["words"], *environment, *environment.values()]
    if any(not isinstance(text, str) or "\0" in text for text in texts) or any(
        not name or "=" in name for name in environment
    ):
        raise RequestError("that is no command line")


def _fit(descriptors: list[int]) -> bool:
    """Whether they are a terminal three times, a folder and a pipe."""
    if len(descriptors) != DESCRIPTORS:
        return False
    *terminal, folder, said = descriptors
    kinds = [os.fstat(each).st_mode for each in (folder, said)]
    return all(map(os.isatty, terminal)) and stat.S_ISDIR(kinds[0]) and stat.S_ISFIFO(kinds[1])
