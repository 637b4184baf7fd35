"""What stands in the rows of a neuron's table above its sum: inputs, and where they are of a user's table its columns,
which are one row each where rows are short. Must not know where they are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from chainstep.engine.records import record
from chainstep.engine.training.snapshot.closeup import NeuronView
from chainstep.engine.training.snapshot.subject import Said

from ..canvas.numbers import measured
from ..canvas.shortened import DAY, shortened
from ..canvas.shortened import said as in_words
from ..style.glyphs import Glyphs

_NUMBER = 5
"""Cells of what a column says that has neither categories nor days."""

_LEAST = 9
"""Cells of a name in which a column stands with what it says."""

_MISSING = "missing"


@record(eq=False)
class Entry:
    """A row of the table."""

    row: int | None
    """The input; None for a column of which several inputs were made."""
    column: Said | None = None
    """That one; of an input the column that it alone was made of, or that is unfolded."""
    place: int | None = None
    """Which of the inputs of an unfolded column it is."""
    folded: bool = False
    """Of a column: its inputs have no rows."""

    def holds(self, row: int | None) -> bool:
        """Whether it stands for an input."""
        return row is not None and (self.row == row or (self.folded and row in self.inputs))

    @property
    def inputs(self) -> Sequence[int]:
        """Those that it stands for."""
        return self.column.inputs if self.row is None and self.column is not None else ()

    @property
    def told(self) -> bool:
        """It is not another category than the one that the sample says."""
        return self.place is None or self.column is None or self.row == self.column.telling


def entries(view: NeuronView, room: int, focus: int | None) -> list[Entry]:
    """The rows above the sum: where not all have room, columns are folded but for the one with input `focus`."""
    if not view.columns:
        return [Entry(row) for row in range(len(view.inputs))]
    whole = count(view) <= room
    return [entry for column in view.columns for entry in _of(column, whole or focus in column.inputs)]


def _of(column: Said, unfolded: bool) -> Iterator[Entry]:
    if len(column.inputs) == 1:
        yield Entry(column.inputs[0], column)
        return
    yield Entry(None, column, folded=not unfolded)
    if unfolded:
        yield from (Entry(row, column, place) for place, row in enumerate(column.inputs))


def in_window(every: Sequence[Entry], first: int, shown: int, focus: int | None) -> Sequence[Entry]:
    """So many rows from the first one on; where that is in the midst of a column, the column's own stays at the top."""
    window = every[first : first + shown]
    if shown < 2 or window[0].place is None:
        return window
    own = every[first - window[0].place - 1]
    return [own, *window[:-1]] if window[0].holds(focus) else [own, *window[1:]]


def count(view: NeuronView) -> int:
    """How many rows there are at most."""
    return len(view.inputs) + sum(len(column.inputs) > 1 for column in view.columns)


def widest(view: NeuronView) -> int:
    """Cells of the longest name, with what its column may say."""
    if not view.columns:
        return max(map(cell_len, plain_names(view)))
    return max(map(_cells, view.columns))


def _cells(column: Said) -> int:
    said = max(map(cell_len, column.categories), default=DAY if column.dated else _NUMBER)
    return cell_len(column.name) + 1 + said


def plain_names(view: NeuronView) -> tuple[str, ...]:
    """What feeds it: neurons come all from one layer, whose number the title says."""
    return tuple(name.rpartition(".")[2] for name in view.names) if view.layer else view.names


def name(view: NeuronView, entry: Entry, width: int, glyphs: Glyphs) -> tuple[str, str]:
    """What a row is called in so many cells, and at their right end what the sample says there, if anything."""
    column = entry.column
    if column is None:
        assert entry.row is not None
        return shortened(plain_names(view), width, glyphs)[entry.row], ""
    if entry.place is not None:
        own = (*(column.categories if column.each else ("value",)), _MISSING)
        return f" {shortened(own, width - 1, glyphs)[entry.place]}", ""
    names = tuple(each.name for each in view.columns)
    place = names.index(column.name)
    if width < _LEAST:
        return shortened(names, width, glyphs)[place], ""
    said = _said(column, max(width // 2, width - 1 - cell_len(column.name)), glyphs)
    return shortened(names, width - 1 - cell_len(said), glyphs)[place], said


def _said(column: Said, width: int, glyphs: Glyphs) -> str:
    """What a column says, in at most so many cells."""
    said = column.answer
    if said is None:
        return "?"
    if not isinstance(said, str):
        return measured(said, _NUMBER).strip()
    return in_words(said, column.categories, width, glyphs)
