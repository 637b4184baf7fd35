"""A listing folded by layer and neuron: which rows there are. Must not know numbers, strips or widgets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from chainstep.engine.records import record, replace
from chainstep.engine.training.snapshot.tape import TraceLine

Place = tuple[int | None, int | None]
"""A scope: layer and neuron; a layer has no neuron, and the sample's own loss has neither."""

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


def outline(
    lines: Sequence[TraceLine], inside: Collection[Place] = (), chosen: Mapping[Place, bool] | None = None
) -> tuple[Row, ...]:
    """The rows of a listing: layers are open, neurons and the loss are where the session is `inside` them.

    `chosen` says what the user has opened (True) or folded. What has no scopes has no headings.
    """
    chosen = chosen or {}

    def is_open(place: Place) -> bool:
        return chosen.get(place, place in inside or not is_neuron(place))

    rows: list[Row] = []
    groups = _groups(lines)
    if all(layer is None for layer, *_ in groups):
        return tuple(Row(0, k, k + 1) for k in range(len(lines)))
    for layer, first, stop, inner in groups:
        heading: Place = (layer, None)
        rows.append(Row(0, first, stop, heading, is_open(heading)))
        if not rows[-1].open:
            continue
        for neuron, start, end in inner:
            if neuron is None:
                rows += [Row(1, k, k + 1) for k in range(start, end)]
                continue
            place = layer, neuron
            rows.append(Row(1, start, end, place, is_open(place)))
            if rows[-1].open:
                rows += [Row(2, k, k + 1) for k in range(start, end)]
    return tuple(rows)


def unfolded(rows: Sequence[Row], room: int, here: Place, chosen: Mapping[Place, bool]) -> tuple[Row, ...]:
    """The same rows with as much opened as `room` rows can show, where headings alone would leave half of it empty: the
    neuron `here` first, then those of its layer, then of layers further away. What the user has folded stays so.
    """
    # Not by what is open already: the rest would open and fold again as a neuron is entered and left.
    if room < 2 * sum(row.place is not None for row in rows):
        return tuple(rows)
    folded = [
        (row.place, row.stop - row.first)
        for row in rows
        if row.place is not None and not row.open and is_neuron(row.place) and row.place not in chosen
    ]
    layers = list(dict.fromkeys(row.place[0] for row in rows if row.place is not None))

    def away(place: Place) -> tuple[bool, int]:
        return place != here, abs(layers.index(place[0]) - layers.index(here[0]))

    spare, opened = room - len(rows), set[Place]()
    for place, size in sorted(folded, key=lambda item: away(item[0])):
        if size <= spare:
            spare -= size
            opened.add(place)
    found: list[Row] = []
    for row in rows:
        if row.place in opened:
            found.append(replace(row, open=True))
            found += [Row(row.depth + 1, k, k + 1) for k in range(row.first, row.stop)]
        else:
            found.append(row)
    return tuple(found)


def entered(lines: Sequence[TraceLine], current: int, *, backward: bool) -> Place | None:
    """The neuron that the next op is in the middle of; None at its beginning, where it could be stepped over."""
    before = current + (1 if backward else -1)
    if not 0 <= before < len(lines):
        return None
    here, there = lines[current], lines[before]
    same = (here.layer, here.neuron) == (there.layer, there.neuron)
    return (here.layer, here.neuron) if same else None


def row_of(rows: Sequence[Row], line: int) -> int:
    """The row that shows a line: its own, or the innermost folded heading that hides it."""
    return max(
        (k for k, row in enumerate(rows) if row.first <= line < row.stop), key=lambda k: rows[k].depth, default=0
    )


def is_neuron(place: Place) -> bool:
    """Or the loss, which is folded like one."""
    return place == LOSS or place[1] is not None


_Run = tuple[int | None, int, int]
"""A number, the first line that has it and one past the last."""

_known: tuple[Sequence[TraceLine], list[tuple[int | None, int, int, list[_Run]]]] = ((), [])
"""The groups of the listing that was drawn last: it may be long, and stays the same object."""


def _groups(lines: Sequence[TraceLine]) -> list[tuple[int | None, int, int, list[_Run]]]:
    """Neighbouring lines of the same layer, and in each those of the same neuron."""
    global _known
    if _known[0] is not lines:
        layers = _runs(lines, 0, len(lines), "layer")
        _known = lines, [(*run, [*_runs(lines, run[1], run[2], "neuron")]) for run in layers]
    return _known[1]


def _runs(lines: Sequence[TraceLine], start: int, stop: int, level: str) -> Iterator[tuple[int | None, int, int]]:
    """Neighbouring lines of the same layer or neuron: (number, first, one past the last)."""
    for number, group in groupby(range(start, stop), key=lambda k: getattr(lines[k], level)):
        members = list(group)
        yield number, members[0], members[-1] + 1
