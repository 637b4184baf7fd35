"""Anything at all is asked of a class. Must not know what a session is."""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from chainstep.tui.classroom.serving import joining, meeting
from chainstep.tui.classroom.serving.request import RequestError, check, receive
from support.cases import every_case

from ..registry import long_run

_ANYTHING = (None, 0, -1, 10**30, 1.5, "", "\0", "\ud800", "x" * 5_000, [], {}, [[[]]] * 9, True, {"list": True})


def _mutated(given: Any, random: Random) -> Any:
    """The same with one thing in it changed, or gone."""
    if isinstance(given, dict) and given and random.random() < 0.8:
        name = random.choice(list(given))
        rest = {other: value for other, value in given.items() if other != name}
        return rest if random.random() < 0.2 else {**rest, name: _mutated(given[name], random)}
    if isinstance(given, list) and given and random.random() < 0.6:
        place = random.randrange(len(given))
        return [*given[:place], _mutated(given[place], random), *given[place + 1 :]]
    return random.choice(_ANYTHING)


def _bytes(good: dict[str, Any], random: Random) -> bytes:
    """What somebody may send."""
    if random.random() < 0.2:
        return random.randbytes(random.randrange(40))
    text = json.dumps(_mutated(good, random)).encode()
    if random.random() < 0.2:
        text = text[: random.randrange(len(text) + 1)] + random.randbytes(3) + text[random.randrange(len(text) + 1) :]
    length = len(text) if random.random() < 0.9 else random.randrange(2**32)
    return length.to_bytes(meeting.LENGTH) + text


@long_run(count=20_000, share=100)
def class_requests(folder: Path, count: int, seed: int) -> str:
    """Random and mutated requests to a class: refused in a word, or what a session can be made of."""
    good: dict[str, Any] = json.loads(json.dumps(joining.asking(["lecture"])))
    master, terminal = os.openpty()
    read, write = os.pipe()
    place = os.open(folder, os.O_RDONLY)
    believed = 0

    def case(number: int) -> None:
        nonlocal believed
        random = Random(number)
        ours, theirs = socket.socketpair()
        came: list[int] = []
        with ours, theirs, suppress(RequestError):
            theirs.settimeout(10)
            given = random.choice(([terminal, terminal, terminal, place, write], [], [terminal] * 5, [place]))
            first, rest = (text := _bytes(good, random))[:4], text[4:]
            if first:
                socket.send_fds(ours, [first], given)
            ours.sendall(rest)
            ours.shutdown(socket.SHUT_WR)
            asked, came = receive(theirs)
            check(asked, came)
            believed += 1
        for descriptor in came:
            os.close(descriptor)

    try:
        every_case(count, seed, case)
    finally:
        for descriptor in (master, terminal, read, write, place):
            os.close(descriptor)
    return f"{believed} were believed"
