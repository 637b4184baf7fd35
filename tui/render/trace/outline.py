"""A listing folded by layer and neuron: which rows there are. Must not know numbers, strips or widgets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from chainstep.engine.records import record, replace
from chainstep.engine.training.snapshot.tape import Lines, Place

LOSS: Place = (None, None)


@record
class Row:
    """A row of the outline: lines `first` … `stop`−1 under a heading or, where `place` is None, one line."""

    depth: int
    first: int
    stop: int
    place: Place | None = None
    open: bool = True

    @property
    def granularity(self) -> str:
        """What one step over this row is."""
        if self.place is None or self.open:
            return "op"
        return "layer" if self.place[0] is not None and self.place[1] is None else "neuron"


@record
class _Part:
    """A heading, and the rows of its own lines below it; lines that have no heading have none."""

    heading: Row | None
    lines: range
    depth: int

    def __len__(self) -> int:
        return (self.heading is not None) + len(self.lines)

    @property
    def first(self) -> int:
        return self.lines.start if self.heading is None else self.heading.first


class Outline(Sequence[Row]):
    """The rows of a listing, each made where it is asked for: opened, a wide network has hundreds of thousands."""

    def __init__(self, parts: Sequence[_Part]) -> None:
        self.parts = parts
        self._starts = [0, *accumulate(len(part) for part in parts)]
        """The first row of each part, and one past the last."""
        self._firsts = [part.first for part in parts]

    def __len__(self) -> int:
        return self._starts[-1]

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return tuple([self[k] for k in range(*row.indices(len(self)))])
        row = range(len(self))[row]
        number = bisect_right(self._starts, row) - 1
        part, below = self.parts[number], row - self._starts[number]
        if part.heading is not None and not below:
            return part.heading
        line = part.lines[below - (part.heading is not None)]
        return Row(part.depth, line, line + 1)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Sequence) and tuple(self) == tuple(other))

    __hash__ = None  # type: ignore[assignment]

    def headings(self) -> Iterator[tuple[int, Row]]:
        """The rows that are headings, with their numbers."""
        for start, part in zip(self._starts, self.parts, strict=False):
            if part.heading is not None:
                yield start, part.heading

    def heading(self, place: Place) -> int | None:
        """The row of a heading; None where there is none of that place."""
        return next((k for k, row in self.headings() if row.place == place), None)

    def row_of(self, line: int) -> int:
        """The row that shows a line: its own, or the innermost folded heading that hides it."""
        number = bisect_right(self._firsts, line) - 1
        if number < 0:
            return 0
        part, start = self.parts[number], self._starts[number]
        if line in part.lines:
            return start + (part.heading is not None) + line - part.lines.start
        return start if part.heading is not None and line < part.heading.stop else 0


def outline(lines: Lines, inside: Collection[Place] = (), chosen: Mapping[Place, bool] | None = None) -> Outline:
    """The rows of a listing: layers are open, neurons and the loss are where the session is `inside` them.

    `chosen` says what the user has opened (True) or folded. What has no scopes has no headings.
    """
    chosen = chosen or {}

    def is_open(place: Place) -> bool:
        return chosen.get(place, place in inside or not is_neuron(place))

    if all(layer is None for layer, *_ in lines.layers):
        return Outline([_Part(None, range(len(lines)), 0)])
    parts: list[_Part] = []
    for layer, first, stop, inner in lines.layers:
        heading = Row(0, first, stop, (layer, None), is_open((layer, None)))
        parts.append(_Part(heading, range(0), 0))
        if not heading.open:
            continue
        for neuron, start, end in inner:
            if neuron is None:
                parts.append(_Part(None, range(start, end), 1))
                continue
            place = layer, neuron
            row = Row(1, start, end, place, is_open(place))
            parts.append(_Part(row, range(start, end) if row.open else range(0), 2))
    return Outline(parts)


def unfolded(rows: Outline, room: int, here: Place, chosen: Mapping[Place, bool]) -> Outline:
    """The same rows with as much opened as `room` rows can show, where headings alone would leave half of it empty: the
    neuron `here` first, then those of its layer, then of layers further away. What the user has folded stays so.
    """
    # Not by what is open already: the rest would open and fold again as a neuron is entered and left.
    headings = [row for _, row in rows.headings()]
    if room < 2 * len(headings):
        return rows
    folded = [
        (row.place, row.stop - row.first)
        for row in headings
        if row.place is not None and not row.open and is_neuron(row.place) and row.place not in chosen
    ]
    layers = list(dict.fromkeys(row.place[0] for row in headings if row.place is not None))

    def away(place: Place) -> tuple[bool, int]:
        return place != here, abs(layers.index(place[0]) - layers.index(here[0]))

    spare, opened = room - len(rows), set[Place]()
    for place, size in sorted(folded, key=lambda item: away(item[0])):
        if size <= spare:
            spare -= size
            opened.add(place)
    return Outline([_opened(part) if part.heading and part.heading.place in opened else part for part in rows.parts])


def _opened(part: _Part) -> _Part:
    row = part.heading
    assert row is not None
    return _Part(replace(row, open=True), range(row.first, row.stop), row.depth + 1)


def entered(lines: Lines, current: int, *, backward: bool) -> Place | None:
    """The neuron that the next op is in the middle of; None at its beginning, where it could be stepped over."""
    before = current + (1 if backward else -1)
    if not 0 <= before < len(lines):
        return None
    here = lines.scopes[current]
    return here if here == lines.scopes[before] else None


def is_neuron(place: Place) -> bool:
    """Or the loss, which is folded like one."""
    return place == LOSS or place[1] is not None
