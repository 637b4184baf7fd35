"""Where the units of the Wires picture stand. Must not know colours, strips or the numbers that are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.geometry import Region

from chainstep.engine.records import record, replace
from chainstep.engine.training.snapshot.network import NetworkView

from .columns import Unit, name_width
from .fold import Slot, focus, slots
from .loss import BESIDE, LossPlace, beneath, beside
from .outputs import note_width, notes
from .table.nodes import Shown, wide

_FEWEST = 6
"""Rows below captions, for which there is none where it would leave fewer."""
BELOW = 5
"""Width of a number that stands under its unit."""


@record
class Shape:
    """How much of a column is shown, in cells."""

    cells: int
    dot: int
    """The unit glyph, from the left."""
    name: int
    """Width of the names; 0 for none."""
    digits: int
    """Width of the numbers; 0 for none."""
    below: bool
    """Numbers stand under their units, not beside them."""
    note: int = 0
    """Width of what is said of outputs; 0 for nothing."""


@record
class Place:
    """Where a column stands, in cells."""

    left: int
    shape: Shape
    slots: tuple[Slot, ...]

    @property
    def dot(self) -> int:
        """The column of the unit glyphs, where wires arrive."""
        return self.left + self.shape.dot

    @property
    def leave(self) -> int:
        """The first cell of the wires to the next column."""
        return self.dot + 1 if self.shape.below else self.left + self.shape.cells

    def ends(self) -> list[tuple[int, int]]:
        """(neuron, row) wherever a wire can end."""
        return [(slot.neuron, slot.row) for slot in self.slots if slot.neuron is not None]

    def neuron_at(self, x: int, y: int) -> int | None:
        """The neuron whose glyph, number or name is at cell (x, y), or one cell beside them."""
        if not self.left - 1 <= x <= self.left + self.shape.cells:
            return None
        for slot in self.slots:
            if slot.row <= y <= slot.row + self.shape.below:
                return slot.neuron
        return None


@record
class Layout:
    """Where everything stands."""

    places: Sequence[Place]
    """Of the inputs, then of each layer."""
    captions: bool
    """The first row says what the columns are."""
    loss: LossPlace | None


def layout(seen: Shown, width: int, height: int, selected: Unit | None) -> Layout:
    """A place for the inputs and for each layer, and where there is room one for the loss."""
    view = seen.view
    counts = [len(view.inputs), *(len(layer.data) for layer in view.layers)]
    # Captions take no number's own row.
    most, rows = max(counts), height - 1
    head = int(rows >= _FEWEST and (rows >= 2 * most or most <= rows < 2 * most - 1))
    shapes = _shapes(seen, counts, width, height - head)
    # The loss has a column of its own where that costs no other one anything.
    roomy = view.loss is not None and shapes[-1].digits > 0
    behind = roomy and _shapes(seen, counts, width - BESIDE, height - head) == shapes
    room = width - BESIDE if behind else width
    gaps = max(1, len(shapes) - 1)
    slack = max(gaps, room - sum(shape.cells for shape in shapes))
    below = any(shape.below for shape in shapes)
    places = []
    used = 0
    for index, shape in enumerate(shapes):
        # A number under the last unit needs its own row, so the glyphs are centred in one row less.
        spread = slots(counts[index], height - head - below, True, focus(seen, selected, index - 1))
        lowered = tuple(replace(slot, row=slot.row + head) for slot in spread)
        places.append(Place(used + slack * index // gaps, shape, lowered))
        used += shape.cells
    if behind:
        return Layout(places, bool(head), beside([row for _, row in places[-1].ends()], width, height))
    return Layout(places, bool(head), _beneath(view, places, width, height))


def _beneath(view: NetworkView, places: Sequence[Place], width: int, height: int) -> LossPlace | None:
    """The loss's place below the outputs and what is said of them; none where these have no numbers."""
    before, outputs = places[-2], places[-1]
    shape = outputs.shape
    if view.loss is None or not outputs.slots or not shape.digits:
        return None
    told = len(notes(view)[0].texts) if shape.below and shape.note and len(view.output_names) == 1 else 0
    first, left = outputs.slots[-1].row + 1 + shape.below + told, before.left + before.shape.cells + 1
    free = Region(left, first, width - left, height - first)
    return beneath(outputs.dot, free, digits=shape.digits, below=shape.below, left=True)


