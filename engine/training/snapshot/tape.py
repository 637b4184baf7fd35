"""A tape as the screen may see it: its listing, its graph, what is watched of it, and its ops as code. Must not know
Values or tapes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from itertools import groupby
from typing import Any

from ...records import record

Place = tuple[int | None, int | None]
"""A scope: layer and neuron; a layer has no neuron, and the sample's own loss has neither."""

Stretch = tuple[int | None, int, int]
"""A number of a layer or a neuron, the first line that has it and one past the last."""

MANY = 500
"""Lines of a listing from which on its numbers are put together where they are looked at."""

_KEPT = 4_096
"""Lines that are kept once they are made."""


@record
class TraceLine:
    """One op of a listing."""

    layer: int | None
    neuron: int | None
    name: str
    """What the result is called: a label, or its formula. Watches and searches go by it."""
    formula: str
    symbol: str
    """The op's sign; empty for the ops on a parameter."""
    inputs: tuple[int | None, ...]
    """Lines of its inputs; None for a leaf."""
    leaves: tuple[str, ...]
    """Names of its inputs."""
    kinds: tuple[str, ...]
    """What each input is: see `NodeView.kind`."""
    place: str = ""
    """Where a script has it: `12`, `3:2` in a notebook."""
    source: str = ""
    """What stands there."""
    column: str = ""
    """What somebody's own table calls the input that it reads, or whose weight it is about."""
    opaque: bool = False
    """An operation of the script that is unknown here: its number is told, and it cannot be stepped into."""


@record(eq=False)
class RightView:
    """What is right where numbers of a `TraceView` are not: a script's own class has them, or backward was fired out of
    turn.
    """

    differs: tuple[bool, bool]
    """Whether there are such data, and such grads, be they computed yet or not."""
    data: Mapping[int, float]
    """By line."""
    grad: Mapping[int, float]
    leaves: frozenset[str]
    """Names of leaves whose gradients are not right."""
    wrong: int | None
    """The line with whose op the numbers first leave what is right."""


class Lines(Sequence[TraceLine]):
    """The lines of a listing. A wide network has hundreds of thousands, of which few are seen: each is made where it is
    asked for. `scopes` are their layers and neurons; what each reads is known without making it: `sources` are the
    lines of its inputs, None for a leaf.
    """

    def __init__(
        self,
        scopes: Sequence[Place],
        make: Callable[[int], TraceLine],
        sources: Callable[[int], tuple[int | None, ...]],
    ) -> None:
        self.scopes = scopes
        self.sources = sources
        self._make = make
        self._made: dict[int, TraceLine] = {}

    def __len__(self) -> int:
        return len(self.scopes)

    def __getitem__(self, line: Any) -> Any:
        if isinstance(line, slice):
            return tuple([self[k] for k in range(*line.indices(len(self)))])
        line = range(len(self))[line]
        if line not in self._made:
            if len(self._made) >= _KEPT:
                self._made.clear()
            self._made[line] = self._make(line)
        return self._made[line]

    @cached_property
    def layers(self) -> list[tuple[int | None, int, int, list[Stretch]]]:
        """Neighbouring lines of the same layer, and in each those of the same neuron."""
        runs, start = [], 0
        for place, group in groupby(self.scopes):
            stop = start + len([*group])
            runs.append((*place, start, stop))
            start = stop
        found: list[tuple[int | None, int, int, list[Stretch]]] = []
        for layer, same in groupby(runs, key=lambda run: run[0]):
            inner: list[Stretch] = [run[1:] for run in same]
            found.append((layer, inner[0][1], inner[-1][2], inner))
        return found

    def of(self, place: Place) -> range:
        """The lines of a neuron that stand side by side."""
        layer, neuron = place
        stretches = (each for known, _, _, inner in self.layers if known == layer for each in inner)
        return next((range(first, stop) for number, first, stop in stretches if number == neuron), range(0))

    def around(self, line: int) -> range:
        """The lines of the same neuron that a line stands among."""
        inner = next(inner for _, _, stop, inner in self.layers if line < stop)
        return next(range(first, stop) for _, first, stop in inner if line < stop)

    def readers(self, line: int) -> list[int]:
        """The lines that read the result of one."""
        return [k for k in range(line + 1, len(self)) if line in self.sources(k)]


class Window(Sequence[float]):
    """Numbers of a memory that is nobody else's, side by side from one place on."""

    def __init__(self, numbers: Sequence[float], places: range) -> None:
        self._numbers = numbers
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return tuple([self._numbers[each] for each in self._places[place]])
        return self._numbers[self._places[place]]


