"""What a network makes of one input, as the screen may see it. Must not know samples, nor how it is computed."""

from __future__ import annotations

from ....records import record


@record
class Prediction:
    """What the network makes of one input: d numbers in, k out."""

    inputs: tuple[float, ...]
    sums: tuple[float, ...]
    """The last layer before its activation."""
    outputs: tuple[float, ...]
    decision: int | None
    """Index of the class that is chosen; None for regression."""
    probabilities: tuple[float, ...]
    """One a class, where the loss makes them of the outputs; else none."""
