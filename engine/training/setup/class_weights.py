"""What the samples of each class weigh in the loss, so that a rare class counts as much as a common one. Knows how many
of each there are; must not know samples.
"""

from __future__ import annotations

from collections.abc import Sequence

_RARE = 0.5
"""A class is rare with less than this of the share that it would have if all had the same."""


def balanced(counts: Sequence[int]) -> tuple[float, ...]:
    """n / (k·n_c) for each class, where n samples fall into k classes: "balanced", as scikit-learn defines it. All
    samples together weigh n. A class without a sample is none of the k, and weighs 1.
    """
    n, k = sum(counts), sum(count > 0 for count in counts)
    return tuple(n / (k * count) if count else 1.0 for count in counts)


def rarest(counts: Sequence[int]) -> int | None:
    """The class with the fewest samples, if it is rare: with less than half of an equal share. A class without a sample
    is none. None where no class is rare.
    """
    present = [place for place, count in enumerate(counts) if count]
    least = min(present, key=counts.__getitem__, default=None)
    if least is None or counts[least] >= _RARE * sum(counts) / len(present):
        return None
    return least
