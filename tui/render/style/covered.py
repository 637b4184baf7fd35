"""Covered: a number that is not to be read, since it is asked for. Must not know who asks."""

from __future__ import annotations

ASKED = "?"
"""What stands in its place."""


class Covered(float):
    """A number that every picture draws as a question mark. What is computed of it is as if it were seen."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        width = "".join(character for character in spec.partition(".")[0] if character.isdigit())
        return ASKED.rjust(int(width or 0))

    def __str__(self) -> str:
        return ASKED

    __repr__ = __str__

    def __abs__(self) -> Covered:
        return self

    def __neg__(self) -> Covered:
        return self
