"""Where the columns of the Grid picture stand. Must not know colours, strips or the numbers that are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from chainstep.engine.records import Caching, record, replace

from .columns import LONGEST_NAME, Unit, name_width
from .fold import Slot, focus, slots
from .outputs import note_width
from .table.groups import Groups, in_order, places
from .table.nodes import Shown, wide

WIDEST_GAP = 8
_NUMBERED = 3
"""Cells of names that only say where a unit stands, such as x10."""
SPREAD = 8
"""Bars in the histogram of a neuron's weights."""


@record
class Shape(Caching):
    """How much of a column is shown. Widths in cells; 0 for what is left out."""

    count: int
    fan_in: int
    name: int = 0
    digits: int = 0
    note: int = 0
    """Of what is said of outputs."""
    detail: str = "cells"
    """How weights are shown: `cells`, one each; `told`, of each column of a table the one of what the sample says;
    `upright`, each in the row of the unit that it multiplies; `pairs`, two to a cell; `spread`, a histogram; `none`.
    """
    pitch: int = 1
    """Cells from one weight to the next, where each has its own."""
    groups: Groups = ()
    """Of weights on a table's columns those that stand beside one another; all are one group where it is empty."""
    apart: int = 0
    """Cells between two groups."""

    @property
    def weighted(self) -> bool:
        """Weights and biases are shown."""
        return self.fan_in > 0 and self.detail != "none"

    @cached_property
    def weights(self) -> int:
        """Width of the weights."""
        if self.detail in ("cells", "told"):
            return (self.fan_in - 1) * self.pitch + 1 + max(0, len(self.groups) - 1) * self.apart
        if self.detail == "upright":
            return max(map(len, self.groups), default=1)
        return (self.fan_in + 1) // 2 if self.detail == "pairs" else min(SPREAD, self.fan_in)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """Its weights in the order in which they stand."""
        return in_order(self.groups) or tuple(range(self.fan_in))

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The cell of each weight, from the left, where each has its own."""
        return places(self.groups or (tuple(range(self.fan_in)),), self.pitch, self.apart)

    @cached_property
    def runs(self) -> Sequence[tuple[int, tuple[int, ...]]]:
        """Weights that stand beside one another, with the cell of the first."""
        groups = self.groups or (tuple(range(self.fan_in)),)
        return [(self.places[group[0]], group) for group in groups]

    @cached_property
    def bias(self) -> int:
        """The bias's cell, from the left."""
        return self.weights + 1

    @cached_property
    def unit(self) -> int:
        """The unit glyph's cell, from the left."""
        if self.weighted:
            return self.bias + 2
        return self.name + 1 if self.name and not self.fan_in else 0

    @cached_property
    def cells(self) -> int:
        """Width of the column."""
        tail = 1 + self.digits if self.digits else 0
        name = 1 + self.name if self.name and self.fan_in else 0
        return self.unit + 1 + tail + name + (1 + self.note if self.note else 0)


@record
class Block:
    """A column in its place."""

    left: int
    shape: Shape
    head: int
    """Row of the heading."""
    slots: tuple[Slot, ...]
    """Rows in the picture."""
    spaced: bool
    """There is a free row below each."""

    def neuron_at(self, x: int, y: int) -> int | None:
        """The neuron whose row of the column holds cell (x, y)."""
        if not self.left <= x < self.left + self.shape.cells:
            return None
        return next((slot.neuron for slot in self.slots if slot.row == y), None)


