"""How well a network does on samples, as the screen may see it. Must not know how that is measured.

Classes have the confusion matrix with precision and recall, a quantity R² and the root of the mean square error in the
target's own units; beside each stands what is reached without learning.
"""

from __future__ import annotations

from typing import NamedTuple

from ....records import record


@record
class Scores:
    """Of n samples. What does not apply is None."""

    samples: int
    """n"""
    test: bool
    """They are test samples; else those that were trained on, where there are no others."""
    accuracy: float | None
    confusion: tuple[tuple[int, ...], ...] | None
    """For each class, a row: how many of its samples were decided for each class."""
    r2: float | None
    """1 − Σ(ŷ−y)² / Σ(y−ȳ)², ȳ the mean of these samples; None where all of them are the same."""
    rmse: float | None
    """√(Σ(ŷ−y)²/n), in the target's units."""
    baseline: float
    """The accuracy of always deciding for the largest class of the training part; of a quantity, the RMSE of always
    saying its mean.
    """

    @property
    def precision(self) -> tuple[float | None, ...]:
        """For each class, of the samples that were decided for it the share that belongs to it; None where none was."""
        columns = zip(*(self.confusion or ()), strict=True)
        return tuple(_share(column[k], sum(column)) for k, column in enumerate(columns))

    @property
    def recall(self) -> tuple[float | None, ...]:
        """For each class, of its samples the share that was decided for it; None where it has none."""
        return tuple(_share(row[k], sum(row)) for k, row in enumerate(self.confusion or ()))


class Residual(NamedTuple):
    """What a prediction leaves over of its target, in the target's units."""

    predicted: float
    left: float
    """y − ŷ"""
    test: bool


@record(eq=False)
class ScoresView:
    """The scores of both parts of the data under the parameters of one moment."""

    target: str
    """What the data calls it."""
    classes: tuple[str, ...]
    """Empty for a quantity."""
    parts: tuple[Scores, ...]
    """Of the test samples, where there are such, and of those that were trained on."""
    sizes: tuple[int, ...]
    """How many samples each part has in all: of very many, some are measured, evenly chosen."""
    residuals: tuple[Residual, ...]
    """Of a quantity; of very many an even choice."""
    usual: str
    """What is always said for the baseline: the largest class of the training part, or its mean."""


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
