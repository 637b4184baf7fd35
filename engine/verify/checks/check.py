"""What a check is: an expression, and where it is tried. Knows text and numbers; must not know engines."""

from __future__ import annotations

from collections.abc import Mapping

from ...records import record

Point = Mapping[str, float]


@record(eq=False)
class Check:
    """One expression, tried at some points."""

    name: str
    text: str
    points: tuple[Point, ...]
    repeats: int = 1
    """How many times it is tried: where the inputs of an op are kept in a set, their order changes."""
    plain: bool = False
    """It is the op alone."""
    of_value: bool = False
    """Its value alone is judged."""
    numbers: tuple[float, ...] = ()
    """The plain numbers among its inputs."""


@record(eq=False)
class Stage:
    """The checks of one op: what is wrong with it has to explain them all."""

    op: str
    """Its name in the table of ops, `rsub` and the like if it is reflected; "" where several play together."""
    checks: tuple[Check, ...]
    optional: bool = False
    """Nobody expects it: left out where it is missing."""
