"""Where a native function finds its numbers: the fields of its frame. Must not know what it does with them."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from .code import LANES, Function


class Places(NamedTuple):
    """What stays as it is: addresses, and a whole number."""

    parameters: int
    """P doubles, and so are gradients and previous; all of these lie one behind the other."""
    gradients: int
    previous: int
    moments: int
    """Those of the optimiser's state variables one behind the other."""
    rows: int
    """A sample's inputs, a 1.0, and what fills up its `stride`."""
    scratch: int
    """The function's own."""
    targets: int
    """A sample's targets and its weight."""
    totals: int
    """The losses' sum so far."""
    begun: int
    """Whether a step has begun, and its wrong decisions so far."""
    frozen: int
    """`fixed` numbers of parameters that stay."""
    last: int
    """The state of the optimiser for the last parameter before its last update."""
    fixed: int


class Call(NamedTuple):
    """What is told each time: addresses first, then whole numbers."""

    order: int
    """Samples by their numbers."""
    counts: int
    """Of each of the `pieces` of work, how many samples."""
    starts: int
    """The first of them where they lie side by side, or else -1,"""
    offsets: int
    """and its place in order."""
    ends: int
    """Whether it ends a step."""
    sizes: int
    """The samples of the step as a double."""
    rates: int
    """The learning rate of each piece's update."""
    knobs: int
    """The optimiser's."""
    losses: int
    """Of each step that was ended; rights and accuracies, which are fractions, likewise."""
    rights: int
    accuracies: int
    marks: int
    """Copies of all the numbers, one behind the other: behind `due` steps, and behind `spacing` more each."""
    watched: int
    """Numbers of parameters, so many as it is `watching`."""
    traces: int
    """Behind each step data and gradient of each of those."""
    pieces: int
    bounded: int
    """Whether it stops before a step whose parameters are behind the plan's limit."""
    due: int
    spacing: int
    each: int
    """1, or 0 where all pieces are alike and have one number of each."""
    turning: int
    """The last piece that has a rate of its own: the others have that one too."""
    updates: int
    """The number of the first update."""
    watching: int
    batch: int
    """Where it is not 0, the pieces are batches of so many of the `samples` of an epoch, from its place `cursor` on and
    then of the next epochs; they lie side by side in order.
    """
    samples: int
    cursor: int


FIELDS = Places._fields + Call._fields
"""Whole numbers of 64 bits."""

WHOLE = ("fixed", *Call._fields[Call._fields.index("pieces") :])
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
