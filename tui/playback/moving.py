"""Movements through training: what takes long goes on in the background, and further steps wait for it. Must not know
how a session moves, or what a picture of it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial

from chainstep.engine.training.commands import Back, CommandError, Forward, Goto, Movement, RunTo
from chainstep.engine.training.moves import Moves
from chainstep.engine.training.session import Session

from .background import Background
from .slices import Slices

MOST_QUEUED = 100
"""Steps that may wait for a longer one: as many as are pressed while it takes."""


class Moving:
    """Moves a session.

    `progress` is called now and then, with whether it goes forwards; `end` when it has arrived; `refuse` with what
    turned out to be wrong on the way.
    """

    def __init__(
        self,
        session: Session,
        slices: Slices,
        progress: Callable[[bool], None],
        end: Callable[[], None],
        refuse: Callable[[str], None],
    ) -> None:
        self._session = session
        self._slices = slices
        self._progress = progress
        self._end = end
        self._refuse = refuse
        self._background = Background()
        self.stepping = False
        """What goes on in the background is a step."""
        self.returning = False
        """What goes on leads back: until it has arrived the session stands where nobody has led it."""
        self._queue: deque[Forward | Back] = deque()
        """Steps that wait for it."""

    @property
    def busy(self) -> bool:
        """Whether a movement goes on in the background."""
        return self._background.busy

    def start(self, command: Movement) -> None:
        """Carry out a movement: a few slices at once; the rest, if there is one, in the background.

        Raises:
            CommandError: there is no such position or granularity; nothing has changed.
        """
        forwards, pieces = self._forwards(command), self._slices.move(command)
        if self._slices.start(pieces):
            self.stepping, self.returning = isinstance(command, Forward | Back), not forwards
            self._background.start(partial(self._finish, pieces, forwards), self._arrived)
        else:
            self._end()

    async def arrived(self) -> None:
        """Wait until what is under way has arrived, or was left."""
        await self._background.over()

    def queue(self, command: Forward | Back) -> bool:
        """Have a step wait for the one that is under way, if one is; whether one is."""
        if self.stepping and len(self._queue) < MOST_QUEUED:
            self._queue.append(command)
        return self.stepping

    def cancel(self) -> bool:
        """Leave what is under way, and what waits for it; whether anything was."""
        self._clear()
        return self._background.cancel()

    async def _finish(self, pieces: Moves, forwards: bool) -> None:
        """The rest of a movement, and those that were asked for meanwhile: steps add up, however long they take."""
        try:
            await self._slices.drain(pieces, partial(self._progress, forwards))
            while self._queue and not self._session.stopped:
                command = self._queue.popleft()
                forwards = self._forwards(command)
                self.returning = not forwards
                await self._slices.drain(self._slices.move(command), partial(self._progress, forwards))
        except CommandError as error:
            self._refuse(str(error))

    def _arrived(self) -> None:
        self._clear()
        self._end()

    def _clear(self) -> None:
        self._queue.clear()
        self.stepping = self.returning = False

    def _forwards(self, command: Movement) -> bool:
        """Whether what a movement has done can be shown: on the way back the session is still where it was."""
        match command:
            case Goto(step, op):
                return (step, op) >= (self._session.step, self._session.op)
            case RunTo(_, backwards):
                return not backwards
            case _:
                return isinstance(command, Forward)
