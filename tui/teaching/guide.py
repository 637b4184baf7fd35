"""Guide: what leads beside the panes, be it a lesson or the quiz. Must not know either, nor any screen."""

from __future__ import annotations

from typing import Protocol

from chainstep.engine.lessons.commands import LessonCommand
from chainstep.engine.lessons.view import LessonView
from chainstep.engine.training.commands import Command
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.snapshot import Snapshot


class Guide(Protocol):
    """Has a view, which changes with what it is told and with where the session stands."""

    @property
    def view(self) -> LessonView:
        """How it stands; the same object as long as that is the same."""

    @property
    def parts(self) -> frozenset[Part]:
        """The parts of a picture that it looks at."""

    def after(self, snapshot: Snapshot) -> None:
        """Take in where the session stands."""

    def tell(self, command: LessonCommand) -> None:
        """Carry out what the learner does in the lesson."""

    def cover(self, snapshot: Snapshot) -> Snapshot:
        """A picture without what would give the answer away."""

    def phase(self) -> Command | None:
        """What is carried out in place of going on to the next phase; None where that is as good as ever."""

    def leave(self) -> None:
        """It is put away: it does no more."""

    def farewell(self) -> str:
        """What is said then."""
