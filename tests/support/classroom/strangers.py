"""Strangers at both ends of a shared socket: what they say is random, or what is said there with something changed.
Must not know what anything means.
"""

from __future__ import annotations

import asyncio
import copy
import json
import math
import os
import random
import re
import socket
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, get_args
from unittest import mock

from chainstep.engine.training.commands import Back, CommandError, Forward, Goto, SetKnob, SetParameter
from chainstep.engine.training.moves import finish
from chainstep.engine.training.replication.leader import Leader
from chainstep.engine.training.replication.update import Update, records_of
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.parts import Part
from chainstep.tui.classroom import sockets
from chainstep.tui.classroom.following.following import FollowError, Following
from chainstep.tui.classroom.wire import frames, places
from chainstep.tui.files.subjects.opening import open_expression, open_subject
from support.classroom.shared import Teacher
from support.sessions import standing

_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 7, 41, 1_000_000, 10**9, 2**53 + 1, 10**30, 0.5, 1e308, -1e308, 5e-324, math.nan,
    math.inf, "", "x", "main", "nan", "lr", "adam", "\x1b]0;title\x07", "\x9b2J", "\u202e", "x\ny", "x" * 5_000, [], {},
    [[]], [1, 2, 3], [3_000, 3_000], [0, 0], [10**9] * 3, [None] * 4, {"command": "Undo"}, {"a": 1},
    {"command": "SetKnob", "name": "hidden", "value": [9_000, 9_000]}, {"command": "Goto", "step": 10**9},
    {"command": "SetParameter", "index": 10**6, "value": 0.0},
)  # fmt: skip

_ACTS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


# --- at the teacher's


