"""What a network makes of one sample of its data, to be written out. Must not know how that is computed."""

from __future__ import annotations

from typing import NamedTuple


class Predicted(NamedTuple):
    """A sample, in the target's own units or with the names of its classes."""

    part: str
    """`test`, `train`, or `validation` for those that are held out of training."""
    sample: int
    """Its number among those of the part, from 1."""
    target: float | str
    prediction: float | str
    probability: float | None
    """Of the class that is predicted; None where the outputs mean none."""
