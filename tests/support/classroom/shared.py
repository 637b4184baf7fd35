"""A session that is shared over a socket, and those who follow it, all on one loop. Must not know the app."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from chainstep.engine.training.moves import finish
from chainstep.engine.training.session import Session
from chainstep.tui.classroom.following.connection import Connection, chosen
from chainstep.tui.classroom.following.following import Following
from chainstep.tui.classroom.sharing.sharer import Sharer
from chainstep.tui.classroom.sharing.subject import subject_of
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.files.subjects.source import Source


class Teacher:
    """A session that is shared."""

    def __init__(self, session: Session, source: Source, *, leave: bool = False) -> None:
        self.session = session
        self.playing = False
        self.heard = 0
        self.wrong: list[str] = []
        self.subject = subject_of(session, source, leave=leave)
        self.sharer = Sharer(lambda: self.subject, lambda: self.playing, self._hear, self.wrong.append)
        self.pupils: list[Pupil] = []

    def _hear(self) -> None:
        self.heard += 1

    async def joined(self) -> Pupil:
        """Somebody follows."""
        pupil = Pupil()
        self.pupils.append(pupil)
        await pupil.begin()
        return pupil

    async def told(self, *pupils: Pupil) -> None:
        """All of these stand where the teacher stands."""
        self.sharer.changed()
        for pupil in pupils or self.pupils:
            await pupil.until(lambda pupil=pupil: pupil.stands(self.session))  # type: ignore[misc]


class Pupil:
    """Somebody who follows, without a screen."""

    def __init__(self) -> None:
        self.connection = Connection(chosen(None))
        self.following = Following()
        self.ended = False
        self._task: asyncio.Task[None] | None = None
        self._took = asyncio.Event()

    async def begin(self) -> None:
        await self.connection.open()
        self._task = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        while (message := await self.connection.next()) is not None:
            way = self.following.take(message)
            if way is not None and not self.connection.outdated:
                finish(self.session.move(way))
            self._took.set()
        self.ended = True
        self._took.set()

    @property
    def session(self) -> Session:
        assert self.following.session is not None
        return self.following.session

    def stands(self, session: Session) -> bool:
        own = self.following.session
        return own is not None and (own.step, own.op, own.settings, own.granularity) == (
            session.step, session.op, session.settings, session.granularity,
        )  # fmt: skip

    async def until(self, true: Callable[[], object]) -> None:
        """Wait for something that comes by what is told."""
        async with asyncio.timeout(20):
            while not true():
                if self._task is not None and self._task.done():
                    self._task.result()
                self._took.clear()
                await self._took.wait()

    async def end(self) -> None:
        self.connection.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


async def until(true: Callable[[], object]) -> None:
    """Wait for something that nothing tells of."""
    deadline = asyncio.get_running_loop().time() + 20
    while not true():
        assert asyncio.get_running_loop().time() < deadline, f"{true} never came true"
        await asyncio.sleep(0.001)


@asynccontextmanager
async def shared(
    what: str = "xor", target: str | None = None, *, leave: bool = False, **knobs: object
) -> AsyncIterator[Teacher]:
    """A session on an example or a file, which is shared; followers that have joined are let go at the end."""
    session, source = open_subject(what, target, knobs)
    teacher = Teacher(session, source, leave=leave)
    await teacher.sharer.start()
    try:
        yield teacher
    finally:
        for pupil in teacher.pupils:
            await pupil.end()
        teacher.sharer.stop()