def _shapes(seen: Shown, counts: Sequence[int], width: int, height: int) -> list[Shape]:
    """The most generous shape of each column that leaves room for wires."""
    view = seen.view
    last = len(counts) - 1
    names = [0] * len(counts)
    names[0], names[last] = name_width(view.input_names), name_width(view.output_names)
    # Rows enough for numbers of their own, and at least a free one somewhere between layers.
    airy = 2 * max(counts) <= height

    note = [0] * last + [note_width(view)]
    lone = len(view.output_names) == 1

    def choices() -> Iterator[tuple[int, list[Shape]]]:
        for gap in (12, 9):
            yield gap, [_beside(index, names[index], 7, note[index]) for index in range(last + 1)]
        yield 12, [_beside(index, names[index], 7) for index in range(last + 1)]
        yield 7, [_beside(index, names[index], 5, note[index]) for index in range(last + 1)]
        if airy:
            yield 4, [_below(index, names[index], note[index], lone=lone) for index in range(last + 1)]
            yield 4, [_below(index, names[index]) for index in range(last + 1)]
            yield 3, [_below(index, 0) for index in range(last + 1)]
        yield 5, [_beside(index, names[index], 5, note[index]) for index in range(last + 1)]
        yield 5, [_beside(index, names[index], 5) for index in range(last + 1)]
        yield 4, [_beside(index, 0 if index else names[0], 5) for index in range(last + 1)]
        yield 3, [_beside(index, 0, 5) for index in range(last + 1)]
        yield 2, [_beside(index, 0, 5 if index in (0, last) else 0) for index in range(last + 1)]
        yield 2, [_beside(index, 0, 5 if index == last else 0) for index in range(last + 1)]
        yield 1, [_beside(index, 0, 0) for index in range(last + 1)]

    for gap, shapes in choices():
        for inputs in dict.fromkeys([_saying(shapes[0], seen.said), shapes[0]]):
            if sum(shape.cells for shape in (inputs, *shapes[1:])) + gap * last <= width:
                return [inputs, *shapes[1:]]
    return [Shape(1, 0, 0, 0, False)] * len(counts)


def _saying(inputs: Shape, said: int) -> Shape:
    """The shape of the inputs with room for what a table's columns say, as far as that takes `said` cells."""
    more = min(said, wide(inputs.digits)) - inputs.digits
    if more <= 0 or inputs.below or not inputs.digits:
        return inputs
    return replace(inputs, cells=inputs.cells + more, dot=inputs.dot + more, digits=inputs.digits + more)


def _beside(index: int, name: int, digits: int, note: int = 0) -> Shape:
    """`● +0.91 name note`; for the inputs `name +2.00 ●`, so that their wires leave from the unit."""
    cells = 1 + (digits + 1 if digits else 0) + (name + 1 if name else 0) + (note + 1 if note else 0)
    return Shape(cells, 0 if index else cells - 1, name, digits, False, note)


def _below(index: int, name: int, note: int = 0, *, lone: bool = False) -> Shape:
    """`● name` over `+0.91 note`, with the number centred, or the note under it where it is a lone one; for the inputs
    `name ●`.
    """
    side = BELOW // 2
    beside = name + 1 if name else 0
    if index:
        number = max(BELOW, note) if lone else BELOW + (note + 1 if note else 0)
        return Shape(max(number, side + 1 + beside), side, name, BELOW, True, note)
    dot = max(side, beside)
    return Shape(dot + 1 + side, dot, name, BELOW, True)
