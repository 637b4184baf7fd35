"""`sharing.py N SECONDS`: a teacher plays moons without a screen before N who follow, a third of whom read nothing.
Prints as JSON which share of its processor time went into sharing, and the longest slice of that in milliseconds. Time
that others take on the machine is no part of it.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import socket
import sys
import time
from pathlib import Path

from chainstep.engine.training.replication.update import Update
from chainstep.tui.classroom.sharing.sharer import Sharer
from chainstep.tui.classroom.sharing.subject import subject_of
from chainstep.tui.classroom.wire import frames, places
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.playback.slices import let_others

SLICE = 300
"""Samples, about two milliseconds."""


class Timed(Sharer):
    """Knows what it costs."""

    spent = longest = 0.0

    def changed(self) -> None:
        self._time(super().changed)

    def _tell(self) -> None:
        self._time(super()._tell)

    def _time(self, work: object) -> None:
        began = time.process_time()
        work()  # type: ignore[operator]
        took = time.process_time() - began
        self.spent, self.longest = self.spent + took, max(self.longest, took)


def read(path: Path, count: int) -> None:
    """Those who follow, in a process of their own: reading costs the teacher nothing."""
    made = []
    for _ in range(count):
        made.append(socket.socket(socket.AF_UNIX))
        made[-1].connect(str(path))
        made[-1].sendall(frames.encoded(Update("hello", {"protocol": 1})))
    while True:
        for one in select.select(made[count // 3 :], [], [])[0]:
            if not one.recv(2**16):
                return


async def main(count: int, seconds: float) -> None:
    session, source = open_subject("moons", overrides={"steps": 10**9})
    subject = subject_of(session, source, leave=False)
    there = asyncio.Event()
    sharer = Timed(lambda: subject, lambda: True, lambda: there.set() if sharer.count == count else None)
    await sharer.start()
    (shared,) = places.shared()
    if not os.fork():
        try:
            read(shared.path, count)
        finally:
            os._exit(0)
    await there.wait()
    await asyncio.sleep(0.3)
    sharer.spent = sharer.longest = 0.0
    end, began = time.monotonic() + seconds, time.process_time()
    while time.monotonic() < end:
        session.train(SLICE)
        sharer.changed()
        await let_others()
    print(json.dumps([sharer.spent / (time.process_time() - began), 1_000 * sharer.longest]))
    sharer.stop()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