class Strangers:
    """Whoever comes to a session that is shared, with somebody who follows it all the while."""

    def __init__(self, folder: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._folder, self._patches = folder, ExitStack()
        self._teacher: Teacher | None = None

    def __enter__(self) -> Strangers:
        state = {"XDG_RUNTIME_DIR": str(self._folder), "CHAINSTEP_STATE": str(self._folder / "state")}
        self._patches.enter_context(mock.patch.dict(os.environ, state))
        for name in ("RUNTIME", "TEMPORARY"):  # others on this machine may share something
            self._patches.enter_context(mock.patch.object(sockets, name, str(self._folder)))
        self._teacher = Teacher(*open_subject("xor"))
        self._loop.run_until_complete(self._begin(self._teacher))
        return self

    @staticmethod
    async def _begin(teacher: Teacher) -> None:
        await teacher.sharer.start()
        await teacher.joined()
        await teacher.told()

    def __exit__(self, *_: object) -> None:
        async def end() -> None:
            assert self._teacher is not None
            for pupil in self._teacher.pupils:
                await pupil.end()
            self._teacher.sharer.stop()

        self._loop.run_until_complete(end())
        self._loop.close()
        self._patches.close()

    def say(self, number: int) -> None:
        """One stranger comes, says something and hears what comes of it; the others notice nothing."""
        self._loop.run_until_complete(self._say(random.Random(number)))

    async def _say(self, chance: random.Random) -> None:
        teacher = self._teacher
        assert teacher is not None
        before = len(teacher.wrong)
        (shared,) = places.shared()
        with socket.socket(socket.AF_UNIX) as made:
            made.connect(str(shared.path))
            made.setblocking(False)
            with suppress(OSError):
                for piece in _said(chance):
                    await self._loop.sock_sendall(made, piece)
                made.shutdown(socket.SHUT_WR)
            async with asyncio.timeout(10):
                with suppress(ConnectionError):
                    while await self._loop.sock_recv(made, 2**16):
                        """It was let in, and is told."""
        lines = teacher.wrong[before:]
        assert len(lines) <= 1
        assert not any(map(_ACTS.search, lines)), lines
        teacher.session.apply(Forward("op"))
        await teacher.told()
        (pupil,) = teacher.pupils
        assert standing(pupil.session) == standing(teacher.session)
        assert len(teacher.sharer.questions.answers) == 0


def _said(chance: random.Random) -> Iterator[bytes]:
    """What a stranger says."""
    hello = Update("hello", {"protocol": 1})
    answer = Update("answer", {"number": chance.choice((0, 1, 7)), "value": chance.random()})
    message = chance.choice((hello, answer, *_transcript()))
    if chance.random() < 0.5:
        yield frames.encoded(hello)
    if chance.random() < 0.3:
        yield chance.randbytes(chance.choice((1, 3, 20, 2_000)))
        return
    data = b""
    with suppress(ValueError, KeyError, TypeError, OverflowError):
        data = frames.encoded(changed(message, chance))
    yield _flipped(data, chance) if chance.random() < 0.5 else data


def _flipped(data: bytes, chance: random.Random) -> bytes:
    flipped = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        if flipped:
            flipped[chance.randrange(len(flipped))] = chance.randrange(256)
    return bytes(flipped[: chance.choice((len(flipped), chance.randint(0, len(flipped))))])


# --- at a follower's


_TOLD: list[Update] = []


def _transcript() -> Sequence[Update]:
    """What a teacher says, with some of everything."""
    if not _TOLD:
        _TOLD.extend(_recorded())
    return _TOLD


def _recorded() -> Iterator[Update]:
    session, source = open_subject("xor")
    yield Update("hello", {"protocol": 1, "name": "anna"})
    yield Update("subject", {"title": "xor", "source": source.to_json()})
    leader = Leader(session)
    session.apply(Goto(70, 3))
    yield from leader.updates()
    for command in (Forward("op"), SetKnob("lr", 0.3), SetParameter(1, 0.5), Back("op")):
        session.apply(command)
        yield from leader.updates()
    yield Update("pace", {"playing": True, "sent": 7})
    session.apply(Goto(400))
    session.apply(SetKnob("batch_size", 1))
    yield from leader.updates(running=True)
    session.apply(Goto(500, 9))
    yield from leader.updates()
    yield Update("ask", {"number": 1, "text": "What?", "target": "w0.grad", "given": "x0"})
    yield Update("reveal", {"number": 1, "right": 0.5, "words": "so"})
    typed, formula = open_expression("a*b", {"a": 2.0, "b": -3.0})
    yield Update("subject", {"title": "a*b", "source": formula.to_json()})
    yield from Leader(typed).updates()
    yield Update("bye", {})


def told(number: int) -> bool:
    """A follower is told what a teacher says with something changed in it: whether it is believed. Then the session can
    be shown and gone on with, within a second of computing.
    """
    chance, began = random.Random(number), time.process_time()
    messages = list(_transcript())
    place = chance.randrange(len(messages))
    match chance.randrange(6):
        case 0:
            del messages[place]
        case 1:
            messages.insert(place, chance.choice(messages))
        case _:
            messages[place] = changed(messages[place], chance)
    following, wrong = Following(), ""
    try:
        for at, message in enumerate(messages):
            data = b""
            with suppress(ValueError, KeyError, TypeError, OverflowError):  # it cannot be said at all
                data = frames.encoded(message)
            if at == place and chance.random() < 0.2:
                data = _flipped(data, chance)
            for heard in frames.Decoder(frames.MOST_TOLD).feed(data):
                way = following.take(heard)
                if way is not None and following.session is not None:
                    finish(following.session.move(way))
                if following.session is not None:
                    assert not _acts(following.session), heard.kind
    except (FollowError, frames.FrameError) as error:
        wrong = str(error)
    except CommandError:
        wrong = "it leads to no place"
    assert not _ACTS.search(wrong), wrong
    if following.session is not None and not wrong:
        for command in (Forward("op", 3), Forward("step"), Back("step"), Goto(following.session.step + 3), Goto(0)):
            with suppress(CommandError):
                following.session.apply(command)
    took = time.process_time() - began
    assert took < 2, f"{took:.1f} s"
    return not wrong


def _acts(session: Session) -> str | None:
    """A text of the session's picture that would act on a terminal."""
    seen = repr(session.snapshot(set(get_args(Part)) - {"map", "proof"}))
    found = re.search(r"\\x[01][0-9a-f]|\\x[89][0-9a-f]|\\u202|\\n|\\t", seen)
    return seen[found.start() - 30 : found.end() + 30] if found else None


# --- what is changed


def changed(message: Update, chance: random.Random) -> Update:
    """A message with something changed in it."""
    if message.kind == "whole" and chance.random() < 0.7:
        return _with_other_record(message, chance)
    if message.body and chance.random() < 0.5:
        return message._replace(body=_other_doubles(message.body, chance))
    fields = copy.deepcopy(dict(message.fields))
    _change(fields, chance)
    kind = chance.choice([*frames.LETTERS]) if chance.random() < 0.05 else message.kind
    return Update(kind, fields, message.body)


def _change(fields: Any, chance: random.Random) -> None:
    """Change something somewhere in an object."""
    keys = list(fields) if isinstance(fields, dict) else list(range(len(fields)))
    if not keys:
        return
    key = chance.choice(keys)
    if isinstance(fields[key], dict | list) and fields[key] and chance.random() < 0.7:
        _change(fields[key], chance)
    elif chance.random() < 0.15:
        del fields[key]
    elif isinstance(fields[key], int) and chance.random() < 0.5:
        fields[key] += chance.choice((-1, 1, 64, -64))
    else:
        fields[key] = copy.deepcopy(chance.choice(_VALUES))


def _with_other_record(message: Update, chance: random.Random) -> Update:
    records = [*records_of(message).items()]
    place = chance.randrange(len(records))
    key, record = records[place]
    try:
        value = json.loads(record)
        _change(value, chance)
        record = json.dumps(value).encode()
    except ValueError:
        record = _other_doubles(record, chance)
    records[place] = key, record
    return Update("whole", {"records": [[key, len(kept)] for key, kept in records]}, b"".join(b for _, b in records))


def _other_doubles(body: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.2:
        return body[: chance.randint(0, len(body))]
    other = bytearray(body)
    for _ in range(chance.choice((1, 2, 9))):
        if len(other) >= 8:
            number = chance.choice((math.nan, math.inf, -math.inf, -1.0, 0.5, 1e308, -1e308, 5e-324))
            struct.pack_into("<d", other, chance.randrange(len(other) // 8) * 8, number)
    return bytes(other)
