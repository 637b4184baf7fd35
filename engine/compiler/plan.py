"""What is compiled, and the numbers that a compiled function works on. Must not know how the source is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Protocol

from ..autograd.tape import Tape
from ..records import Caching, record
from .bounds import stays_finite
from .recognition import Network

LONGEST_LINE = 20_000
"""Ops of a sample up to which it becomes a straight line: making the bytecode of longer ones would take longer than
people wait.
"""

_LIMITS = (1e20, 1e5, 1e2, 1e1)
"""What is tried as a bound on the parameters. A wide network whose training explodes is far behind them for long, where
to skip nothing would take it ten times as long: there larger ones are tried before.
"""

Row = tuple[float, ...]
"""A sample: its inputs, its coded targets, and its weight where it has one."""

Piece = tuple[Sequence[Row], int, float | None]
"""Samples of a step, how many the step has in all, and its learning rate; None as long as more of them follow."""

Share = tuple[Sequence[int], int, float | None]
"""The same with the numbers of its samples in place of their rows."""

Train = Callable[["Numbers", Sequence[Piece], Sequence[float]], tuple[int, list[float], list[int]]]
"""(numbers, pieces, the optimiser's knobs) -> how many pieces were done, and the loss and the right decisions of each
step that they ended.
"""


class Assignment(Protocol):
    """One line of an optimiser."""

    @property
    def target(self) -> str: ...
    @property
    def formula(self) -> str: ...


@record(eq=False)
class Plan(Caching):
    """What to compile. Slots are those of the tape's memory; parameters have 0 … P−1."""

    tape: Tape
    parameters: range
    inputs: range
    targets: range
    """What a sample's outputs are compared with, and behind that its weight where it has one."""
    constants: Mapping[int, float]
    outputs: tuple[int, ...]
    root: int
    """The slot of a sample's own loss."""
    mean: bool
    l1: float
    l2: float
    lines: tuple[Assignment, ...]
    """The optimiser's assignments to p and its state, in terms of p, g, lr, t, its knobs and the state."""
    state: tuple[str, ...]
    knobs: tuple[str, ...]
    """What its formulas call its knobs."""
    functions: Mapping[str, object]
    """What those formulas may call."""
    classes: bool
    """Decisions are right or wrong."""
    threshold: float
    """With one output: above it, the class whose target is 1.0 is chosen."""
    largest: float
    """No input or target is larger, either side of 0; inf where one is not finite."""
    frozen: frozenset[int] = frozenset()
    """Parameters that updates leave alone."""
    network: Network | None = None
    """The dense layers that the tape was recognised as; None where it was not."""

    longest = LONGEST_LINE
    """That of this process, of which a network's tape is a straight line at most."""

    @cached_property
    def limit(self) -> float:
        """While no parameter is larger, either side of 0, every number of a sample's forward and backward is finite;
        0.0 where that cannot be told.
        """
        limits = (1e90, 1e60, 1e40, *_LIMITS) if self.layered else _LIMITS
        return next((theta for theta in limits if stays_finite(self, theta)), 0.0)

    @cached_property
    def layered(self) -> bool:
        """It becomes loops over layers: as a straight line it would be too long."""
        return self.network is not None and len(self.tape) > self.longest

    @cached_property
    def has_fast_variant(self) -> bool:
        """There is a fast variant beside the dense one."""
        return any(op.name == "relu" for op in self.tape.ops) and self.limit > 0.0

    def alike(self, other: Plan) -> bool:
        """Whether another plan is the very same arithmetic, so that what is compiled of one is that of the other: they
        differ in first numbers and samples at most, which are given to what is compiled.
        """
        one, two = self.tape, other.tape
        return one.program == two.program and one.scopes == two.scopes and self._told == other._told

    @cached_property
    def _told(self) -> str:
        """All but the tape, and what is made of that: as text, in which -0.0 is not 0.0."""
        names = (name for name in self.__match_args__ if name not in ("tape", "network", "functions", "lines"))
        return repr([[(line.target, line.formula) for line in self.lines], *(getattr(self, name) for name in names)])


class Numbers:
    """What a generated function reads and, on its return, has written: a session's numbers between two pieces."""

    __slots__ = ("begun", "gradients", "moments", "parameters", "previous", "t", "total", "wrong")

    def __init__(self, parameters: Sequence[float], moments: Sequence[Sequence[float]], t: int) -> None:
        self.parameters: Sequence[float] = tuple(parameters)
        self.previous: Sequence[float] = self.parameters
        """The parameters before the last update."""
        self.gradients: Sequence[float] = (0.0,) * len(self.parameters)
        """Of the last step's backward, or as far as the current one's has come."""
        self.moments: Sequence[Sequence[float]] = tuple(map(tuple, moments))
        """The optimiser's state variables."""
        self.t = t
        """The number of the next update, from 1."""
        self.begun = False
        """A step has begun whose rest is still to come."""
        self.total = 0.0
        """Its samples' losses so far."""
        self.wrong = 0
        """Its wrong decisions so far."""
