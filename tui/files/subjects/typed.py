"""Inputs that somebody typed for a model that has no other data: one sample. Must not know models."""

from __future__ import annotations

import math
from collections.abc import Mapping

from chainstep.datasets import DataError, Dataset


def typed_inputs(name: str, inputs: Mapping[str, float], outputs: object) -> Dataset:
    """A sample with a target of 0 for one output, or of the first of as many classes as there are outputs.

    Raises:
        DataError: there is no input, one is not finite, or `outputs` is no number of them.
    """
    if not inputs or not all(map(math.isfinite, inputs.values())):
        raise DataError("a model needs inputs, and finite ones")
    if type(outputs) is not int or not 1 <= outputs <= 10_000:
        raise DataError(f"a model cannot have {outputs!r} outputs")
    classes = tuple(f"class {number}" for number in range(1, outputs + 1)) if outputs > 1 else ()
    return Dataset(
        name=name,
        features=tuple(inputs),
        target="class" if classes else "y",
        classes=classes,
        train_inputs=(tuple(inputs.values()),),
        train_targets=(0.0,),
    )