class Gathered(Sequence[tuple[float, ...]]):
    """`count` rows of numbers that are put together where one is asked for: `numbers` are nobody else's, and `places`
    says where those of a row are.
    """

    def __init__(self, numbers: Sequence[float], count: int, places: Callable[[int], tuple[int, ...]]) -> None:
        self._numbers = numbers
        self._count = count
        self._places = places

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return tuple([self[each] for each in range(*row.indices(len(self)))])
        return tuple([self._numbers[place] for place in self._places(range(self._count)[row])])


@record(eq=False)
class TraceView:
    """The tape that the next op belongs to, as a listing, with the numbers that its memory holds."""

    section: str
    """`sample`, `batch` or `parameters`."""
    sample: int | None
    """Number in its batch, from 1, of the sample whose tape it is."""
    samples: int
    lines: Lines
    """The same object as long as the listing is the same."""
    data: Sequence[float]
    """The number of each line's result."""
    grad: Sequence[float]
    leaf_data: Sequence[tuple[float, ...]]
    """For each line, the numbers of its inputs."""
    leaf_grads: Sequence[tuple[float, ...]]
    computed: int
    """How many lines, from the first, hold a number by now."""
    current: int
    """The line of the next op."""
    last: int | None
    """The line of the op that was run last, where it is one of these."""
    backward: bool
    """Whether the next op goes backwards through the listing."""
    last_backward: bool
    """Whether the last one went backwards."""
    row: int | None
    """The sample's index in the training data."""
    inputs: tuple[str, ...]
    """Names of the leaves that hold the sample's inputs, in their order."""
    target: str | None
    """Name of the leaf that holds its target; None where there is not exactly one."""
    old_grads: range = range(0)
    """Parameters whose gradients are of before the last update."""
    right: RightView | None = None
    """Where numbers are not right, of a script or of an order of one's own."""
    fired: Sequence[int] = ()
    """The lines that backward has fired by now, in their order; none where the next op is not of backward."""
    headings: Mapping[tuple[int | None, int | None], str] = field(default_factory=dict)
    """What a script's groups of ops are called, by layer and neuron; empty where they are layers and neurons."""
    places: int = 0
    """Letters of the longest place of a line in a script."""
    ended: bool = False
    """There is no next op: a script's last moment is over."""


@record
class WatchView:
    """A value that is pinned."""

    name: str
    data: float | None
    """None where the tape holds no such value."""
    grad: float | None
    right_data: float | None = None
    """What is right, where a script's own class has another number."""
    right_grad: float | None = None


@record(eq=False)
class NodeView:
    """One node of an expression."""

    name: str
    op: str
    """The op's symbol; empty for a leaf."""
    inputs: tuple[int, ...]
    """Indices of its inputs in the same listing."""
    data: float
    grad: float
    computed: bool
    """False until its op has been run: before that it holds nothing to show."""
    kind: str = "op"
    """`op`, `parameter`, `input`, `target`; or `constant`, a number of the expression itself, which has no gradient."""
    old: bool = False
    """Its number is of before the last update, which changed what it depends on."""
    old_grad: bool = False
    """Its gradient is of before the last update."""
    wrong: bool = False
    """A script's own class has this number, which is not right."""
    wrong_grad: bool = False
    """A script's own class has this gradient, which is not right."""


@record(eq=False)
class GraphView:
    """An expression's nodes in topological order; the last one is its value."""

    nodes: tuple[NodeView, ...]
    lit: int | None
    """The node that the last op wrote or differentiated."""
    backward: bool
    """Whether that op was one of backward."""
    coming: int | None = None
    """The node that the next op will write or differentiate."""
    coming_backward: bool = False


@record
class CodePlace:
    """Where an op is, in code."""

    phase: str
    what: str = ""
    """Of a network's forward `multiply`, `add`, `bias` or `activate`, of backward `seed` or `pass`."""
    line: int = 0
    """Of an expression's forward, the step that it is part of, from 0."""
    again: bool = False
    """It is of a second backward."""


@record
class CodeView:
    """What is trained, in the terms of its code."""

    sizes: tuple[int, ...]
    """Inputs, then the neurons of each layer; empty for an expression."""
    activations: tuple[str, ...]
    """Of the hidden layers, and of the last one."""
    leaves: tuple[tuple[str, float], ...]
    """Of an expression: names, and what they are now."""
    steps: tuple[tuple[str, str], ...]
    """Of an expression: each step's name, empty for a value without one, and its formula."""
    done: CodePlace | None
    """Where the op is that was run last."""
    coming: CodePlace | None
    """Where the next one is; None where there is none."""
