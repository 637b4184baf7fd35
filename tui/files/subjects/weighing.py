"""What class weights would come to on a table, and whether one of its classes is rare. Must not know who tells it."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from chainstep.datasets.blocks import in_blocks
from chainstep.datasets.dataset import Dataset
from chainstep.engine.training.setup.class_weights import balanced, rarest


class Weighing(NamedTuple):
    """The k classes of a training part. What is held out of it for validation later changes their weights by little."""

    counts: tuple[int, ...]
    """Samples of each."""
    weights: tuple[float, ...]
    """What a sample of each would weigh."""
    rarest: int | None
    """The one that is rare; None where none is."""


def weighing(data: Dataset) -> Weighing | None:
    """None where there are no classes."""
    if not data.classes:
        return None
    found = Counter(in_blocks(data.train_targets))
    counts = [found[float(place)] for place in range(len(data.classes))]
    return Weighing(tuple(counts), balanced(counts), rarest(counts))
