"""Predictions beside what they should be, as the screen may see them. Must not know Values or tapes."""

from __future__ import annotations

from typing import NamedTuple

from ....records import record


class FitPoint(NamedTuple):
    """A sample, in the target's units."""

    actual: float
    predicted: float
    test: bool


@record(eq=False)
class FitView:
    """What a network makes of samples whose target is a number, with the parameters that it had at one moment."""

    target: str
    """What the data calls it."""
    points: tuple[FitPoint, ...]
    """Training samples, then test samples; of very many an even choice."""
    train_size: int
    test_size: int
    """How many there are in all."""
    train_r2: float | None
    test_r2: float | None
    """1 − Σ(y−ŷ)² / Σ(y−ȳ)² of the points; None where that is no number, as where all y are the same."""

    @property
    def shown(self) -> tuple[int, int]:
        """How many training and test samples are among the points."""
        tests = sum(point.test for point in self.points)
        return len(self.points) - tests, tests
