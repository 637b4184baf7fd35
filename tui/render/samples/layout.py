"""Where the columns of the table of samples stand. Must not know colours, strips or the numbers that are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from chainstep.engine.records import record

INPUT = 5
"""Cells of an input, as of a target that is a number."""

_SHARE = 4
"""Cells of a probability, `0.93`."""

_SCORE = 5
"""Cells of the output of a class that is no probability."""

_LOSS = 6

_SHORTEST, _READABLE, _LONGEST = 5, 8, 12
"""Cells of a class's name at least, before there are inputs, and at most."""

_LEAST_BAR, _MOST_BAR = 3, 12
"""Cells of a bar; with less room there is none."""

_WIDE = 56
"""Cells from which on some of the inputs are shown where there is no room for all."""


class Content(NamedTuple):
    """What there is to show, of whichever samples."""

    samples: int
    """How many, in all."""
    inputs: int
    """Numbers of an input."""
    classes: tuple[str, ...]
    """Names, where a prediction is one of them and not a number: it then has a number beside it."""
    shares: bool
    """That number is a probability."""
    decided: bool
    """A prediction is right or wrong."""


@record
class Columns:
    """The first cell of each column and its width; a width of 0 where it has no room."""

    number: int
    inputs: Sequence[int]
    """The first cell of each input that is shown."""
    prediction: tuple[int, int]
    share: tuple[int, int]
    target: tuple[int, int]
    loss: tuple[int, int]
    bar: tuple[int, int]
    mark: tuple[int, int]


def columns(content: Content, width: int) -> Columns:
    """The columns on `width` cells: `▸12  +0.50 -1.20  +0.9312 +1.00  0.0047 ▌  ✓`.

    What a sample cannot do without goes first, then names that can be read, its inputs, whole names and the bar.
    """
    digits = len(str(content.samples))
    extra = (_SHARE if content.shares else _SCORE) if content.classes else 0
    names = max(map(cell_len, content.classes), default=0)
    name = min(names, _SHORTEST)
    pair = (name, name) if content.classes else (7, INPUT if content.decided else 7)
    mark = 1 if content.decided else 0
    taken = 1 + digits + sum(each + 1 for each in (*pair, extra, _LOSS, mark) if each)
    room = width - taken - _LEAST_BAR - 1
    longer = max(0, min(room // 2, min(names, _READABLE) - name))
    room -= 2 * longer
    fitting = min(content.inputs, max(0, room // (INPUT + 1)))
    inputs = fitting if fitting == content.inputs or width >= _WIDE else 0
    room -= inputs * (INPUT + 1)
    whole = max(0, min(room // 2, min(names, _LONGEST) - name - longer))
    room -= 2 * whole
    prediction, target = (cells + longer + whole for cells in pair)
    bar = min(_MOST_BAR, room + _LEAST_BAR)
    return _placed(digits, inputs, (prediction, extra, target, _LOSS, bar if bar >= _LEAST_BAR else 0, mark))


def _placed(digits: int, inputs: int, widths: Sequence[int]) -> Columns:
    left = 1 + digits + 1
    starts = [left + k * (INPUT + 1) for k in range(inputs)]
    left += inputs * (INPUT + 1)
    places = []
    for width in widths:
        places.append((left, width))
        left += width + 1 if width else 0
    return Columns(digits, starts, *places)
