"""Walking: a walk through a lesson on the session that the runner plays. What takes long is done in slices, and the
session is led to where a beat wants it. Must not know any screen, or how an answer is judged.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from chainstep.engine.lessons.commands import LessonCommand, NextBeat
from chainstep.engine.lessons.play.paths import Open
from chainstep.engine.lessons.walk import Walk
from chainstep.engine.training.commands import Command
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..playback.background import Background
from ..playback.runner import Runner
from ..render.lesson.covering import covered


class Walking:
    """A guide along a walk.

    `go_over` goes over to another session; `changed` is told that the view is another one, `onward` that the learner
    wants to go on behind the last beat.
    """

    parts: frozenset[Part] = frozenset()

    def __init__(
        self,
        walk: Walk,
        runner: Runner,
        go_over: Callable[[Session], Awaitable[None]],
        changed: Callable[[], None],
        onward: Callable[[], None],
    ) -> None:
        self._walk, self._runner = walk, runner
        self._go_over, self._changed, self._onward = go_over, changed, onward
        self._background = Background()
        self._again = self._leading = False
        """The session or the walk is not as it was when it was looked at; the session is led just now."""
        self._asked = walk.asked
        self.view = walk.view()

    @property
    def lesson(self) -> str:
        """The id of the lesson that is walked through."""
        return self._walk.stop.lesson.id

    def start(self) -> None:
        """Do whatever the walk asks for."""
        self._again = True
        if not self._background.busy:
            self._background.start(self._work)

    def leave(self) -> None:
        """Do no more."""
        self._background.cancel()

    # --- as a guide

    def after(self, snapshot: Snapshot) -> None:
        """The session stands still: look where."""
        if not self._leading:
            self.start()

    def tell(self, command: LessonCommand) -> None:
        """Carry a command out, and what comes of it."""
        if isinstance(command, NextBeat) and self._walk.ended:
            self._onward()
            return
        self._walk.tell(command)
        self._look_again()
        self.start()

    def cover(self, snapshot: Snapshot) -> Snapshot:
        """A picture without what is asked for."""
        return covered(snapshot, self.view.covered, self._walk.asked)

    def phase(self) -> Command | None:
        """A phase is a phase."""
        return None

    def farewell(self) -> str:
        """Where it goes on."""
        return "the lesson is put away; ctrl+n lists them, and each goes on where you left it"

    # --- its work

    async def _work(self) -> None:
        """Until nothing is to be done: what the walk asks for, then the way of the session, then a look at it."""
        while self._again:
            self._again = False
            while (work := self._walk.work()) is not None:
                await self._runner.run_beside(work, lambda: None)
                self._look_again()
                await self._lead()  # the learner need not wait for what comes behind
            await self._lead()
            await self._runner.run_beside(partial(self._walk.look, self._runner.session), lambda: None)
            self._look_again()

    async def _lead(self) -> None:
        """Lead the session to where the beat wants it."""
        self._leading = True
        try:
            for step in self._walk.path(self._runner.session):
                if isinstance(step, Open):
                    await self._go_over(step.session)
                else:
                    self._runner.send(step)
                    await self._runner.arrived()
        finally:
            self._leading = False

    def _look_again(self) -> None:
        """Have a new view, if it is another one, and other covers where what is right has come to be known."""
        view, asked = self._walk.view(), self._walk.asked
        other = view != self.view
        self.view = view if other else self.view
        if other or asked != self._asked:
            self._asked = asked
            self._changed()
