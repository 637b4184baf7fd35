"""The quiz: the gradient that the next op of backward will write is asked for, wherever the session stands before one.
Must not know the session, which moves by the same keys as ever, nor how anything is drawn.
"""

from __future__ import annotations

from chainstep.engine.lessons.commands import Answer, Hint, LessonCommand, Reveal
from chainstep.engine.lessons.play.judging import read
from chainstep.engine.lessons.view import LessonView, NextKey, Revealed, Verdict
from chainstep.engine.lessons.view import Question as Asked
from chainstep.engine.records import replace
from chainstep.engine.training.commands import Command, Forward, RunTo
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..render.canvas import numbers
from ..render.lesson.covering import covered_next
from ..render.text.score import Score
from .question import Question, question

QUIZ = "quiz"
"""The id of its view."""


class Quiz:
    """Asks at every op of backward; an answer is marked, and explained, before the op is run."""

    parts: frozenset[Part] = frozenset({"next"})

    def __init__(self) -> None:
        self.score = Score()
        self._place: tuple[int, int] | None = None
        self._question: Question | None = None
        self._words = ""
        self._backward = False
        self.view = self._at("do", "")

    def after(self, snapshot: Snapshot) -> None:
        """Ask anew, where the session stands before another op."""
        position = snapshot.position
        place = position.step, position.index
        backward = self._backward = position.phase == "backward"
        if place == self._place or (backward and snapshot.next is None):
            return
        begun, self._place = self._question is not None, place
        self._question = question(snapshot.next) if backward else None
        self._words = snapshot.next.words if snapshot.next is not None else ""
        asked = self._question
        if asked is not None:
            given = ", ".join(f"{name} = {numbers.plain(number)}" for name, number in asked.given)
            text = f"What will {asked.target} be?"
            self.view = replace(
                self._at("ask", f"{asked.rule}   where {given} now"),
                covered=(asked.target,),
                question=Asked(text),
                more_hints=bool(self._words),
            )
        elif backward:
            self.view = replace(self._at("do", "This op writes no gradient."), key=NextKey("forward", ""))
        else:
            over = f"Backward is over: {self.score}." if begun or self.score.asked else ""
            words = over or "Predict each gradient of backward before its op writes it."
            self.view = replace(self._at("do", words), key=NextKey("phase", "on to backward, which asks"))

    def tell(self, command: LessonCommand) -> None:
        """Mark an answer, or help. Whoever asks for the right one has not known it."""
        asked, view = self._question, self.view
        if asked is None or view.stage != "ask":
            return
        if isinstance(command, Answer):
            try:
                self._mark(asked, read(command.text))
            except ValueError as error:
                self.view = replace(view, complaint=str(error))
        elif isinstance(command, Hint) and view.more_hints:
            self.view = replace(view, hints=(self._words,), more_hints=False, complaint="")
        elif isinstance(command, Reveal):
            self.score = self.score.marked(False)
            self._reveal(asked, None)

    def cover(self, snapshot: Snapshot) -> Snapshot:
        """What the next op will write is not to be seen before it was answered."""
        if self._question is None or self.view.stage != "ask":
            return snapshot
        return covered_next(snapshot, self._question.target)

    def phase(self) -> Command | None:
        """To backward, and there to the next question: a phase would go past all of them."""
        return Forward("op") if self._backward else RunTo("backward")

    def leave(self) -> None:
        """Nothing of it is under way."""

    def farewell(self) -> str:
        """How it went."""
        more = "z begins another" if self.score.asked else "it asks in backward, for the gradient of each op"
        return f"quiz over: {self.score}; {more}"

    # --- its view

    def _at(self, stage: str, say: str) -> LessonView:
        title = f"Quiz: {self.score}" if self.score.asked else "Quiz"
        return LessonView(QUIZ, title, number=0, total=0, beat=0, beats=0, stage=stage, say=say)

    def _mark(self, asked: Question, answer: float) -> None:
        right = asked.right(answer)
        self.score = self.score.marked(right)
        self._reveal(asked, Verdict(right, numbers.plain(answer), ""))

    def _reveal(self, asked: Question, verdict: Verdict | None) -> None:
        """Show the right answer, and the rule that gives it."""
        right = numbers.plain(asked.after)
        before = f"{numbers.plain(asked.before)} + " if asked.before else ""
        shown = Revealed(asked.after, right, self._words, asked.rule, f"{before}{asked.worked} = {right}")
        said = self._at("answered", "")
        self.view = replace(
            said,
            question=self.view.question,
            verdict=verdict,
            revealed=shown,
            key=NextKey("forward", "runs the op, and asks for the next"),
        )
