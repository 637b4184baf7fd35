"""A runner whose session somebody else may lead: then it goes where that one goes, and only looking is one's own. Must
not know who leads, nor how that is told.
"""

from __future__ import annotations

from chainstep.engine.records import replace
from chainstep.engine.training.commands import Command, Inspection, Movement

from ..runner import Runner, Status

_FAST = 10
"""Units a second from which on whole steps are at speed."""


class Led(Runner):
    """Plays a session, unless a `teacher` leads it."""

    teacher = ""
    """Who leads; empty for nobody."""
    company = ""
    """Who looks on, or is looked on at, in a word or two."""
    ago = ""
    """How long ago it was what is shown, where that is not now."""
    _hidden = False
    """There is more to come before there is anything to be shown."""

    def _refusal(self) -> str:
        return f"{self.teacher} leads here: w forks off, and the session is yours"

    def attempt(self, command: Command) -> str | None:
        if self.teacher and not isinstance(command, Inspection):
            return self._refusal()
        return super().attempt(command)

    def refuses(self) -> bool:
        """Whether somebody else leads, so that nothing is to be changed here; that is said."""
        if self.teacher:
            self._say(self._refusal(), True)
        return bool(self.teacher)

    def toggle(self) -> None:
        if not self.refuses():
            super().toggle()

    def pause(self) -> None:
        if not self.teacher:
            super().pause()

    def lead(self, movement: Movement, *, shown: bool = True) -> None:
        """Carry out a movement that the teacher has made; it is `shown` where no other one follows at once."""
        self._stop()
        self._hidden = not shown
        try:
            self._moving.start(movement)
        finally:
            self._hidden = False

    def show(self, *, large: bool = True) -> None:
        if not self._hidden:
            super().show(large=large)

    def hold(self) -> None:
        """Stop what is under way: the session is about to be changed from outside."""
        self._stop()

    def tell(self) -> None:
        """Publish the newest picture again: who looks on has changed, or how old it is."""
        if self._picture is not None:
            self.publish(self._picture, self.status)

    @property
    def status(self) -> Status:
        now = super().status
        return replace(now, working=now.working and not self.teacher)

    @property
    def hurries(self) -> bool:
        """Whether it goes on faster than anybody could step."""
        if self.working:
            return not self._moving.stepping
        if self._pace is None:
            return self.playing
        return self.playing and self._pace > _FAST and self.session.granularity in ("step", "epoch")
