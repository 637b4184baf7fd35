"""R², the share of the targets' variance that predictions explain. Knows numbers; must not know what they are of."""

from __future__ import annotations

import math
from collections.abc import Sequence


def squared_error(targets: Sequence[float], predicted: Sequence[float]) -> float:
    """Σ(ŷ−y)² of n targets and as many predictions."""
    return sum((y - target) * (y - target) for y, target in zip(predicted, targets, strict=True))


def determination(targets: Sequence[float], error: float) -> float | None:
    """1 − Σ(ŷ−y)² / Σ(y−ȳ)² of n >= 1 targets, given their squared error; None where all of them are the same, or too
    large for a square.
    """
    mean = math.fsum(targets) / len(targets)
    spread = sum((target - mean) * (target - mean) for target in targets)
    return 1.0 - error / spread if spread and math.isfinite(spread) else None
