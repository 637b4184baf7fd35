"""Where the nodes and the wires of an expression's graph lie, in whole numbers. Must not know cells, colours or names.

Every value that is still needed has a lane, a row of its own, so two wires can cross but never lie on one another.
An op takes over the lane of an input that nobody needs after it. Its inputs meet on a vertical wire of its own, the
left one above the right one, as they are read, wherever the wires allow it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from chainstep.engine.records import record

_PASSES = 4
"""Times that all lanes are moved towards their neighbours; small graphs settle in two or three."""

_TURNED = 1000
"""What an op whose right input stands above its left one costs, in rows of wire."""

Shape = tuple[tuple[int, ...], ...]
"""The inputs of each node: all that the layout depends on."""


@record(eq=False)
class Layout:
    """Where everything lies, counted in lanes (rows), layers and tracks (vertical wires left of a layer)."""

    layer: list[int]
    lane: list[int]
    """Row of each node."""
    loop: list[int | None]
    """Row of the second wire of `a + a`."""
    track: list[int | None]
    """Vertical wire of each node, counted within the gap before its layer; None where a straight wire does."""
    tracks: list[int]
    """Vertical wires before each layer."""
    rows: int

    def starts(self, widths: list[int], gap: int) -> list[int]:
        """First column of each layer's labels, and behind the last its end. `widths`: cells of each node's label."""
        starts = []
        x = 0
        for layer, tracks in enumerate(self.tracks):
            x += tracks + gap if layer else 0
            starts.append(x)
            x += max(width for node, width in enumerate(widths) if self.layer[node] == layer)
        return [*starts, x]


@lru_cache(maxsize=16)
def layout(shape: Shape) -> Layout:
    """Layers by the longest path, lanes by the reading order of the inputs and then by the shortest wires."""
    layers: list[int] = []
    for inputs in shape:
        layers.append(1 + max((layers[k] for k in inputs), default=-1))
    lanes = _Lanes(shape, layers, lower=True)
    cost, rows = _rows(lanes)
    if cost >= _TURNED:
        others = _Lanes(shape, layers, lower=False)
        lower_cost, other_rows = _rows(others)
        if lower_cost < cost:
            lanes, rows = others, other_rows
    lane = [rows[lanes.of[node]] for node in range(len(shape))]
    loop = [rows[lanes.loops[node]] if node in lanes.loops else None for node in range(len(shape))]
    return Layout(layers, lane, loop, *_tracks(shape, layers, lane, loop), len(rows))


class _Lanes:
    """Which lane each node lies in, in the order in which lanes are opened, and what says where lanes are to be."""

    def __init__(self, shape: Shape, layers: Sequence[int], *, lower: bool) -> None:
        """`lower`: an op takes over the lane of its right input rather than that of its left one."""
        self._lower = lower
        self.of: dict[int, int] = {}
        self.loops: dict[int, int] = {}
        """The lane of the second wire of `a + a`, by its node."""
        self.near: list[int | None] = []
        """The lane that each came from."""
        self.ties: list[tuple[int, ...]] = []
        """Lanes that are joined by a vertical wire."""
        self.pairs: list[tuple[int, int]] = []
        """The lanes of an op's two inputs: the first is to be above."""
        for leaf in _leaves(shape):
            self.of[leaf] = self._open(None)
        # Drawing order: an op is drawn after the ops of earlier layers, and so it may end the lanes of its inputs.
        order = sorted((node for node, inputs in enumerate(shape) if inputs), key=lambda node: (layers[node], node))
        last = {k: node for node in order for k in shape[node]}
        for node in order:
            self._join(node, shape[node], [k for k in shape[node] if last[k] == node])

    def _open(self, near: int | None) -> int:
        self.near.append(near)
        return len(self.near) - 1

    def _join(self, node: int, inputs: tuple[int, ...], ended: list[int]) -> None:
        """Lead the lanes of an op's inputs to its own, which is that of an input whose lane has ended or a new one."""
        source = self.of[inputs[0]]
        self.of[node] = self.of[ended[-1 if self._lower else 0]] if ended else self._open(source)
        if len(inputs) == 2 and inputs[0] == inputs[1]:
            self.loops[node] = self._open(source)
            self.ties.append((self.loops[node], source, source))
        self.ties.append((self.of[node], *(self.of[k] for k in inputs)))
        if len(inputs) == 2 and inputs[0] != inputs[1]:
            self.pairs.append((source, self.of[inputs[1]]))

    def places(self, lane: int, order: Sequence[int]) -> list[int]:
        """Where a lane could be put into an order of the others: next to what it is joined to, since nothing is gained
        elsewhere.
        """
        joined = {other for tie in self.ties if lane in tie for other in tie}
        return sorted({k + side for k, other in enumerate(order) if other in joined for side in (0, 1)})


def _leaves(shape: Shape) -> Iterator[int]:
    """The leaves in the order in which the expression names them, which keeps the wires of a tree from crossing."""
    seen: set[int] = set()
    stack = list(range(len(shape)))
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if shape[node]:
            stack += reversed(shape[node])
        else:
            yield node


def _rows(lanes: _Lanes) -> tuple[int, list[int]]:
    """What the order costs, and the row of each lane: as they were opened, new ones beside the lane they came from,
    then improved by moving single lanes to wherever that turns the fewest inputs round, and the vertical wires become
    shortest; short wires cross the least. Leaves stay about where the expression has them.
    """
    order: list[int] = []
    for lane, source in enumerate(lanes.near):
        order.insert(len(order) if source is None else order.index(source) + 1, lane)
    read = list(order)

    def cost(order: list[int]) -> int:
        row = [0] * len(order)
        for k, lane in enumerate(order):
            row[lane] = k
        turned = sum(row[above] > row[below] for above, below in lanes.pairs)
        places = [[row[lane] for lane in tie] for tie in lanes.ties]
        moved = sum(abs(row[lane] - k) for k, lane in enumerate(read))
        return _TURNED * turned + moved + sum(max(rows) - min(rows) for rows in places)

    best = cost(order)
    for _ in range(_PASSES):
        before = best
        for lane in list(order):
            rest = [other for other in order if other != lane]
            for k in lanes.places(lane, rest):
                tried = [*rest[:k], lane, *rest[k:]]
                if (now := cost(tried)) < best:
                    best, order = now, tried
        if best == before:
            break
    return best, [order.index(lane) for lane in range(len(order))]


def _tracks(
    shape: Shape, layers: Sequence[int], lane: Sequence[int], loop: Sequence[int | None]
) -> tuple[list[int | None], list[int]]:
    """The vertical wire of each node, and how many there are before each layer: those that share no row share one."""
    track: list[int | None] = []
    tracks: list[list[list[tuple[int, int]]]] = [[] for _ in range(max(layers) + 1)]
    """For each vertical wire before a layer, the rows that it takes."""
    for node, inputs in enumerate(shape):
        rows = [lane[node], *(lane[k] for k in inputs)]
        below = loop[node]
        if not inputs or (below is None and len(set(rows)) == 1):
            track.append(None)
            continue
        before = tracks[layers[node]]
        if below is not None:  # it leads down on one wire and up on another, with a blank between them
            track.append(len(before))
            before += [[(0, len(lane))] for _ in range(3)]
            continue
        span = min(rows), max(rows)
        place = next((k for k, spans in enumerate(before) if all(_apart(span, other) for other in spans)), len(before))
        if place == len(before):
            before.append([])
        before[place].append(span)
        track.append(place)
    return track, [len(before) for before in tracks]


def _apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[1] < other[0] or other[1] < one[0]
