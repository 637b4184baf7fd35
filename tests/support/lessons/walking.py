"""A learner who walks through a lesson without a screen: does at once all that is to be done in slices. Must not know
any test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chainstep.engine.lessons.commands import Answer, Choose, LessonCommand, NextBeat, Opened, PreviousBeat
from chainstep.engine.lessons.events import Event
from chainstep.engine.lessons.language import evaluation, moves
from chainstep.engine.lessons.language.elsewhere import copy_of
from chainstep.engine.lessons.language.evaluation import Place
from chainstep.engine.lessons.plan.lesson import Lesson
from chainstep.engine.lessons.play.paths import Open
from chainstep.engine.lessons.play.prepared import Prepared
from chainstep.engine.lessons.view import LessonView
from chainstep.engine.lessons.walk import Walk, way
from chainstep.engine.training.commands import Command, Forward
from chainstep.engine.training.moves import finish, result
from chainstep.tui.cli.learning.setups import Setups

from ..sessions import numbers_of
from .written import quantum, value_of

PRESSED: Mapping[str, Command] = {"forward": Forward(), "phase": Forward("phase")}
"""What a key of the program does, by its command's id; play does more."""


OPEN = Setups().open
"""What is set up once is the same for every learner, who moves but copies of it."""


class Learner:
    """Somebody with a session of their own, which the walk leads."""

    def __init__(
        self, lesson: Lesson, review: Sequence[tuple[Lesson, int]] = (), prepared: Prepared | None = None
    ) -> None:
        self.events: list[Event] = []
        self.walk = Walk(way(lesson, review=review), prepared or Prepared(OPEN), listen=self.events.append)
        self.session = copy_of(OPEN(lesson.setup))
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

    def answers_rightly(self) -> float | str:
        """Give the right answer, found beside the walk: the number, or the choice's text."""
        ask = self.walk.stop.lesson.beats[self.walk.stop.beat].ask
        assert ask is not None
        there = copy_of(self.session)
        for move in ask.then:
            finish(moves.made(move, there, quantum))
        place = Place(there, self.session, OPEN, quantum, self.walk.stop.lesson.named)
        if ask.answer is not None:
            right = result(evaluation.number(ask.answer, place))
            self.tells(Answer(repr(right)))
            return right
        choice = [result(evaluation.truth(option.right, place)) for option in ask.options].index(True)
        self.tells(Choose(choice))
        return str(ask.options[choice].text)

    def does_what_is_asked(self) -> None:
        """Do what the beat waits for, as the lesson says it comes about, or by its key."""
        do = self.walk.stop.lesson.beats[self.walk.stop.beat].do
        assert do is not None
        if do.until is None:
            self.tells(Opened(do.action))
        elif do.way is None:
            while self.view.stage == "do":
                self.presses(do.action)
        for move in do.way or ():
            command = moves.command(move, self.session)
            if command is not None:
                self.does(command)

    def presses(self, action: str) -> None:
        """Press a key of the program once; what plays stops where something goes wrong."""
        if action == "play":
            finish(self.session.training(self.session.limit, quantum, halts=True))
        else:
            self.session.apply(PRESSED[action])
        finish(self.walk.look(self.session, quantum))

    def comes_again(self) -> None:
        """Leave the beat of now, and come back to it as to a new one."""
        there, back = (NextBeat(), PreviousBeat()) if self.view.beat == 1 else (PreviousBeat(), NextBeat())
        self.walk.tell(there)
        self.tells(back)

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
