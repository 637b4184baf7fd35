"""What the screen may see of a session as a debugger shows it: the listing, watches, breakpoints and faults. Immutable
numbers and names; must not know Values, tapes, the session or the screen.
"""

from __future__ import annotations

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
    grad: tuple[float, ...]
    leaf_data: tuple[tuple[float, ...], ...]
    """For each line, the numbers of its inputs."""
    leaf_grads: tuple[tuple[float, ...], ...]
    computed: int
    """How many lines, from the first, hold a number by now."""
    current: int
    """The line of the next op."""
    last: int | None
    """The line of the op that was run last, where it is one of these."""
    backward: bool
    """Whether the next op goes backwards through the listing."""


@record
class WatchView:
    """A value that is pinned."""

    name: str
    data: float | None
    """None where the tape holds no such value."""
    grad: float | None


@record
class BreakpointView:
    """A breakpoint in the list."""

    number: int
    text: str
    words: str
    """What it waits for, in a few words."""
    enabled: bool
    hits: int


@record
class MistakeView:
    """Something that is broken on purpose."""

    name: str
    label: str
    proof: str | None
    """What it does, in this moment's numbers; None where there are none yet."""


@record
class Link:
    """One value on the way to a fault."""

    expression: str
    data: float
    words: str
    """How it was made: `exp(800)`, `input`, `parameter`."""


@record
class Fault:
    """Where a run first left the finite numbers."""

    step: int
    phase: str
    scope: str
    expression: str
    inputs: tuple[tuple[str, float], ...]
    result: float
    op: int = 0
    """The op's number in its step."""
    chain: tuple[Link, ...] = ()
    """What fed it, nearest first: the way back along the largest numbers to a leaf."""