def layout(seen: Shown, width: int, height: int, selected: Unit | None, *, split: bool) -> list[Block]:
    """A block for the inputs and for each layer. `split`: two weights may share a cell."""
    view = seen.view
    head = 1 if height > 2 else 0
    rows = max(0, height - head)
    tallest = max(len(view.inputs), *(len(layer.data) for layer in view.layers))
    step = 2 if tallest * 2 - 1 <= rows else 1
    band = min(rows, (tallest - 1) * step + 1)
    shapes, gap = _shapes(_Sizes.of(seen), seen.said, width, split, 1 < len(view.inputs) <= band // 2)
    gaps = max(1, len(shapes) - 1)
    taken = sum(shape.cells for shape in shapes)
    gap = min(WIDEST_GAP, max(gap, (width - taken) // gaps))
    left = max(0, (width - taken - gap * (len(shapes) - 1)) // 2)
    top = (height - head - band) // 2
    blocks = []
    for index, shape in enumerate(shapes):
        names = view.input_names if index == 0 else view.output_names if index == len(shapes) - 1 else ()
        apart = 2 if _named_below(shape, names, band) else step
        room = (band + apart - 1) // apart
        in_sight = focus(seen, selected, index - 1) if shape.count > room else None
        placed = _placed(shape.count, room, in_sight, apart, top + head)
        blocks.append(Block(left, shape, top, placed, apart > 1))
        left += shape.cells + gap
    return blocks


@lru_cache(maxsize=256)
def _placed(count: int, room: int, in_sight: int | None, apart: int, top: int) -> tuple[Slot, ...]:
    """What each row of a column holds, `apart` rows from one another."""
    return tuple(replace(slot, row=top + slot.row * apart) for slot in slots(count, room, False, in_sight))


def _named_below(shape: Shape, names: tuple[str, ...], band: int) -> bool:
    """Whether units whose names have no room beside them stand apart in `band` rows, to have them below."""
    return 1 < shape.count <= band // 2 and not shape.name and name_width(names) > _NUMBERED


@record
class _Sizes:
    """All that the room for a network depends on: pictures of one network differ in its numbers alone."""

    inputs: int
    layers: tuple[tuple[int, int], ...]
    """Neurons, and inputs of each."""
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    note: int
    """Cells of what is said of an output."""
    groups: Groups

    @classmethod
    def of(cls, seen: Shown) -> _Sizes:
        """Those of a network."""
        view = seen.view
        layers = tuple((len(layer.data), len(layer.weights[0]) if layer.weights else 0) for layer in view.layers)
        return cls(len(view.inputs), layers, view.input_names, view.output_names, note_width(view), seen.groups)


@lru_cache(maxsize=64)
def _shapes(sizes: _Sizes, said: int, width: int, split: bool, below: bool) -> tuple[Sequence[Shape], int]:
    """The most generous shapes that fit, and the gap between them; what is `said` of a table's columns takes so many
    cells.
    """
    shapes: list[Shape] = []
    for shapes, gap in _choices(sizes, split, below):
        for inputs in dict.fromkeys([_saying(shapes[0], said), shapes[0]]):
            if sum(shape.cells for shape in (inputs, *shapes[1:])) + gap * (len(shapes) - 1) <= width:
                return [inputs, *shapes[1:]], gap
    return shapes, 1


def _saying(inputs: Shape, said: int) -> Shape:
    """The shape of the inputs with room for what a table's columns say, as far as that takes `said` cells."""
    return replace(inputs, digits=max(inputs.digits, min(said, wide(inputs.digits)))) if inputs.digits else inputs


def _choices(sizes: _Sizes, split: bool, below: bool) -> Iterator[tuple[list[Shape], int]]:
    """Shapes and gaps, from generous to frugal: numbers go first, then weights."""
    groups = sizes.groups
    # A lone neuron's weights leave the width to the others where each stands beside the unit that it multiplies.
    bare = [
        Shape(sizes.inputs, 0),
        *(Shape(count, fan_in, detail="upright" if count == 1 < fan_in else "cells") for count, fan_in in sizes.layers),
    ]
    bare[1] = replace(bare[1], groups=groups)
    last = len(bare) - 1
    numbers = [replace(shape, digits=5) for shape in bare]
    named = list(numbers)
    named[0] = replace(named[0], name=name_width(sizes.input_names))
    named[last] = replace(named[last], name=name_width(sizes.output_names))
    noted = [*named[:last], replace(named[last], note=sizes.note)]
    if groups:
        yield from ((_apart(shapes), gap) for shapes, gap in _whole(noted, named))
    yield from _whole(noted, named)
    if groups:
        yield from _of_table(sizes, bare, split, below)
    yield numbers, 3
    yield numbers, 2
    yield from _shorter_names(sizes, bare, numbers)
    yield from _fewer_numbers(numbers)
    yield from _fewer_weights(bare, numbers, split)


def _apart(shapes: list[Shape]) -> list[Shape]:
    """With a free cell between the weights on a table's columns."""
    return [shapes[0], replace(shapes[1], apart=1), *shapes[2:]]


def _whole(noted: list[Shape], named: list[Shape]) -> Iterator[tuple[list[Shape], int]]:
    """All of it, ever closer together."""
    yield [replace(shape, pitch=2, digits=7) for shape in noted], 4
    yield [replace(shape, pitch=2, digits=7) for shape in named], 4
    yield [replace(shape, pitch=2) for shape in noted], 4
    yield [replace(shape, pitch=2) for shape in noted], 2
    yield noted, 2
    yield named, 2


def _of_table(sizes: _Sizes, bare: list[Shape], split: bool, below: bool) -> Iterator[tuple[list[Shape], int]]:
    """What a column says is nothing without its name, beside it or `below` it: before that goes, only those of its
    weights are left that stand for it, and others share their cells.
    """
    last = len(bare) - 1
    told = replace(bare[1], detail="told", groups=(), fan_in=len(bare[1].groups))
    tight = [
        replace(shape, detail="pairs" if split and shape.detail == "cells" else shape.detail) for shape in bare[2:]
    ]
    for first, others in ((bare[1], bare[2:]), (told, bare[2:]), (told, tight)):
        shapes = [replace(bare[0], digits=5), first, *others]
        shapes[last] = replace(shapes[last], digits=5)
        for longest in (LONGEST_NAME, 8, 6, 5):
            ends = [replace(shapes[0], name=name_width(sizes.input_names, longest)), *shapes[1:]]
            ends[last] = replace(ends[last], name=name_width(sizes.output_names, longest))
            yield [*ends[:last], replace(ends[last], note=sizes.note)], 2
            yield ends, 2
            yield ends, 1
        for longest in (LONGEST_NAME, 8, 6, 5):
            yield [replace(shapes[0], name=name_width(sizes.input_names, longest)), *shapes[1:]], 1
        if below:
            yield shapes, 2
            yield shapes, 1
    for longest in (LONGEST_NAME, 8, 6):
        yield [replace(bare[0], name=name_width(sizes.input_names, longest)), *shapes[1:]], 1


def _shorter_names(sizes: _Sizes, bare: list[Shape], numbers: list[Shape]) -> Iterator[tuple[list[Shape], int]]:
    """What goes in and what comes out is told before what is in between."""
    last = len(bare) - 1
    for longest in (LONGEST_NAME, 8, 6, 4):
        ends = [numbers[0], *bare[1:last], numbers[last]] if last > 1 else numbers
        ends[0] = replace(ends[0], name=name_width(sizes.input_names, longest))
        ends[last] = replace(ends[last], name=name_width(sizes.output_names, longest))
        yield [*ends[:last], replace(ends[last], note=sizes.note)], 2
        yield ends, 2
        yield ends, 1


def _fewer_weights(bare: list[Shape], numbers: list[Shape], split: bool) -> Iterator[tuple[list[Shape], int]]:
    last = len(bare) - 1
    # The fewest rows first: of many neurons the pattern is worth more than of few.
    widest = sorted(
        (index for index in range(1, len(bare)) if bare[index].detail == "cells"),
        key=lambda index: (-bare[index].fan_in, bare[index].count),
    )
    if split:
        for shapes in ([*bare[:last], numbers[last]], bare):
            for index in widest:
                shapes = [replace(shape, detail="pairs") if at == index else shape for at, shape in enumerate(shapes)]
                yield shapes, 1
    for much in range(1, len(widest) + 1):
        spread = widest[:much]
        yield from _fewer_numbers(
            [replace(shape, detail="spread") if at in spread else shape for at, shape in enumerate(numbers)]
        )
    yield [replace(shape, detail="none") for shape in numbers], 1
    yield [replace(shape, detail="none") for shape in bare], 1


def _fewer_numbers(shapes: list[Shape]) -> Iterator[tuple[list[Shape], int]]:
    """All numbers, then fewer; the ends keep theirs longest: what goes in and what comes out."""
    last = len(shapes) - 1
    yield shapes, 2
    for index in (*range(1, last), 0):
        shapes = [replace(shape, digits=0) if at == index else shape for at, shape in enumerate(shapes)]
        yield shapes, 2
    yield shapes, 1
    yield [replace(shape, digits=0) for shape in shapes], 1
