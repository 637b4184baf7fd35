"""What was recorded of a script: its moments, each with its numbers, and which of them form a run. Knows graphs; must
not know tapes, how it was read, or how it is kept.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from ...records import Caching, record
from .graph import NOWHERE, Graph, Place, RecordingError, showable

_FEW = 99
"""Units in the last place that are counted; of more, the digits are told that they leave."""

_DIGITS = 16
"""Of a double."""

_FEWEST = 9
"""Digits that are told: where fewer are the same, two numbers cancel, and what is left is rounding."""


@record(eq=False)
class Sparse(Caching):
    """Numbers of some nodes.

    Raises:
        RecordingError: the nodes are not in order, or have not a number each.
    """

    nodes: array[int]
    """In order."""
    numbers: array[float]

    def __post_init__(self) -> None:
        if len(self.nodes) != len(self.numbers) or any(
            a >= b for a, b in zip(self.nodes[:-1], self.nodes[1:], strict=True)
        ):
            raise RecordingError("numbers that were recorded do not belong to nodes in order")

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, float]]) -> Sparse:
        """Those of (node, number), in order."""
        rows = list(pairs)
        return cls(array("i", [node for node, _ in rows]), array("d", [number for _, number in rows]))

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[tuple[int, float]]:
        return zip(self.nodes, self.numbers, strict=True)

    @cached_property
    def by_node(self) -> dict[int, float]:
        """The number of each of these nodes."""
        return dict(self)


@record(eq=False)
class Moment:
    """One `backward()`: the numbers that we have to be told, and those of the own class that are not ours."""

    graph: int
    """Which of the recording's graphs."""
    place: int
    """Where `backward()` was called."""
    loss: float
    """The number of the last node, as the own class has it."""
    given: array[float]
    """Of each of the graph's `given` nodes."""
    before: Sparse
    """Gradients that were not 0 before `backward()`."""
    taken: array[float]
    """The gradient of each of the graph's `taken` nodes after it."""
    data: Sparse
    """Where the own class computed another number than ours."""
    grad: Sparse
    """Where its gradient is another after `backward()`."""
    rounded: int = 0
    """Numbers and gradients that differ in their last digits alone: these are shown as ours."""
    ulps: float = 0.0
    """By how many units in the last place at most."""
    compared: bool = True
    """Its own numbers were recorded; of one of very many there may be its leaves alone."""

    @property
    def differs(self) -> int:
        """Nodes with another number or gradient than ours."""
        return len({*self.data.nodes, *self.grad.nodes})

    @property
    def agreement(self) -> str:
        """How the own numbers stand to ours, in a few words."""
        if not self.compared:
            return "not recorded: all are ours"
        if self.differs:
            return f"{self.differs} node{'s' * (self.differs != 1)} differ{'s' * (self.differs == 1)}"
        if not self.rounded:
            return "right to the bit"
        if self.ulps <= _FEW:
            return f"right within {max(1, math.ceil(self.ulps))} ulp"
        digits = _DIGITS - math.ceil(math.log10(self.ulps))
        return f"right to {digits} digits" if digits >= _FEWEST else "right but for rounding"


@record(eq=False)
class Recording:
    """A script's moments, in the order in which they came.

    Raises:
        RecordingError: its parts do not fit together.
    """

    name: str
    """What to call the script: `demo.py`."""
    places: Sequence[Place]
    graphs: Sequence[Graph]
    moments: Sequence[Moment]
    finals: Sequence[array[float] | None]
    """For each graph, what its trained leaves were left with when the script ended; None where that is not known."""
    output: str = ""
    """What the script printed."""
    ended: str = ""
    """How it ended, in a few words, where that was not at its end: `interrupted`, `NameError: … (line 12)`."""

    def __post_init__(self) -> None:
        if not self.moments:
            raise RecordingError("no backward() was recorded")
        if not self.name.isprintable() or showable(self.output) != self.output or not self.ended.isprintable():
            raise RecordingError("a text of a recording cannot be shown")
        if len(self.finals) != len(self.graphs):
            raise RecordingError("a recording has not one last state for every graph")
        for graph, final in zip(self.graphs, self.finals, strict=True):
            if final is not None and len(final) != len(graph.trained):
                raise RecordingError("a recording's last numbers are not those of its parameters")
            if any(not NOWHERE <= place < len(self.places) for place in graph.places):
                raise RecordingError("a recording has no such place")
        for moment in self.moments:
            self._look_at(moment)

    def _look_at(self, moment: Moment) -> None:
        if not 0 <= moment.graph < len(self.graphs) or not NOWHERE <= moment.place < len(self.places):
            raise RecordingError("a moment is of no graph, or of no line")
        graph = self.graphs[moment.graph]
        if len(moment.given) != len(graph.given) or len(moment.taken) != len(graph.taken):
            raise RecordingError("a moment has not the numbers of its graph")
        for sparse in (moment.before, moment.data, moment.grad):
            if len(sparse) and not 0 <= sparse.nodes[0] <= sparse.nodes[-1] < len(graph):
                raise RecordingError("a moment has numbers of no node")

    def runs(self) -> list[tuple[int, ...]]:
        """The moments that form a run, by their numbers: those of one graph whose `backward()` stands at one line, as a
        training loop makes them.
        """
        found: dict[tuple[int, int], list[int]] = {}
        for number, moment in enumerate(self.moments):
            found.setdefault((moment.graph, moment.place), []).append(number)
        return [tuple(run) for run in found.values()]

    def run_of(self, number: int) -> tuple[int, ...]:
        """The run that a moment is of."""
        return next(run for run in self.runs() if number in run)

    def place(self, index: int) -> Place | None:
        """A line of the script; None for `NOWHERE`."""
        return None if index == NOWHERE else self.places[index]
