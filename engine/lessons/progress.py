"""How far somebody has come, as what happened tells: lessons that are done and known, and questions that are to come
again. Must not know files, nor the lessons' texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, repeat

from ..records import record
from .events import Answered, Ended, Event, Reached
from .plan.lesson import Lesson

Question = tuple[str, int]
"""A lesson's id and a beat of it, from 1."""

DAYS = (1, 3, 7)
"""How long after it was right at last a question that once went wrong comes again; right then, too, it has the next of
these, and behind the last one it is left alone.
"""

_DAY = 24 * 60 * 60.0


@record
class Again:
    """A question that went wrong and has been right since, but is to come again."""

    turn: int
    """Which of the `DAYS` it waits."""
    due: float
    """When it comes, in seconds."""


@record(eq=False)
class Progress:
    """What is known of somebody's lessons."""

    done: frozenset[str]
    """Ids of lessons that were gone through to their end."""
    at: dict[str, int]
    """The beat, from 1, that was begun last in a lesson that is not at its end; the lesson begun last comes last."""
    mastered: frozenset[Question]
    wrong: tuple[Question, ...]
    """Questions that were not right at the first go, and have not become known since; the one that was asked longest
    ago first.
    """
    again: dict[Question, Again]
    """Those that have become known since, and come again after some days."""

    @classmethod
    def of(cls, events: Iterable[Event], times: Iterable[float] = ()) -> Progress:
        """What events, in their order, come to; `times` are those at which they happened, in seconds from any day."""
        done: set[str] = set()
        again: dict[Question, Again] = {}
        at: dict[str, int] = {}
        mastered: dict[Question, None] = {}
        wrong: dict[Question, None] = {}
        for event, time in zip(events, chain(times, repeat(0.0)), strict=False):
            match event:
                case Reached(lesson, beat):
                    at.pop(lesson, None)
                    at[lesson] = beat
                case Ended(lesson):
                    at.pop(lesson, None)
                    done.add(lesson)
                case Answered(lesson, beat):
                    question = lesson, beat
                    if event.mastered:
                        mastered[question] = None
                        _put_off(again, question, time, went_wrong=question in wrong)
                        wrong.pop(question, None)
                    elif not (event.ok and event.attempt == 1) or event.helped:
                        # What was known once and is wrong now comes again, too; as the one that was asked last.
                        mastered.pop(question, None)
                        wrong.pop(question, None)
                        wrong[question] = None
                        again.pop(question, None)
        return cls(frozenset(done), at, frozenset(mastered), tuple(wrong), again)

    def knows(self, lesson: Lesson) -> frozenset[int]:
        """The questions of a lesson that are known, as beats from 0."""
        return frozenset(place for place in lesson.questions if (lesson.id, place + 1) in self.mastered)

    def has_mastered(self, lesson: Lesson) -> bool:
        """Whether a lesson is done, and all of its questions are known."""
        return lesson.id in self.done and self.knows(lesson) == frozenset(lesson.questions)

    def state(self, lesson: Lesson) -> str:
        """`mastered`, `done`, `begun` or `new`."""
        if self.has_mastered(lesson):
            return "mastered"
        return "done" if lesson.id in self.done else "begun" if lesson.id in self.at else "new"

    def next(self, lessons: Sequence[Lesson]) -> Lesson | None:
        """The lesson to go on with: the one that was begun last and is not at its end, else the first that is not done;
        None where all are.
        """
        begun = [lesson for name in self.at for lesson in lessons if lesson.id == name]
        left = [lesson for lesson in lessons if lesson.id not in self.done]
        return begun[-1] if begun else left[0] if left else None

    def missing(self, lesson: Lesson, lessons: Sequence[Lesson]) -> list[Lesson]:
        """The lessons on which one builds, and which are not done."""
        return [other for other in lessons if other.id in lesson.needs and other.id not in self.done]

    def to_review(self, lessons: Sequence[Lesson], but: str = "", now: float | None = None) -> list[tuple[Lesson, int]]:
        """Questions of these lessons that went wrong, the oldest first, as beats from 0; none of the lesson `but`.
        Behind them those whose days are over `now`, if that is told, the one that has waited longest first.
        """
        known = {lesson.id: lesson for lesson in lessons}
        over = [] if now is None else [question for question, again in self.again.items() if again.due <= now]
        return [
            (known[name], beat - 1)
            for name, beat in (*self.wrong, *sorted(over, key=lambda question: self.again[question].due))
            if name in known and name != but and beat - 1 in known[name].questions
        ]


def _put_off(again: dict[Question, Again], question: Question, time: float, *, went_wrong: bool) -> None:
    """A question was right at the first go: if it once went wrong, let it come again, later each time."""
    waits = again.get(question)
    if went_wrong:
        again[question] = Again(0, time + DAYS[0] * _DAY)
    elif waits is not None and time >= waits.due:
        del again[question]
        if waits.turn + 1 < len(DAYS):
            again[question] = Again(waits.turn + 1, time + DAYS[waits.turn + 1] * _DAY)
