"""The numbers of some parameters behind each of many steps, for who watches a run. Must not know what for, nor how they
are computed.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Traced(NamedTuple):
    """What a step has left, by the parameters' numbers."""

    data: Mapping[int, float]
    grad: Mapping[int, float]


class Trace:
    """Of these parameters. The run that is watched fills it, as far as what carries it on can tell."""

    def __init__(self, parameters: Iterable[int]) -> None:
        self.parameters = tuple(sorted({*parameters}))
        self._stretches: list[tuple[int, array[float]]] = []

    def add(self, step: int, numbers: array[float]) -> None:
        """Steps from `step` on have left these numbers: of each step data and gradient of each parameter in turn."""
        if numbers:
            self._stretches.append((step, numbers))

    def taken(self) -> dict[int, Traced]:
        """By the number of updates behind them, all that was added since the last time."""
        found: dict[int, Traced] = {}
        names, width = self.parameters, 2 * len(self.parameters)
        for step, numbers in self._stretches:
            every = numbers.tolist()
            for behind, at in enumerate(range(0, len(every), width), start=step + 1):
                row = every[at : at + width]
                data, grad = dict(zip(names, row[::2], strict=True)), dict(zip(names, row[1::2], strict=True))
                found[behind] = Traced(data, grad)
        self._stretches.clear()
        return found
