"""A learner who walks through a lesson without a screen: does at once all that is to be done in slices. Must not know
any test.
"""

from __future__ import annotations

from collections.abc import Sequence

from chainstep.engine.lessons.commands import LessonCommand
from chainstep.engine.lessons.events import Event
from chainstep.engine.lessons.plan.lesson import Lesson
from chainstep.engine.lessons.play.paths import Open
from chainstep.engine.lessons.view import LessonView
from chainstep.engine.lessons.walk import Walk, way
from chainstep.engine.training.commands import Command
from chainstep.engine.training.moves import finish
from chainstep.tui.cli.learning.setups import Setups

from ..sessions import numbers_of
from .written import quantum, value_of


class Learner:
    """Somebody with a session of their own, which the walk leads."""

    def __init__(self, lesson: Lesson, review: Sequence[tuple[Lesson, int]] = ()) -> None:
        self.events: list[Event] = []
        self.walk = Walk(way(lesson, review=review), Setups().open, listen=self.events.append)
        self.session = Setups().open(lesson.setup)
        self.catches_up()

    @property
    def view(self) -> LessonView:
        """What is shown of the lesson."""
        return self.walk.view()

    def tells(self, command: LessonCommand) -> None:
        """Press a key of the lesson."""
        self.walk.tell(command)
        self.catches_up()

    def does(self, command: Command) -> None:
        """Press a key of the program."""
        self.session.apply(command)
        finish(self.walk.look(self.session, quantum))

    def catches_up(self) -> None:
        """All that the walk has to do is done, and the session stands where it leads."""
        while (work := self.walk.work()) is not None:
            finish(work(quantum))
            self._goes()
        self._goes()
        finish(self.walk.look(self.session, quantum))

    def _goes(self) -> None:
        for step in self.walk.path(self.session):
            if isinstance(step, Open):
                self.session = step.session
            else:
                self.session.apply(step)

    def value(self, text: str) -> object:
        """What an expression comes to on the session."""
        return value_of(text, self.session)

    def numbers(self) -> tuple[object, ...]:
        """All that the session's numbers are made of."""
        return numbers_of(self.session)[:4]
