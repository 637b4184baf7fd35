"""What a teacher asks, as it stands beside a follower's panes: it is answered once, and what is right is shown to all
at the same time. Must not know who asks, nor how anything is drawn.
"""

from __future__ import annotations

from collections.abc import Callable

from chainstep.engine.lessons.commands import Answer, Hint, LessonCommand, Reveal
from chainstep.engine.lessons.play.judging import agrees, read
from chainstep.engine.lessons.view import LessonView, NextKey, Revealed, Verdict
from chainstep.engine.lessons.view import Question as Asked
from chainstep.engine.records import replace
from chainstep.engine.training.commands import Command
from chainstep.engine.training.replication.update import Update
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...render.canvas import numbers
from ...render.lesson.covering import covered_next
from .following import Following, Question


class Prediction:
    """A question, and what becomes of it."""

    parts: frozenset[Part] = frozenset({"next"})

    def __init__(self, following: Following, say: Callable[[Update], None]) -> None:
        assert following.question is not None
        self._following, self._say = following, say
        self.question: Question = following.question
        self.view = self._at("ask", self.question.given)

    @property
    def over(self) -> bool:
        """What is right has been shown."""
        return self.question.right is not None

    def told(self, question: Question) -> None:
        """How the question stands now."""
        self.question = question
        if question.right is not None:
            self._reveal(question, question.right)

    def after(self, snapshot: Snapshot) -> None:
        """It is the same wherever the session stands."""

    def tell(self, command: LessonCommand) -> None:
        if self.view.stage == "ask" and isinstance(command, Hint | Reveal):
            self.view = replace(self.view, complaint="what is right is shown to all at once")
        if self.view.stage != "ask" or not isinstance(command, Answer):
            return
        try:
            value = read(command.text)
            answer = self._following.answered(value)
        except ValueError as error:
            self.view = replace(self.view, complaint=str(error))
            return
        if answer is not None and self._following.question is not None:
            self._say(answer)
            self.question = self._following.question
            self.view = self._at(
                "do", f"You have answered {numbers.plain(value)}. What is right comes for all at once."
            )

    def cover(self, snapshot: Snapshot) -> Snapshot:
        """What the next op will write is not to be seen before it is shown."""
        return snapshot if self.question.right is not None else covered_next(snapshot, self.question.target)

    def phase(self) -> Command | None:
        return None

    def leave(self) -> None:
        """Nothing of it is under way."""

    def farewell(self) -> str:
        return "the question is put away"

    def _at(self, stage: str, say: str) -> LessonView:
        title = f"{self._following.name} asks"
        covered = (self.question.target,) if stage == "ask" else ()
        return LessonView(
            "asked", title, number=0, total=0, beat=0, beats=0, stage=stage, say=say, covered=covered,
            question=Asked(self.question.text) if stage == "ask" else None, tells=False,
            key=None if stage == "ask" else NextKey("coach", "put it away"),
        )  # fmt: skip

    def _reveal(self, question: Question, right: float) -> None:
        given, verdict = question.answer, None
        if given is not None:
            verdict = Verdict(agrees(given, right, terms=abs(right)), numbers.plain(given), "")
        shown = Revealed(right, numbers.plain(right), question.words, "", "")
        self.view = replace(self._at("answered", ""), question=Asked(question.text), verdict=verdict, revealed=shown)
