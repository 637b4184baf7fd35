"""Where a native function finds its numbers: the fields of its frame. Must not know what it does with them."""

from __future__ import annotations

from .code import LANES

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
    "knobs",
    "totals",
    "marks",
    "losses",
    "rights",
    "frozen",
    "scratch",
    "pieces",
    "fixed",
    "bounded",
)
"""Whole numbers of 64 bits, addresses but for the last three.

parameters, gradients, previous: P doubles each; moments: those of the optimiser's state variables one behind the other.
rows: a sample's inputs, a 1.0, and what fills up its `stride`; targets: its targets and its weight.
order: samples by their numbers. Of each of the `pieces` of work: counts, how many samples; starts, the first of them
where they lie side by side, or else -1 and in offsets its place in order; ends, whether it ends a step; sizes, the
samples of the step as a double; knobs, what the update's formulas name, of each.
totals: the losses' sum so far; marks: whether a step has begun, and its wrong decisions so far.
losses, rights: of each step that was ended. frozen: `fixed` numbers of parameters that stay. scratch: the function's
own. bounded: whether it stops before a step whose parameters are behind the plan's limit.
"""


def padded(columns: int) -> int:
    """So many numbers in whole vectors."""
    return -(-columns // LANES) * LANES


def stride(inputs: int) -> int:
    """Numbers from one row to the next: behind a sample's inputs is the 1 that biases are multiplied by."""
    return padded(inputs + 1)
