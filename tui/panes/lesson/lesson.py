"""The Lesson pane: a lesson's page, beside the panes that it speaks of. Must not know the session or the app."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from chainstep.engine.lessons.view import LessonView
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...commands import ENTRIES, TRAIN, entries
from ...render.canvas.pieces import Hint, Piece, cells
from ...render.lesson.page import Hit, page
from ...render.lesson.parts import progress, title
from ...render.lesson.standing import Standing
from ..strip_pane import StripPane
from ..watched import var
from .answer import AnswerLeft, AnswerLine

_TRACED = ("trace", "graph", "next")
"""Panes that stand on the Trace screen, where a terminal is not huge."""


class Answered(Message):
    """An answer was typed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Chosen(Message):
    """An answer was chosen, from 0."""

    def __init__(self, choice: int) -> None:
        super().__init__()
        self.choice = choice


class LessonPane(StripPane, can_focus=True):
    """A beat of a lesson, and the line in which its question is answered."""

    lesson: var[LessonView | None] = var(None, init=False)
    answering: var[bool] = var(False, init=False)
    """An answer is being typed or chosen: its keys are the answer's."""
    chosen: var[int] = var(0, init=False)
    """The choice under the cursor."""

    def __init__(self) -> None:
        super().__init__("lesson")
        self._hits: Sequence[Hit] = ()
        self._at: tuple[int, int, int] | None = None
        """Where the line of the answer is."""

    def compose(self) -> ComposeResult:
        yield AnswerLine()

    # --- what it shows

    def concerns(self, snapshot: Snapshot) -> bool:
        return self.drawn is None

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        return (title(self.lesson) if self.lesson is not None else ""), ""

    def marking(self, snapshot: Snapshot) -> Sequence[Piece]:
        if self.lesson is None:
            return ()
        room = self.size.width - 8 - len(title(self.lesson))
        return next((list(line) for line in progress(self.lesson, self.look) if cells(line) <= room), ())

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        if self.lesson is None:
            return [Strip.blank(width)] * height
        leads = "trace" if self.screen.name == TRAIN else "leave"
        standing = Standing(self._named, self._elsewhere(self.lesson), leads, self.answering, self.chosen)
        drawn = page(self.lesson, standing, width, height, self.look)
        self._hits = drawn.hits
        if drawn.answer != self._at:
            self._at = drawn.answer
            self.call_later(self._place)
        return drawn.strips

    def _elsewhere(self, view: LessonView) -> bool:
        """Whether what a beat has one look at is on the other screen."""
        lit = [lit.name for lit in view.lit if lit.kind == "pane"]
        if view.screen or not lit:
            return view.screen not in ("", self.screen.name)
        # Panes of this screen may be made only now, for this very beat; those of the other one never are.
        here = self.screen.name == TRAIN
        return all((name in _TRACED or not here) and not self.screen.query(f"#{name}") for name in lit)

    @cached_property
    def _named(self) -> dict[str, Hint]:
        """The key and the word of every command that this screen has."""
        say = self.look.glyphs.say
        return {entry.id: (say(entry.shown), entry.label) for entry in entries(self.screen.name or "", self.allowed)}

    def offers(self, command: str, snapshot: Snapshot) -> bool:
        view = self.lesson
        if view is None:
            return command == "lessons"
        if self.answering and not self._named[command][0].startswith("ctrl"):
            return False  # a letter or a digit is a part of the answer
        needed = {
            "answer": False,  # the page says it where something is asked
            "hint": view.stage == "ask" and view.more_hints,
            "reveal": view.stage == "ask" and view.tells,
            "previous_beat": view.beat > 1,
            "next_beat": bool(view.beats) and view.stage in ("ask", "do"),
        }
        return needed.get(command, True)

    def watch_lesson(self) -> None:
        self.redraw()

    def watch_chosen(self) -> None:
        self.redraw()

    def watch_answering(self) -> None:
        self.redraw()

    # --- answering

    @property
    def line(self) -> AnswerLine:
        """Where an answer is typed."""
        return self.query_one(AnswerLine)

    @property
    def choices(self) -> int:
        """Answers to choose from; none where one is typed."""
        question = self.lesson.question if self.lesson is not None else None
        return len(question.choices) if question is not None else 0

    @property
    def taken(self) -> Sequence[Hint]:
        """What the keys mean while a choice is made."""
        if not (self.answering and self.choices):
            return ()
        return ((f"1-{self.choices}", "or ↑ ↓"), ("enter", "answers"), ("escape", "back to the panes"))

    def answer(self) -> None:
        """Let the question be answered: the next key is the answer's already, however soon it comes."""
        self.answering = True
        if self.choices:
            self.screen.set_focus(self, scroll_visible=False)
        else:
            self._place()

    def leave(self) -> None:
        """The keys are the panes' again."""
        self.answering = False
        self.line.clear()
        self._place()

    def _place(self) -> None:
        """Put the line where the page has room for it."""
        line = self.line
        line.display = self._at is not None and self.answering
        if line.display and self._at is not None:
            x, y, width = self._at
            line.styles.offset = x + 1, y + 1  # the frame
            line.styles.width = width
            self.screen.set_focus(line, scroll_visible=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.line.select_all()
        self.post_message(Answered(event.value))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return bool(self.taken) and (key in ("up", "down", "enter", "escape") or self._digit(key) is not None)

    def _digit(self, key: str) -> int | None:
        """The choice that a digit means."""
        return int(key) - 1 if key.isdigit() and 0 < int(key) <= self.choices else None

    def on_key(self, event: events.Key) -> None:
        if self.line.has_focus or not self.check_consume_key(event.key, event.character):
            return
        event.stop()
        digit = self._digit(event.key)
        if event.key == "escape":
            self.post_message(AnswerLeft())
        elif event.key in ("up", "down"):
            self.chosen = (self.chosen + (1 if event.key == "down" else -1)) % self.choices
        else:
            self.chosen = self.chosen if digit is None else digit
            self.post_message(Chosen(self.chosen))

    def clicked(self, x: int, y: int) -> None:
        for hit in self._hits:
            if hit.y == y and hit.left <= x < hit.right:
                self.call_later(self.screen.run_action, self._action(hit.action))

    @staticmethod
    def _action(name: str) -> str:
        """The action behind a command's id, or an action itself."""
        return next((entry.action for entry in ENTRIES if entry.id == name), name)
