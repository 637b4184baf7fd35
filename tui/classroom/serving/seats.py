"""Who sits in a class and who plays there, on pages of memory that all its sessions share; and how the processor is
shared out between those who play. Must not know what is played.

Each session writes to a seat of its own, so no lock is needed; the class clears it when its process is gone.
"""

from __future__ import annotations

import mmap
import os
import signal
import struct
import time

from chainstep.engine.records import record

from .priority import Priority

MOST = 1_000
"""Sessions that a class takes in."""

ROOM = 0.75
"""Of the processor, what those who play may take together: the rest is for those who step."""

_FREE, _TAKEN, _BEGUN, _OPEN, _PLAYING = range(5)

_SESSIONS = (_BEGUN, _OPEN, _PLAYING)

_RECORD = struct.Struct("=idH")
"""The process, when it came by `time.monotonic`, and how long its words are."""

_LONGEST = 256
"""Bytes of a record with its words."""


@record
class Sitting:
    """A session of the class."""

    pid: int
    words: str
    seconds: float
    """Since it came."""
    playing: bool


class Seats:
    """The seats of a class. It is shared with every process that is forked."""

    def __init__(self, processors: int | None = None) -> None:
        self.processors = processors or _usable()
        self._states = mmap.mmap(-1, MOST)
        self._records = mmap.mmap(-1, MOST * _LONGEST)

    def take(self) -> int | None:
        """A free seat, for a process that is about to begin; None where all are taken."""
        number = self._states.find(bytes([_FREE]), 0)
        if number < 0:
            return None
        self._states[number] = _TAKEN
        return number

    def leave(self, number: int) -> bool:
        """Its process is gone; whether a session sat there."""
        sat = self._states[number] in _SESSIONS
        self._states[number] = _FREE
        return sat

    def sit(self, number: int, words: str) -> None:
        """This process is a session, and sits there."""
        text = words.encode(errors="replace")[: _LONGEST - _RECORD.size]
        start = number * _LONGEST
        self._records[start + _RECORD.size : start + _RECORD.size + len(text)] = text
        _RECORD.pack_into(self._records, start, os.getpid(), time.monotonic(), len(text))
        self._states[number] = _BEGUN

    def mark(self, number: int, *, playing: bool) -> None:
        """The session there is on screen; it plays, or does not."""
        self._states[number] = _PLAYING if playing else _OPEN

    def playing(self) -> int:
        """How many play."""
        return self._states[:].count(_PLAYING)

    def beginning(self) -> int:
        """How many are not on screen yet."""
        states = self._states[:]
        return states.count(_TAKEN) + states.count(_BEGUN)

    def sessions(self) -> int:
        """How many there are."""
        return sum(map(self._states[:].count, _SESSIONS))

    def sitting(self) -> list[Sitting]:
        """All sessions that are there."""
        found = []
        for number, state in enumerate(self._states[:]):
            if state in _SESSIONS:
                start = number * _LONGEST
                pid, since, length = _RECORD.unpack_from(self._records, start)
                words = self._records[start + _RECORD.size : start + _RECORD.size + length]
                seconds = round(time.monotonic() - since, 1)
                found.append(Sitting(pid, words.decode(errors="replace"), seconds, state == _PLAYING))
        return found


def _usable() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Seat:
    """One session's share of the processor: a `chainstep.tui.playback.shared.turns.Share`."""

    def __init__(self, seats: Seats, number: int, server: int, priority: Priority | None = None) -> None:
        """`server` is the process of the class; the `priority` is this session's, where it has one of its own."""
        self._seats = seats
        self._number = number
        self._server = server
        self._priority = priority
        self._playing = False

    def appear(self) -> None:
        """It is on screen: the class, which may wait for that, is woken as by the end of a session."""
        self._seats.mark(self._number, playing=False)
        if os.getppid() == self._server:
            os.kill(self._server, signal.SIGCHLD)

    def play(self, playing: bool) -> None:
        """It begins to play, or ends."""
        self._playing = playing
        self._seats.mark(self._number, playing=playing)

    def settled(self) -> bool:
        """Have the system's scheduler know, too; False where it is to be told again in a while."""
        return self._priority is None or self._priority.give_way(self._playing)

    def crowd(self) -> float:
        """How many times over those who play would take what they may, together; at least 1. Whoever is alone has it
        all, and so has everybody once the class is closed: nobody clears seats then.
        """
        if os.getppid() != self._server or self._seats.sessions() < 2:
            return 1.0
        return max(1.0, self._seats.playing() / (ROOM * self._seats.processors))
