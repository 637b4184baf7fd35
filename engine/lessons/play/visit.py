"""A visit to a beat: what is ready of it, what was answered, where the learner's session belongs, and what of all that
may be seen. Must not know which beat comes before or after it, nor move anything.
"""

from __future__ import annotations

from ...records import record
from ..commands import Answer, Choose, Reveal
from ..errors import LessonError
from ..language.numbers import written
from ..language.reading import number_name
from ..plan.lesson import Beat, Lesson
from ..view import Choice, Lit, NextKey, Question, Revealed
from .asking import Said
from .attempts import Attempts
from .prepared import Asked, Begun
from .scenes import Scene


@record(eq=False, frozen=False)
class Visit:
    """What is known of a beat while a walk is at it. A question that is asked on other numbers is another visit."""

    lesson: Lesson
    place: int
    """The beat, from 0."""
    attempts: Attempts
    rounds: tuple[Asked, ...] = ()
    """The rounds of this question before this one."""
    begun: Begun | None = None
    asked: Asked | None = None
    broken: LessonError | None = None
    """What in it does not hold."""
    complaint: str = ""
    """What is wrong with what was typed."""
    waiting: Answer | Choose | Reveal | None = None
    """An answer that came before it was known what is right."""
    done: bool = False
    """What is waited for has come about."""
    at_lesson: bool = True
    """The session stands where it belongs, or has done what is waited for."""
    away: bool = False
    """What the session is about is something else, of which the beat says nothing."""
    target: Scene | None = None
    """Where the session belongs."""
    leads: bool = False
    """The session is to be brought there."""

    @property
    def beat(self) -> Beat:
        """What was written of it."""
        return self.lesson.beats[self.place]

    @property
    def said(self) -> Said | None:
        """Its sentences; None until they are ready."""
        return None if self.begun is None else self.begun.said

    @property
    def options(self) -> tuple[str, ...]:
        """The answers to choose from, once they are ready."""
        return () if self.said is None else self.said.options

    @property
    def hints(self) -> tuple[str, ...]:
        """All of its hints, once they are ready."""
        return () if self.said is None else self.said.hints

    def begin(self, begun: Begun) -> None:
        """It is ready, and the session belongs where it begins."""
        self.begun, self.target, self.leads = begun, begun.start, True

    def open(self, action: str) -> None:
        """What a command of that id opens is open: that is all that some beats wait for."""
        do = self.beat.do
        if do is not None and do.until is None and do.action == action and self.target is not None and not self.away:
            self.done = True

    def another(self, asked: Asked) -> Visit:
        """The next round of its question, which was `asked`."""
        self.attempts.next_round()
        return Visit(self.lesson, self.place, self.attempts, (*self.rounds, asked))

    # --- what there is to see

    @property
    def stage(self) -> str:
        """Which of the stages of a `LessonView` it is at, but for the end."""
        if self.broken is not None:
            return "say"
        if self.beat.ask is not None:
            return "answered" if self.attempts.answered else "ask"
        if self.beat.do is not None:
            return "done" if self.done else "do"
        return "say"

    @property
    def fault(self) -> str:
        """Why it cannot be made ready, in one line; empty where it can."""
        return "" if self.broken is None else f"this beat does not hold: {self.broken}"

    @property
    def key(self) -> NextKey | None:
        """The key that it wants pressed."""
        do = self.beat.do
        return None if do is None or self.done else NextKey(do.action, self.said.words if self.said else "")

    @property
    def lit(self) -> tuple[Lit, ...]:
        """What is looked at."""
        return () if self.away else self.beat.lit

    @property
    def name(self) -> str | None:
        """What the number that is asked for is called; None where it is none of the screen."""
        ask = self.beat.ask
        return None if ask is None or ask.answer is None else number_name(ask.answer)

    @property
    def number(self) -> tuple[str, float] | None:
        """That name and what is right of it; None where there is none, or what is right is not worked out yet."""
        right = None if self.asked is None else self.asked.answers.right
        return None if self.name is None or right is None else (self.name, right)

    @property
    def covered(self) -> tuple[str, ...]:
        """What would give the answer away; where nothing is asked, it is the next beat that asks for it."""
        if self.away or (self.beat.ask is not None and self.stage != "ask"):
            return ()
        return self.beat.cover if self.name is None else (*self.beat.cover, self.name)

    @property
    def question(self) -> Question | None:
        """What is asked, with the right choice once it is shown; None until it is ready."""
        said, tried = self.said, self.attempts
        if said is None or self.beat.ask is None:
            return None
        option = self.asked.answers.option if self.asked is not None and tried.answered else None
        choices = [
            Choice(text, None if option is None else place == option, place == tried.choice)
            for place, text in enumerate(said.options)
        ]
        return Question(said.ask, tuple(choices), tuple(tried.numbers.items()))

    @property
    def revealed(self) -> Revealed | None:
        """The right answer, once it is to be shown."""
        if not self.attempts.answered or self.asked is None:
            return None
        answers = self.asked.answers
        text = self.options[answers.option or 0] if answers.right is None else written(answers.right)
        return Revealed(answers.right, text, answers.tell, answers.rule.symbols, answers.rule.numbers)
