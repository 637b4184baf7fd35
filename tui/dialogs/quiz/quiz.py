"""The dialog of the quiz: asks for the gradient that the next op will write, has it run, and explains it. Must not
know how the question is made, or what the op does.
"""

from __future__ import annotations

from collections.abc import Callable

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.strip import Strip
from textual.widgets import Input, Static

from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...panes.strip_pane import StripPane
from ...render.canvas import numbers
from ...render.text.chain_rule import chain_rule, told
from ...render.text.score import Score
from ...theme import glyphs
from ..base.dialog import Dialog
from .question import Question, read

_ASKING = "enter answers   escape skips   z leaves the quiz"
_TOLD = "enter goes on   z leaves the quiz"


class Explanation(StripPane):
    """The chain rule of the op that was asked about, in numbers."""

    framed = False

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        return chain_rule(snapshot.next, width, height, self.look)


class AnswerLine(Input):
    """Leaves z to the dialog: numbers have none, and no function that may be called has one."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return key != "z" and super().check_consume_key(key, character)


class Quiz(Dialog[tuple[Score, bool]], inherit_bindings=False):
    """Asks a question about `snapshot.next`, which `run` runs. Gives the score, or None to leave the quiz."""

    BINDINGS = [
        Binding("escape", "skip", "skip"),
        Binding("enter,right", "go_on", "go on"),
        Binding("z", "leave", "leave", priority=True),
    ]

    def __init__(self, snapshot: Snapshot, question: Question, score: Score, run: Callable[[], object]) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._question = question
        self._score = score
        self._run = run
        self._answered = False

    def compose(self) -> ComposeResult:
        say, question = glyphs().say, self._question
        with Vertical(classes="dialog list"):
            yield Static(self._title(), classes="title", id="score", markup=False)
            where = " › ".join(filter(None, ("backward", question.place, question.expression)))
            yield Static(say(where), classes="words", id="where", markup=False)
            yield Static("", markup=False)
            yield Static(Text.assemble((say(question.rule), "bold")), id="rule")
            yield Static(self._given(), id="given")
            yield Static("", markup=False)
            yield Static(say(f"What will {question.target} be?"), id="verdict", markup=False)
            yield AnswerLine(placeholder="a number, or a calculation such as 2 * 0.5")
            yield Explanation("explanation")
            yield Static("", classes="words", id="why", markup=False)
            yield Static("", classes="error", markup=False)
            yield Static(say(_ASKING), classes="words keys", markup=False)

    def _title(self) -> str:
        return f"Predict the gradient   {self._score}" if self._score.asked else "Predict the gradient"

    def _given(self) -> Text:
        given = [(glyphs().say(name), number) for name, number in self._question.given]
        width = max(len(name) for name, _ in given)
        rows = [Text.assemble((f"  {name:<{width}}  ", "dim"), numbers.plain(number)) for name, number in given]
        rows[-1].append("   now", style="dim")
        return Text("\n").join(rows)

    def on_mount(self) -> None:
        self.query_one("#explanation").display = False
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            answer = read(event.value)
        except ValueError as error:
            self.complain(str(error))
            return
        self._verdict(answer)

    def _verdict(self, answer: float) -> None:
        question, say = self._question, glyphs().say
        right = question.right(answer)
        self._answered = True
        self._score = self._score.marked(right)
        now = numbers.plain(question.after)
        said = (
            f"Right: {question.target} is {now}."
            if right
            else (f"Not quite: {question.target} is {now}, not {numbers.plain(answer)}.")
        )
        self.query_one("#score", Static).update(self._title())
        self.query_one("#verdict", Static).update(Text(say(said), style="bold"))
        self.complain(None)
        self.query_one(".keys", Static).update(_TOLD)
        self.query_one("#where").display = self.query_one(Input).display = False
        self.set_focus(None)
        self._explain()
        self._run()

    def _explain(self) -> None:
        """The chain rule in this op's numbers, below it in words: those have lines of their own, and are never cut."""
        event, explanation = self._snapshot.next, self.query_one(Explanation)
        if event is not None:
            explanation.styles.height = 1 + len(event.assignments)
            self.query_one("#why", Static).update(glyphs().say(told(event)))
        explanation.display = True
        explanation.snapshot = self._snapshot

    def action_go_on(self) -> None:
        if self._answered:
            self.dismiss((self._score, False))

    def action_skip(self) -> None:
        """The op is run all the same, since that is what was asked for."""
        if not self._answered:
            self._run()
        self.dismiss((self._score, False))

    def action_leave(self) -> None:
        self.dismiss((self._score, True))
