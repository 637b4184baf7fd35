"""Where a native function finds its numbers: the fields of its frame. Must not know what it does with them."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from .code import LANES, Function

FIELDS = (
    "parameters",
    "gradients",
    "previous",
    "moments",
    "rows",
    "targets",
    "order",
    "counts",
    "starts",
    "offsets",
    "ends",
    "sizes",
    "rates",
    "knobs",
    "totals",
    "begun",
    "losses",
    "rights",
    "accuracies",
    "frozen",
    "scratch",
    "marks",
    "last",
    "watched",
    "traces",
    "pieces",
    "fixed",
    "bounded",
    "due",
    "spacing",
    "each",
    "turning",
    "updates",
    "watching",
    "batch",
    "samples",
    "cursor",
)
"""Whole numbers of 64 bits, addresses but for the last twelve.

parameters, gradients, previous: P doubles each; moments: those of the optimiser's state variables one behind the other.
All of these lie one behind the other.
rows: a sample's inputs, a 1.0, and what fills up its `stride`; targets: its targets and its weight.
order: samples by their numbers. Of each of the `pieces` of work: counts, how many samples; starts, the first of them
where they lie side by side, or else -1 and in offsets its place in order; ends, whether it ends a step; sizes, the
samples of the step as a double. each: 1, or 0 where all pieces are alike and have one number in these.
batch: where it is not 0, the pieces are batches of so many of the `samples` of an epoch, from its place `cursor` on and
then of the next epochs; they lie side by side in order.
rates: the learning rate of each piece's update; turning: 1, or 0 where all have the first one. knobs: the optimiser's;
updates: the number of the first update.
totals: the losses' sum so far; begun: whether a step has begun, and its wrong decisions so far.
losses, rights, accuracies: of each step that was ended; the last are fractions. frozen: `fixed` numbers of parameters
that stay. scratch: the function's own. bounded: whether it stops before a step whose parameters are behind the plan's
limit. marks: copies of all the numbers, one behind the other: behind `due` steps, and behind `spacing` more each.
last: the state of the optimiser for the last parameter before its last update. watched: numbers of parameters, so many
as it is `watching`; traces: behind each step data and gradient of each of those.
"""

WHOLE = FIELDS[FIELDS.index("pieces") :]
"""Those that are no addresses."""


def read(code: Function, names: Sequence[str], whole: Sequence[str]) -> dict[str, str]:
    """What a function finds in the fields of its %frame, by their names: addresses, or whole numbers."""
    fields = {name: code.at("%frame", place, "i64") for place, name in enumerate(names)}
    return {name: code.load(field, "i64" if name in whole else "ptr") for name, field in fields.items()}


def address(numbers: array[float] | array[int]) -> int:
    """Where numbers are, as long as none are added."""
    return numbers.buffer_info()[0]


def aligned(numbers: array[float]) -> int:
    """The first address where numbers are that a whole vector divides: it takes a vector more."""
    size = LANES * numbers.itemsize
    return -(-address(numbers) // size) * size


def padded(columns: int) -> int:
    """So many numbers in whole vectors."""
    return -(-columns // LANES) * LANES


def stride(inputs: int) -> int:
    """Numbers from one row to the next: behind a sample's inputs is the 1 that biases are multiplied by."""
    return padded(inputs + 1)
