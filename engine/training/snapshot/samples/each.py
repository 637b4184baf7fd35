"""What a network makes of each training sample, as the screen may see it. Must not know how that is computed."""

from __future__ import annotations

from ....records import record
from .prediction import Prediction


@record
class SampleView:
    """A training sample and what the network makes of it: k outputs."""

    row: int
    """Its index in the training data."""
    prediction: Prediction
    """Of the inputs as the network gets them."""
    targets: tuple[float, ...]
    """y: what the loss compares them with, k numbers."""
    target: float
    """As the data gives it: a class's index, or a number."""
    loss: float
    """Its own, without penalties."""
    in_batch: bool
    """The step in work takes it."""

    @property
    def right(self) -> bool | None:
        """Whether the class that is chosen is its own; None for regression."""
        decision = self.prediction.decision
        return None if decision is None else decision == self.target

    @property
    def probability(self) -> float | None:
        """That of the class that is chosen; None where there is none."""
        decision, shares = self.prediction.decision, self.prediction.probabilities
        return shares[decision] if shares and decision is not None else None


@record(eq=False)
class SamplesView:
    """Samples under the parameters of now: while a step goes on, ŷ is what its own forward pass makes or made of them,
    until its update begins.
    """

    rows: tuple[SampleView, ...]
    """Those that were asked for, in the data's order; all, where they are few."""
    count: int
    """Training samples in all."""
    in_hand: int | None
    """Row of the sample whose numbers are in the memory; None before there is one."""
    loss: float | None
    """Sum or mean of all samples' losses, as the objective has it, without penalties; None where they are too many to
    be computed for a picture.
    """
    mean: bool
    """It is the mean."""
    right: int | None
    """How many of all are decided rightly; None for regression, and where they are too many."""
    large: float
    """A loss from which on a sample counts as far off: 1 for classes; for regression that of an answer as far from the
    target as the targets are from their mean (root mean square).
    """
