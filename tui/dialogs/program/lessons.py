"""The dialog that lists the lessons: how far one has come in each, and what it builds on. Knows lessons and progress;
must not know how either is kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from chainstep.engine.lessons.plan.lesson import Lesson
from chainstep.engine.lessons.progress import Progress

from ...theme import glyphs
from ..base.dialog import Dialog
from ..base.list_dialog import cut
from ..base.options import Options

_STATE = 26
"""Cells of how far one has come: `mastered, 10 of 10 known`."""


class Lessons(Dialog[str]):
    """Gives the id of the chosen lesson, or None. `here` is the one that stands beside the panes, if one does."""

    WIDTH = 84

    def __init__(self, lessons: Sequence[Lesson], progress: Progress, here: str = "") -> None:
        super().__init__()
        self._lessons, self._progress = lessons, progress
        following = progress.next(lessons)
        self._first = here or (following.id if following is not None else "")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog list") as box:
            box.styles.width = self.WIDTH
            yield Static(self._title(), classes="title", markup=False)
            yield Options(*(Option("", id=lesson.id) for lesson in self._lessons))
            yield Static("", id="story", markup=False)
            yield Static(glyphs().say("↑ ↓ choose   enter opens   escape closes"), classes="words keys", markup=False)

    def _title(self) -> str:
        known = sum(len(self._progress.knows(lesson)) for lesson in self._lessons)
        questions = sum(len(lesson.questions) for lesson in self._lessons)
        return f"Lessons: {known} of {questions} questions known"

    def on_mount(self) -> None:
        options, ids = self.query_one(OptionList), [lesson.id for lesson in self._lessons]
        self._fill()
        options.highlighted = ids.index(self._first) if self._first in ids else 0
        options.focus()

    def on_resize(self) -> None:
        self._fill()

    def _fill(self) -> None:
        options = self.query_one(OptionList)
        for place, lesson in enumerate(self._lessons):
            options.replace_option_prompt_at_index(place, self._row(place, lesson))

    def _row(self, place: int, lesson: Lesson) -> Text:
        """`✓  8 Why +=      mastered, 3 of 3 known`."""
        state, known = self._progress.state(lesson), len(self._progress.knows(lesson))
        shapes = glyphs()
        sign = {"begun": shapes.coming_forward, "done": shapes.dot, "mastered": shapes.right}.get(state, " ")
        far = f"{state}, {known} of {len(lesson.questions)} known" if state != "new" else "new"
        room = max(8, self.room - _STATE - 6)
        title = cut(shapes.spell(lesson.title), room)
        return Text.assemble(
            (f"{sign} ", "bold"), (f"{place + 1:>2} ", "dim"), (f"{title:<{room}} ", "bold"), (far, "dim")
        )

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """What it is about, and which of the lessons that it builds on are not done."""
        lesson = self._lessons[event.option_index]
        missing = [other.title for other in self._progress.missing(lesson, self._lessons)]
        after = f" After: {', '.join(missing)}." if missing else ""
        self.query_one("#story", Static).update(glyphs().say(lesson.idea + after))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)
