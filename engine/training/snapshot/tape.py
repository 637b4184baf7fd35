"""A tape as the screen may see it: its listing, its graph, what is watched of it, and its ops as code. Must not know
Values or tapes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from ...records import record


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


class Gathered(Sequence[tuple[float, ...]]):
    """Rows of numbers that are put together where one is asked for: `numbers` are nobody else's."""

    def __init__(self, numbers: Sequence[float], places: Sequence[tuple[int, ...]]) -> None:
        self._numbers = numbers
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, row: Any) -> Any:
        return tuple([self._numbers[place] for place in self._places[row]])


@record(eq=False)
class TraceView:
    """The tape that the next op belongs to, as a listing, with the numbers that its memory holds."""

    section: str
    """`sample`, `batch` or `parameters`."""
    sample: int | None
    """Number in its batch, from 1, of the sample whose tape it is."""
    samples: int
    lines: tuple[TraceLine, ...]
    """The same object as long as the listing is the same."""
    data: tuple[float, ...]
    """The number of each line's result."""
    grad: tuple[float, ...]
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
    fired: tuple[int, ...] = ()
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
