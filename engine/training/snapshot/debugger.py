"""Breakpoints, mistakes made on purpose, and where numbers stopped being finite, as the screen may see them. Must not
know runs.
"""

from __future__ import annotations

from ...records import record


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
