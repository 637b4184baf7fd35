"""The graph behind a `backward()` of a user's own script, without its numbers. Knows ops; must not know moments, tapes
or how it was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from ...autograd.ops.table import GIVEN, OPS
from ...records import Caching, record

LARGEST = 500_000
"""Nodes of a graph, at most: the moons demo's have about 70,000."""

NOWHERE = -1
"""The place of what no line is known of."""


class RecordingError(ValueError):
    """What was recorded does not fit together; the message is one line."""


def showable(text: str) -> str:
    """The text with what would act on a terminal replaced; where lines end stays as it is."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in text)


@record
class Place:
    """A line of a script.

    Raises:
        RecordingError: its text cannot be shown.
    """

    line: int
    """From 1; in a notebook it counts within its cell."""
    text: str
    """What stands there, without the space around it."""
    cell: int | None = None
    """The notebook's cell, from 1; None in a script."""
    file: str = ""
    """The name of the file, where it is another than the script."""

    def __post_init__(self) -> None:
        if not (self.text.isprintable() and self.file.isprintable()):
            raise RecordingError("a line of a recording cannot be shown")

    @property
    def name(self) -> str:
        """`line 12`, `cell 3 line 2` or `engine.py line 12`."""
        where = self.file if self.cell is None else f"cell {self.cell}"
        return f"{where} line {self.line}".lstrip()

    @property
    def short(self) -> str:
        """`12`, `3:2` or `engine.py:12`."""
        where = self.file if self.cell is None else str(self.cell)
        return f"{where}:{self.line}".lstrip(":")


@record(eq=False)
class Graph(Caching):
    """n nodes, each after its inputs; the last one is that whose `backward()` was called, and all others lie behind it.

    They are best in the order in which the script made them, so that its lines come in order. `ops`, `inputs`, `names`
    and `places` have an entry a node.

    Raises:
        RecordingError: they do not fit together.
    """

    ops: Sequence[str]
    """Empty for a leaf; a name of `engine.autograd.ops.table › OPS` for an operation that we know; else its author's
    own name for it. A power by a plain number is `powc`, whose second input is a leaf with that number.
    """
    inputs: Sequence[tuple[int, ...]]
    """Numbers of the nodes that each was made of, in order; `a + a` has the same one twice."""
    names: Sequence[str]
    """The script's variable, or its author's label; empty for what has neither. `w[2]` is a name."""
    places: Sequence[int]
    """Which of the recording's places made it, or `NOWHERE`."""
    parameters: Sequence[int] = ()
    """The leaves that are trained, in order: those that the script gives new numbers. Where none are named, all leaves
    with a name are.
    """
    units: Sequence[int] = ()
    """For each node, which of `unit_names` made it; empty where that is not known. Unit 0 is the script itself."""
    unit_names: Sequence[tuple[int, str]] = ()
    """Calls of the script's modules: the number of the outermost call that it is in, and its name, `L1.n2`."""

    def __post_init__(self) -> None:
        n = len(self.ops)
        if not 0 < n <= LARGEST:
            raise RecordingError(f"a graph of {n} nodes cannot be opened: it may have up to {LARGEST}")
        if not len(self.inputs) == len(self.names) == len(self.places) == n:
            raise RecordingError("a graph has not as many inputs, names and places as ops")
        if self.units and (len(self.units) != n or any(not 0 <= unit < len(self.unit_names) for unit in self.units)):
            raise RecordingError("a graph has not a unit for every node")
        if not any(self.ops):
            raise RecordingError("backward() was called on a leaf: there is nothing to step through")
        for k, inputs in enumerate(self.inputs):
            if not all(0 <= each < k for each in inputs):
                raise RecordingError("a node of a graph stands before its inputs")
            if inputs and not self.ops[k]:
                raise RecordingError("a leaf of a graph has inputs")
        if not all(map(str.isprintable, (*self.names, *{*self.ops}, *(name for _, name in self.unit_names)))):
            raise RecordingError("a name in a graph cannot be shown")
        if any(not 0 <= p < n or self.ops[p] for p in self.parameters) or sorted({*self.parameters}) != [
            *self.parameters
        ]:
            raise RecordingError("the parameters of a graph are not leaves of it, in order")

    def __len__(self) -> int:
        return len(self.ops)

    def known(self, node: int) -> bool:
        """Whether a node is an operation that we know."""
        op = OPS.get(self.ops[node])
        return op is not None and op is not GIVEN and len(self.inputs[node]) == op.arity

    @cached_property
    def opaque(self) -> tuple[int, ...]:
        """Nodes that are operations which we do not know."""
        return tuple(k for k, op in enumerate(self.ops) if op and not self.known(k))

    @cached_property
    def leaves(self) -> tuple[int, ...]:
        """Nodes that no operation made."""
        return tuple(k for k, op in enumerate(self.ops) if not op)

    @cached_property
    def given(self) -> tuple[int, ...]:
        """Nodes whose numbers we have to be told: leaves and opaque ones, in order."""
        return tuple(sorted((*self.leaves, *self.opaque)))

    @cached_property
    def taken(self) -> tuple[int, ...]:
        """Nodes whose gradient passes through an opaque one, so that it has to be told as well; in order."""
        return tuple(sorted({each for k in self.opaque for each in self.inputs[k]}))

    @cached_property
    def trained(self) -> tuple[int, ...]:
        """The parameters; where none are named, the leaves with a name, and where there are none either, all leaves."""
        named = tuple(k for k in self.leaves if self.names[k])
        return tuple(self.parameters) or named or self.leaves
