"""What is said of one check. Knows words and numbers; must not know how they are found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ..records import record

Verdict = Literal["right", "wrong", "raises", "missing", "choice"]
"""`missing`, what an engine does not do, is no fault; a `choice` is where mathematics or habit leaves one."""

Kind = Literal[
    "assigned",
    "sign",
    "swapped",
    "reflected",
    "no-backward",
    "data-for-grad",
    "cut",
    "other-derivative",
    "integer",
    "clamped",
    "nan-lost",
    "order",
    "zeroing",
    "other",
]
"""The kind of mistake that gives just the numbers that an engine gave."""


@record
class Row:
    """One check of one engine, and its verdict."""

    check: str
    """Its name; unique in a report."""
    verdict: Verdict
    expression: str
    """The expression in Python, over the leaves `at`."""
    at: Mapping[str, float]
    """The leaves where it went wrong, or the first that were tried."""
    of: str = ""
    """What `got` and `want` are: "" for the value, a leaf's name for the gradient of that leaf."""
    got: float | str | None = None
    """What the engine gave; what it raised, in words. None where it is missing."""
    want: float | str | None = None
    kind: Kind | None = None
    """None unless the verdict is wrong."""
    line: int | None = None
    """The line of the engine's source where the mistake is."""
    why: str = ""
    """A sentence in a learner's terms."""

    @property
    def shown(self) -> str:
        """The quantity in question: `∂(a - b)/∂b at a=3.0, b=2.0`."""
        if not self.at:
            return self.expression
        quantity = f"∂({self.expression})/∂{self.of}" if self.of else self.expression
        return f"{quantity} at {', '.join(f'{name}={value!r}' for name, value in self.at.items())}"
