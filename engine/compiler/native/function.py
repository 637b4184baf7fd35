"""A native function with the arrays that it works on. Knows a frame's fields; must not know how the function was made.

The arrays stay where they are as long as the function is there: what runs is given nothing but their addresses.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Protocol

from ..plan import Numbers, Plan, Row, Share
from ..update import update
from .frame import FIELDS, stride
from .module import named


class Loaded(Protocol):
    """Machine code in this process, which is there as long as this is."""

    @property
    def entry(self) -> Callable[[int], int]:
        """`@train`: the address of a frame -> pieces done."""
        ...


_BEHIND = 8
"""Numbers that may be read behind an array, for a whole vector."""


class NativeFunction:
    """Trains on the samples that it was made with, as a generated function does."""

    def __init__(self, plan: Plan, code: Loaded, scratch: int, rows: Iterable[Row]) -> None:
        """`scratch` is how many doubles the function needs for itself."""
        count, inputs = len(plan.parameters), len(plan.inputs)
        self._plan, self._code, self._count = plan, code, count
        frozen = sorted(plan.frozen & {*range(count)})
        self._parameters = _zeros(count + _BEHIND)
        self._gradients, self._previous = _zeros(count), _zeros(count)
        self._moments = _zeros(count * len(plan.state))
        rows = list(rows)
        fill = (1.0, *(0.0,) * (stride(inputs) - inputs - 1))
        self._rows = array("d", chain.from_iterable((*row[:inputs], *fill) for row in rows))
        self._targets = array("d", chain.from_iterable(row[inputs:] for row in rows))
        self._frozen = array("q", frozen or [0])
        self._fixed = len(frozen)
        self._scratch = _zeros(scratch + len(frozen) * (1 + len(plan.state)))
        self._totals, self._marks = _zeros(1), array("q", [0, 0])
        self._floats = {
            "parameters": self._parameters,
            "gradients": self._gradients,
            "previous": self._previous,
            "moments": self._moments,
            "rows": self._rows,
            "targets": self._targets,
            "totals": self._totals,
            "scratch": self._scratch,
        }
        self._wholes = {"marks": self._marks, "frozen": self._frozen}
        self._names = named(plan)
        once = update(plan)[0]
        arguments = ", ".join(("lr", "t", *plan.knobs))
        self._once = [eval(f"lambda {arguments}: {formula}", dict(plan.functions)) for formula in once]

    def run(
        self, numbers: Numbers, work: Sequence[Share], knobs: Sequence[float], *, bounded: bool
    ) -> tuple[int, list[float], list[int]]:
        """Do pieces of work: how many were done, and the loss and the right decisions of each step that they ended. If
        it is `bounded`, it stops before a step whose parameters are behind the plan's limit.
        """
        if not work:
            return 0, [], []
        batches, counts_in_all, rates = zip(*work, strict=True)
        ends = array("q", [rate is not None for rate in rates])
        steps = sum(ends)
        losses, rights = _zeros(steps + 1), array("q", bytes(8 * (steps + 1)))
        counts, starts, offsets, order = _placed(batches)
        sizes, told = array("d", counts_in_all), self._knobs(numbers.t, rates, ends, knobs)
        self._take(numbers)
        floats = {**self._floats, "sizes": sizes, "knobs": told, "losses": losses}
        wholes = {**self._wholes, "order": order, "counts": counts, "starts": starts, "offsets": offsets}
        wholes |= {"ends": ends, "rights": rights}
        last = {"pieces": len(work), "fixed": self._fixed, "bounded": int(bounded)}
        addresses = {name: held.buffer_info()[0] for name, held in floats.items()}
        addresses |= {name: held.buffer_info()[0] for name, held in wholes.items()}
        frame = array("q", [(addresses | last)[name] for name in FIELDS])
        done = self._code.entry(frame.buffer_info()[0])
        steps = sum(ends[:done])
        if done:
            self._give(numbers, steps)
        return done, losses[:steps].tolist(), rights[:steps].tolist()

    def _take(self, numbers: Numbers) -> None:
        """Take a session's numbers."""
        count = self._count
        self._parameters[:count] = array("d", numbers.parameters)
        if numbers.begun:
            self._gradients[:] = array("d", numbers.gradients)  # a step that begins has none
        for k, moments in enumerate(numbers.moments):
            self._moments[k * count : (k + 1) * count] = array("d", moments)
        self._totals[0] = numbers.total
        self._marks[:] = array("q", [numbers.begun, numbers.wrong])

    def _give(self, numbers: Numbers, steps: int) -> None:
        """Give them back, so many steps on."""
        count, moments = self._count, self._moments.tolist()
        variables = range(0, count * len(self._plan.state), count)
        numbers.parameters = tuple(self._parameters[:count].tolist())
        numbers.gradients = tuple(self._gradients.tolist())
        if steps:
            numbers.previous = tuple(self._previous.tolist())
        numbers.moments = tuple(tuple(moments[at : at + count]) for at in variables)
        numbers.total, numbers.begun, numbers.wrong = self._totals[0], bool(self._marks[0]), self._marks[1]
        numbers.t += steps

    def _knobs(
        self, t: int, rates: Sequence[float | None], ends: Sequence[int], knobs: Sequence[float]
    ) -> array[float]:
        """What the update's formulas name, of each piece; each step has its own number of updates."""
        numbers, lrs = [], [rate or 0.0 for rate in rates]
        for end in ends:
            numbers.append(t)
            t += end
        width = len(self._names)
        told = _zeros(width * len(rates))
        columns = [array("d", lrs), array("d", numbers), *(array("d", [knob]) * len(rates) for knob in knobs)]
        columns += [array("d", [made(*pair, *knobs) for pair in zip(lrs, numbers, strict=True)]) for made in self._once]
        for place, column in enumerate(columns):
            told[place::width] = column
        return told


def _zeros(count: int) -> array[float]:
    """So many zeros, at an address of their own."""
    return array("d", bytes(8 * max(count, 1)))


def _placed(batches: Sequence[Sequence[int]]) -> tuple[array[int], array[int], array[int], array[int]]:
    """How many samples each piece has, where the first of them lies or else -1, and its place in the order of samples;
    and that order.
    """
    order = array("q", [0])
    first = batches[0]
    if isinstance(first, range) and len({*map(id, batches)}) == 1:
        one = (array("q", [number]) for number in (len(first), first.start, 0))
        counts, starts, offsets = (column * len(batches) for column in one)
        return counts, starts, offsets, order
    counts, starts, offsets = array("q"), array("q"), array("q")
    for batch in batches:
        beside = isinstance(batch, range)
        counts.append(len(batch))
        starts.append(batch.start if isinstance(batch, range) else -1)
        offsets.append(len(order))
        if not beside:
            order.extend(batch)
    return counts, starts, offsets, order
