"""A follower's screen: it goes where the teacher goes, forks off and comes back. Must not know how messages come, nor
how anything is drawn.

It is loaded where a session is followed: the first frame does not wait for it.
"""

from __future__ import annotations

import asyncio
import gc
from functools import partial
from typing import TYPE_CHECKING

from chainstep.datasets import printable
from chainstep.engine.training.commands import Movement
from chainstep.engine.training.replication.update import KINDS, Update
from chainstep.engine.training.session import Session

from ..wire.frames import FrameError
from ..wire.places import PlaceError
from .following import FollowError
from .joining import Joined, join
from .prediction import Prediction
from .processors import Processors

if TYPE_CHECKING:
    from textual.timer import Timer

    from ...beside.hosting import Host

_AGES = 0.5
"""Seconds between two words on how old it is what is shown."""

_RARELY = 20_000
"""Objects made and kept after which rubbish is looked for, where everybody in a room follows on one machine: at every
700 that takes a twelfth of all that a follower computes.
"""

_AGAIN = 3
"""Times that a session is followed anew where what came did not fit."""


class Pupil:
    """Whom an app follows."""

    def __init__(self, app: Host) -> None:
        self._app = app
        self._joined: Joined | None = None
        self._processors = Processors()
        self._last: str | None = None
        """Whom it followed last: it comes back to that one."""
        self._again = 0
        self._timer: Timer | None = None
        self._often = gc.get_threshold()
        """How often rubbish is looked for where nobody is followed."""
        self._asked: Prediction | None = None
        self._untold = False
        """It has not been said that what the teacher does is not shown."""

    @property
    def follows(self) -> bool:
        """Whether it follows now."""
        return self._joined is not None

    # --- beginning and end

    def begin(self, joined: Joined) -> None:
        """Follow a session, which is shown already."""
        self._joined, self._last = joined, joined.connection.of
        self._processors = Processors(joined.connection.process)
        runner = self._app.runner
        runner.teacher, runner.company = joined.following.name, f"following {joined.following.name}"
        self._timer = self._app.set_interval(_AGES, self._tick)
        gc.set_threshold(_RARELY, *self._often[1:])
        self._untold = joined.following.withheld
        self._tell_withheld()
        runner.show()
        self._app.run_beside(partial(self._follow, joined), "follow")

    async def toggle(self) -> None:
        """Follow whom it followed last, or the only one there is; where it follows, fork off."""
        if self._joined is not None:
            self.fork_off()
            return
        try:
            joined = await asyncio.to_thread(self._join)
        except PlaceError as error:
            self._app.say(str(error), True)
            return
        if (refused := self._too_large(joined.session)) is not None:
            joined.connection.close()
            self._app.say(refused, True)
            return
        self._app.runner.pause()
        await self._app.go_over(joined.session, joined.source, kept=False)
        if self._app.runner.session is joined.session and not self._app.leaving:
            self.begin(joined)
            self._app.say(f"you follow {joined.following.name}: w forks off, F7 comes back", False)
        else:
            joined.connection.close()

    def _join(self) -> Joined:
        try:
            return join(self._last)
        except PlaceError:
            if self._last is None:
                raise
            return join(None)

    def fork_off(self) -> None:
        """Go on by oneself, from where the session stands."""
        joined = self._joined
        if joined is None:
            self._app.say("nobody leads here: w forks the run", True)
            return
        name, self._again = joined.following.name, 0
        self._leave(kept=True)
        self._app.saver.changed(soon=True)
        self._app.say(f"forked off: this session is yours, and is saved; F7 comes back to {name}", False)

    def part(self) -> None:
        """Follow no more: another session is about to be shown."""
        if self._joined is not None:
            name, self._again = self._joined.following.name, 0
            self._end()
            self._app.say(f"you follow {name} no more: F7 comes back", False)

    def _leave(self, *, kept: bool) -> None:
        """Nobody leads any more, and the session stays."""
        self._end()
        if self._app.leaving:
            return
        self._app.attend(self._app.runner.session, self._app.source, kept=kept)
        self._app.runner.show()

    def _end(self) -> None:
        """Nobody leads any more."""
        self.close()
        if self._timer is not None:
            self._timer.stop()
        self._unask()
        runner = self._app.runner
        runner.hold()
        runner.teacher = runner.company = runner.ago = ""

    def close(self) -> None:
        """Hear nothing more of whoever leads, as where the app ends."""
        joined, self._joined = self._joined, None
        if joined is not None:
            joined.connection.close()
            gc.set_threshold(*self._often)
        self._processors.leave(False)

    # --- what is told

    async def _follow(self, joined: Joined) -> None:
        try:
            await joined.connection.open()
            joined.session.run.prepare(0)  # all take the first step at the same time: what computes is loaded before
            while (message := await joined.connection.next()) is not None and not joined.following.left:
                if self._joined is not joined:
                    return
                moves = message.kind in KINDS
                if moves:
                    self._app.runner.hold()
                way = await self._take(joined, message)
                if self._joined is not joined:
                    return
                if (refused := self._too_large(joined.following.session)) is not None:
                    self._leave(kept=True)
                    self._app.say(f"{refused}; this session is yours, as it stood", True)
                    return
                self._processors.leave(joined.following.playing)
                self._show(joined)
                if moves:
                    self._aged()
                    await self._go(joined, way)
                elif message.kind == "pace" and not joined.following.playing:
                    self._tick()
        except (FollowError, FrameError) as error:
            await self._anew(joined, str(error))
            return
        finally:
            joined.connection.close()  # also where another one is followed instead
        if self._joined is joined:
            self._leave(kept=True)
            name = printable(joined.following.name, 40)
            self._app.say(f"{name} shares it no more: this session is yours, as it stood", False)

    @staticmethod
    async def _take(joined: Joined, message: Update) -> Movement | None:
        if joined.following.opens(message):
            return await asyncio.to_thread(joined.following.take, message)
        return joined.following.take(message)

    def _too_large(self, session: Session | None) -> str | None:
        """Why a session cannot be followed here, as in a kiosk; None where it can."""
        return None if session is None else self._app.runner.limits.too_many(len(session.labels))

    def _show(self, joined: Joined) -> None:
        """Show the session, where it is another one; say what is asked."""
        following = joined.following
        if following.session is not None and following.source is not None:
            if following.session is not self._app.runner.session:
                self._untold = True
                self._app.attend(following.session, following.source, kept=False)
        elif following.withheld:
            self._tell_withheld()
        self._ask(joined)

    def _tell_withheld(self) -> None:
        joined = self._joined
        if joined is not None and joined.following.withheld and self._untold:
            self._untold = False
            following = joined.following
            self._app.say(f"{following.name} works on {following.title}, which is not shown to others", True)

    async def _go(self, joined: Joined, way: Movement | None) -> None:
        """Go where the teacher is; what has been answered lies behind."""
        runner = self._app.runner
        if way is not None and self._asked is not None and self._asked.over:
            self._unask()
        if joined.connection.outdated:
            return
        # Where keys are held, or others have this machine, several steps come at once: there is one picture of them.
        shown = not joined.connection.behind
        if way is not None:
            runner.lead(way, shown=shown)
            await runner.arrived()
        elif shown:
            runner.show()

    async def _anew(self, joined: Joined, why: str) -> None:
        """Follow anew where something did not fit; where that happens often, go on by oneself."""
        if self._joined is not joined:
            return
        name = joined.following.name
        self._leave(kept=False)
        self._again += 1
        if self._again <= _AGAIN:
            await self.toggle()
        else:
            self._app.attend(self._app.runner.session, self._app.source, kept=True)
            self._app.say(f"{name} cannot be followed: {printable(why, 200)}", True)

    def _tick(self) -> None:
        """Say how old it is what is shown."""
        before = self._app.runner.ago
        if self._aged() != before:
            self._app.runner.tell()

    def _aged(self) -> str:
        """How old it is what is shown."""
        runner, joined = self._app.runner, self._joined
        if joined is not None:
            following = joined.following
            # Not in tenths: a header that is always right need not be drawn between two states.
            age = int(following.age)
            runner.ago = f"playing, {age or 'under 1'} s ago" if following.playing else ""
        return runner.ago

    # --- what is asked

    def _ask(self, joined: Joined) -> None:
        question = joined.following.question
        if question is None and self._asked is not None:
            self._unask()
            self._app.runner.show()
        if question is None or (self._asked is not None and self._asked.question is question):
            return
        if self._asked is None or self._asked.question.number != question.number:
            if question.right is not None:
                return
            self._asked = Prediction(joined.following, joined.connection.say)
            self._app.guide = self._asked
            self._app.say(f"{joined.following.name} asks: z answers", False)
        self._asked.told(question)
        self._app.runner.show()

    def _unask(self) -> None:
        if self._asked is not None and self._app.guide is self._asked:
            self._app.guide = None
        self._asked = None
