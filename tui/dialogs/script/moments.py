"""The dialog that lists a script's moments, each a `backward()` that can be opened. Knows what was recorded; must not
know sessions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from chainstep.engine.training.recorded.recording import Recording

from ...render.canvas.numbers import plain
from ...theme import glyphs
from ..base.dialog import Dialog
from ..base.list_dialog import cut
from ..base.options import Options

MOST = 500
"""Moments that are listed one by one; of more, each run is one row."""

KEYS = "↑ ↓ choose   enter opens   escape closes"


class Row(NamedTuple):
    """A moment, or a run of them."""

    first: int
    """Its number, from 0."""
    moments: int
    place: str
    source: str
    losses: tuple[float, float]
    """Of its first and of its last moment."""
    nodes: int
    agreement: str
    differs: bool


class Moments(Dialog[int]):
    """Gives the number of the chosen moment, from 0, or None."""

    WIDTH = 110

    def __init__(self, recording: Recording, current: int) -> None:
        super().__init__()
        self._name = recording.name
        self._count = len(recording.moments)
        self._rows = rows(recording)
        self._current = current

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog list") as box:
            box.styles.width = self.WIDTH
            many = f"{self._count} backward() of {self._name}, each a moment"
            runs = "" if len(self._rows) == self._count else f", in {len(self._rows)} runs"
            yield Static(many + runs, classes="title", markup=False)
            yield Options()
            yield Static(glyphs().say(KEYS), classes="words", markup=False)

    def on_mount(self) -> None:
        self._fill()
        self.query_one(OptionList).focus()

    def on_resize(self) -> None:
        self._fill()

    def _fill(self) -> None:
        options = self.query_one(OptionList)
        chosen = options.highlighted
        options.set_options([Option(text) for text in drawn(self._rows, self.room)])
        if chosen is None:
            places = (place for place, row in enumerate(self._rows) if row.first <= self._current)
            chosen = max(places, default=0)
        options.highlighted = chosen

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._rows[event.option_index].first)


def rows(recording: Recording) -> list[Row]:
    """A row a moment or, where they are many, a row a run."""
    groups: Sequence[Sequence[int]] = [(number,) for number in range(len(recording.moments))]
    if len(groups) > MOST:
        groups = recording.runs()
    return [_row(recording, group) for group in groups]


def _row(recording: Recording, group: Sequence[int]) -> Row:
    moments = [recording.moments[number] for number in group]
    first, place = moments[0], recording.place(moments[0].place)
    wrong = next((moment for moment in moments if moment.differs), None)
    return Row(
        first=group[0],
        moments=len(group),
        place=place.name if place else "",
        source=place.text if place else "backward()",
        losses=(first.loss, moments[-1].loss),
        nodes=len(recording.graphs[first.graph]),
        agreement=(wrong or first).agreement,
        differs=wrong is not None,
    )


def drawn(table: Sequence[Row], room: int) -> list[Text]:
    """The rows, each at most `room` cells wide: what stands at the line gives way first."""
    numbers = [
        str(row.first + 1) if row.moments == 1 else f"{row.first + 1} and {row.moments - 1} more" for row in table
    ]
    losses = [" → ".join(plain(loss) for loss in row.losses[: min(2, row.moments)]) for row in table]
    nodes = [f"{row.nodes:,}" for row in table]
    texts = [*zip(numbers, (row.place for row in table), losses, nodes, strict=True)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    found = []
    for row, (number, place, loss, size) in zip(table, texts, strict=True):
        mark = f"{glyphs().wrong} " if row.differs else "  "
        end = f"  {loss.rjust(widths[2])}  {size.rjust(widths[3])} nodes  {mark}{row.agreement}"
        begin = f"{number.rjust(widths[0])}  {place.ljust(widths[1])}  "
        source = cut(row.source, max(0, room - len(begin) - len(end)))
        text = glyphs().say(begin + source.ljust(max(0, room - len(begin) - len(end))) + end)
        found.append(Text(cut(text, room), style="bold" if row.differs else ""))
    return found
