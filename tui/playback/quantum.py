"""How much training fits into a slice of time. Must not know an event loop: training without a screen has none."""

from __future__ import annotations

SLICE = 0.002
"""Seconds of training between two looks at the keyboard."""


class Quantum:
    """How many samples fit into a slice of so many seconds: the engine has no clock, so that is measured."""

    def __init__(self, seconds: float = SLICE) -> None:
        self._seconds = seconds
        self._samples = 1

    def __call__(self) -> int:
        return self._samples

    def learn(self, samples: int, seconds: float, batch: int, most: float | None = None) -> None:
        """So many samples took so long: the next slice has whole batches where one fits, for what is left over would
        be a call of its own. It is to have `most` batches.
        """
        if seconds <= 0:
            return
        fit = samples * self._seconds / seconds
        whole = int(fit / batch + 0.25) * batch if fit >= batch else round(fit)
        self._samples = max(1, min(whole, 4 * self._samples))
        if most is not None:
            self._samples = max(1, min(self._samples, round(most * batch)))
