"""A beat made ready: its scenes, its sentences, its answers, on the numbers of the file or on drawn ones. Must not know
the learner's session, nor what was answered.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

from ...records import record
from ...training.session import Session
from ..errors import LessonError
from ..language.elsewhere import Quantum
from ..language.evaluation import Opener, Place
from ..plan.drawing import drawn
from ..plan.lesson import Lesson
from .asking import Answers, Said, answers, said
from .scenes import Scene, Scenes

_KEPT = 2
"""Lessons whose scenes are kept: the one that is walked through, and that of an old question before it."""

_DRAWS = 40
"""Numbers that are tried before it is given up: those on which two answers mean the same are of no use."""


@record(eq=False)
class Begun:
    """A beat where it begins."""

    start: Scene
    said: Said


@record(eq=False)
class Asked:
    """A question with its answers."""

    end: Scene
    answers: Answers


@record(eq=False)
class Drawn:
    """A question on other numbers."""

    numbers: Mapping[str, float]
    begun: Begun
    asked: Asked


class Prepared:
    """Lessons that are made ready, of which the newest are kept; `opener` opens what they set up."""

    def __init__(self, opener: Opener) -> None:
        self.opener = opener
        self._made: dict[Lesson, Preparing] = {}

    def of(self, lesson: Lesson) -> Preparing:
        """What makes the beats of a lesson ready."""
        made = self._made.pop(lesson, None) or Preparing(lesson, self.opener)
        self._made[lesson] = made
        for oldest in [*self._made][:-_KEPT]:
            del self._made[oldest]
        return made


class Preparing:
    """Makes the beats of a lesson ready.

    Every part of it raises a `LessonError` that says in which beat and field, where the lesson does not hold.
    """

    def __init__(self, lesson: Lesson, opener: Opener) -> None:
        self.lesson = lesson
        self._opener = opener
        self._scenes = Scenes(lesson, opener)
        self._begun: dict[int, Begun] = {}
        """By beat, on the numbers of the file; so are those below."""
        self._asked: dict[int, Asked] = {}

    def begun(self, beat: int, numbers: Mapping[str, float], quantum: Quantum) -> Generator[int, None, Begun]:
        """A beat where it begins."""
        if not numbers and beat in self._begun:
            return self._begun[beat]
        start = yield from self._scenes.start(beat, numbers, quantum)
        try:
            found = yield from said(self.lesson.beats[beat], self._place(start.session, start.session, quantum))
        except LessonError as error:
            raise error.inside("beat", beat) from None
        made = Begun(start, found)
        if not numbers:
            self._begun[beat] = made
        return made

    def ended(self, beat: int, quantum: Quantum) -> Generator[int, None, Scene]:
        """Where a beat ends, on the numbers of the file."""
        return self._scenes.end(beat, {}, quantum)

    def asked(
        self, beat: int, start: Scene, numbers: Mapping[str, float], quantum: Quantum
    ) -> Generator[int, None, Asked]:
        """The answers to a beat's question."""
        if not numbers and beat in self._asked:
            return self._asked[beat]
        ask = self.lesson.beats[beat].ask
        assert ask is not None
        end = yield from self._scenes.end(beat, numbers, quantum)
        try:
            place = self._place(end.session, start.session, quantum)
            found = yield from answers(ask, place, start.session)
        except LessonError as error:
            raise error.inside("beat", beat) from None
        made = Asked(end, found)
        if not numbers:
            self._asked[beat] = made
        return made

    def drawn(self, beat: int, seed: str, others: Sequence[Answers], quantum: Quantum) -> Generator[int, None, Drawn]:
        """A beat's question on drawn numbers, with another right answer than it had on `others`.

        Raises:
            LessonError: there are no such numbers.
        """
        ask = self.lesson.beats[beat].ask
        assert ask is not None
        wrong: LessonError | None = None
        for attempt in range(_DRAWS):
            numbers = drawn(ask.draw, f"{self.lesson.id}/{beat}/{seed}/{attempt}")
            begun = yield from self.begun(beat, numbers, quantum)
            asked = yield from self.asked(beat, begun.start, numbers, quantum)
            found = asked.answers
            if found.right is not None and any(found.is_right(other.right or 0.0) for other in others):
                continue
            wrong = found.unsound()
            if wrong is None:
                return Drawn(numbers, begun, asked)
        message = "no numbers in these ranges give another right answer" if wrong is None else str(wrong)
        raise LessonError(f"drawn numbers: {message}", ("beat", beat, "draw"))

    def _place(self, session: Session, now: Session, quantum: Quantum) -> Place:
        return Place(session, now, self._opener, quantum, self.lesson.named)
