"""Samples as a network gets them: its inputs, and the numbers that its outputs are compared with. Must not know
networks.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain, islice

from ...autograd.ops.ieee import all_finite
from . import features
from .data import Coding, Divisible, Rows, TrainingData

Sample = tuple[tuple[float, ...], tuple[float, ...]]
"""Inputs and coded targets; behind these, where classes have one, the sample's weight."""

Samples = tuple[Sample, ...]

_AT_ONCE = 1_000
"""Samples of which the largest number is looked for at once."""


def coded(coding: Coding, inputs: Rows, targets: Sequence[float], selected: Sequence[str]) -> Samples:
    """The samples that n rows and their targets are, with the selected input features."""
    made = [features.expanded(row, selected) for row in inputs] if selected else inputs
    # A class is coded once: it has many samples.
    codes = {target: coding.encode(target) for target in set(targets)} if coding.classes else None
    code = codes.__getitem__ if codes else coding.encode
    return tuple([(row, code(target)) for row, target in zip(made, targets, strict=True)])


def held_out(coding: Coding, data: TrainingData, selected: Sequence[str]) -> Samples:
    """Those that are held out of training; none where the data has no such."""
    if not isinstance(data, Divisible):
        return ()
    return coded(coding, data.validation_inputs, data.validation_targets, selected)


def rows_of(samples: Iterable[Sample]) -> list[tuple[float, ...]]:
    """Samples as the compiled function takes them."""
    return [(*inputs, *targets) for inputs, targets in samples]


def largest(samples: Iterable[Sample]) -> float:
    """The largest magnitude in any sample; infinite where a number is not finite."""
    left, found = iter(samples), 0.0
    # A few at a time: a single call for all of them would hold up every other thread.
    while some := list(islice(left, _AT_ONCE)):
        numbers = array("d", chain.from_iterable(chain.from_iterable(some)))
        if not all_finite(numbers):
            return math.inf
        found = max(found, abs(min(numbers, default=0.0)), abs(max(numbers, default=0.0)))
    return found
