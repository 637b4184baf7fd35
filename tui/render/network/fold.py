"""Layers with more neurons than rows: which of them are shown, and what is said of all. Must not know where."""

from __future__ import annotations

from collections.abc import Iterable

from chainstep.engine.records import record

from ..style.glyphs import Glyphs
from .columns import Column, Unit
from .table.nodes import Shown

FEWEST_BARS = 4
MOST_BARS = 8

_ENDS = {"tanh": (-0.99, 0.99), "sigmoid": (0.01, 0.99)}
"""Beyond these an output is saturated, as the breakpoint of that name has it."""


@record
class Slot:
    """A row's content: a neuron, or a line about a layer of which so many are hidden."""

    row: int
    neuron: int | None
    hidden: int = 0


def focus(seen: Shown, selected: Unit | None, layer: int) -> int | None:
    """The neuron of `layer`, or of -1 the input, that has to be seen: the selected one, else the one being computed or
    multiplied.
    """
    if layer < 0 and seen.chosen is not None:
        return seen.chosen
    if selected is not None and selected[0] == layer:
        return selected[1]
    lit = seen.view.lit
    if lit is None:
        return None
    if lit.layer == layer:
        return lit.neuron
    return lit.weight if lit.layer == layer + 1 else None


def slots(count: int, rows: int, spread: bool, seen: int | None) -> tuple[Slot, ...]:
    """Which of `count` neurons get one of `rows` rows, centred.

    `spread` takes as much of the height as even distances can, else neighbours touch. Where they do not all fit, a
    line about all of them comes first, then the page that holds neuron `seen` (the first page, if None).
    """
    if rows <= 0 or count <= 0:
        return ()
    if count <= rows:
        pitch = -(-rows // count) if spread else 1
        if (count - 1) * pitch >= rows:
            pitch -= 1
        top = (rows - ((count - 1) * pitch + 1)) // 2
        return tuple(Slot(top + pitch * neuron, neuron) for neuron in range(count))
    seen = min(max(0, seen or 0), count - 1)
    if rows == 1:
        return (Slot(0, seen),)
    # Pages, not a window that follows: the picture stays still while an op walks through the layer.
    page = rows - 1
    first = min(seen // page * page, count - page)
    return (Slot(0, None, count - page), *(Slot(1 + place, first + place) for place in range(page)))


def about(column: Column, shown: Iterable[Slot], width: int, glyphs: Glyphs) -> str:
    """What `width` cells can say of a layer: `8-14 of 64`, how its numbers are spread, how many are 0 or saturated."""
    neurons = [slot.neuron for slot in shown if slot.neuron is not None]
    page = f"{neurons[0] + 1}-{neurons[-1] + 1}"
    which = f"{page} of {column.count}"
    numbers = column.units[: column.known]
    bars = [_bars(numbers, bins, glyphs) for bins in (MOST_BARS, FEWEST_BARS)]
    counted = _counted(column, numbers)
    choices = [f"{which} {bars[0]} {words}" for words in counted]
    choices += [f"{which} {bars[0]}", f"{which} {bars[1]}", f"{page} {bars[1]}", bars[1]]
    return next((text for text in choices if len(text) <= width), bars[1][: max(0, width)])


def _bars(numbers: tuple[float, ...], bins: int, glyphs: Glyphs) -> str:
    """A histogram whose empty bins show how far it reaches, where that is not taken for a bar."""
    from ..canvas.sparkline import histogram  # few layers are folded

    empty = " " if numbers and glyphs.empty in glyphs.bars else glyphs.empty
    return histogram(numbers, bins, glyphs).replace(" ", empty)


def _counted(column: Column, numbers: tuple[float, ...]) -> list[str]:
    """How many are exactly 0, and how many are saturated; together where there is room for both."""
    words = []
    if zeros := sum(not number for number in numbers):
        words.append(f"{zeros} at 0")
    if column.activation in _ENDS:
        low, high = _ENDS[column.activation]
        if stuck := sum(not low <= number <= high for number in numbers):
            words.append(f"{stuck} saturated")
    return [", ".join(words), *words] if words else []
