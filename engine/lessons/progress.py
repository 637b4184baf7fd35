"""How far somebody has come, as what happened tells: lessons that are done and known, and questions that are to come
again. Must not know files, nor the lessons' texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..records import record
from .events import Answered, Ended, Event, Reached
from .plan.lesson import Lesson

Question = tuple[str, int]
"""A lesson's id and a beat of it, from 1."""


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

    @classmethod
    def of(cls, events: Iterable[Event]) -> Progress:
        """What events, in their order, come to."""
        done: set[str] = set()
        at: dict[str, int] = {}
        mastered: dict[Question, None] = {}
        wrong: dict[Question, None] = {}
        for event in events:
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
                        wrong.pop(question, None)
                    elif not (event.ok and event.attempt == 1) or event.helped:
                        # What was known once and is wrong now comes again, too; as the one that was asked last.
                        mastered.pop(question, None)
                        wrong.pop(question, None)
                        wrong[question] = None
        return cls(frozenset(done), at, frozenset(mastered), tuple(wrong))

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

    def to_review(self, lessons: Sequence[Lesson], but: str = "") -> list[tuple[Lesson, int]]:
        """Questions of these lessons that went wrong, the oldest first, as beats from 0; none of the lesson `but`."""
        known = {lesson.id: lesson for lesson in lessons}
        return [
            (known[name], beat - 1)
            for name, beat in self.wrong
            if name in known and name != but and beat - 1 in known[name].questions
        ]
