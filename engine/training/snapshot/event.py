"""One op as the screen may see it: the rule in symbols, and the numbers that it read and wrote. Must not know Values or
tapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ...records import record


@record(eq=False)
class Assignment:
    """One number that an op wrote: `target operator formula`, in symbols and in this step's values."""

    target: str
    """What was written: `x0*w0`, `w0.grad`, `L1.n1.w0`."""
    operator: str
    """`=`, `+=` or `←`."""
    symbols: str
    """The rule in general: `∂(x0*w0)/∂w0 · (x0*w0).grad`."""
    formula: str
    """The rule worked out, with `{name}` where a value goes: `{b} · {g}`."""
    names: Mapping[str, str]
    """What to print for each `{name}` as a symbol."""
    values: Mapping[str, float]
    """The number of each `{name}`."""
    before: float | None
    """None where there was no number yet."""
    after: float
    own: float | None = None
    """What a script's own class wrote, where that is another number."""
    own_values: Mapping[str, float] | None = None
    """With its own number of each `{name}`, then."""


@record(eq=False)
class Event:
    """One op, which was run last or comes next."""

    phase: str
    scope: str
    expression: str
    """The op as text: `x0*w0`, `tanh(x0*w0 + b)`, `update L1.n1.w0`."""
    op: str
    """Name of the op's row in the table of operations; empty for zero_grad and update."""
    words: str
    """What it does, in a sentence or two: forward what it means there, backward its chain rule. `{name}` stands for one
    of its numbers.
    """
    assignments: tuple[Assignment, ...]
    numbers: Mapping[str, float] = field(default_factory=dict)
    """The number of each `{name}` in the words."""
    place: str = ""
    """Where a script has the op: `line 12`."""
    source: str = ""
    """What stands there."""
    fed: str = ""
    """What an input that it reads, or whose weight it writes, is in the data's own table, in a sentence."""
