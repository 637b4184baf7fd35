"""The learning-rate range test: loss against a rate that rises step by step, and the rate to begin with.

Knows runs; never touches the session's own. Must not know commands or the screen.

Source: Smith, "Cyclical Learning Rates for Training Neural Networks" (2015), section 3.3. It begins with the first
weights, since what has converged says nothing of rates; the rate rises exponentially, the test ends once the loss has
exploded, and the suggestion is where the smoothed loss falls steepest, as fastai's `lr_find` has it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ...records import record
from ..moves import Moves
from ..run.run import Run
from ..run.twin import paced
from ..step.stepper import Stepper

LOWEST, HIGHEST = 1e-5, 10.0
"""The rates between which it goes."""

STEPS = 100

_EXPLODED = 4.0
"""The loss has exploded where it is so many times what it was at first."""

_HARDLY = 0.01
"""A loss that falls by no larger part of what it was at first hardly falls."""

_LAST = STEPS // 6
"""Steps in which the rate rises tenfold: the end of the range."""

_BESIDE = 2
"""Neighbours on each side over which the loss is smoothed."""


class Tried(NamedTuple):
    """One step of the test."""

    rate: float
    loss: float
    """Of the step, before its update at that rate."""


@record
class Suggestion:
    """The rate at which the loss falls steepest."""

    place: int
    """Its index in what was tried."""
    rate: float


class RangeTest:
    """A test from the first weights of a run under its knobs of now, at rates that no schedule scales. The run itself
    stays as it is.
    """

    def __init__(self, run: Run) -> None:
        self._twin = run.anew()
        self._rises = run.stepper.settings.maximise and run.stepper.settings.loss != "perceptron"
        """The goal is a large value, not a small one."""
        self.tried: list[Tried] = []
        self.exploded = False
        """It ended before the highest rate."""
        self.complete = False

    def work(self, quantum: Callable[[], int]) -> Moves:
        """Do the test piece by piece: yields after about `quantum()` samples how many there were."""
        twin = self._twin
        for rate in rates():
            twin.stepper = _at_rate(twin.stepper, rate)
            step = twin.state.step
            yield from paced(twin, twin.advance(step + 1, 0), quantum)
            loss = twin.history.loss[step]
            if not math.isfinite(loss):
                self.exploded = True
                break
            self.tried.append(Tried(rate, loss))
            first = self.tried[0].loss
            if self._cost(loss) - self._cost(first) > (_EXPLODED - 1.0) * abs(first):
                self.exploded = True
                break
        self.complete = True

    def _cost(self, loss: float) -> float:
        return -loss if self._rises else loss

    @property
    def _costs(self) -> list[Tried]:
        return [tried._replace(loss=self._cost(tried.loss)) for tried in self.tried]

    @property
    def suggestion(self) -> Suggestion | None:
        """Where the loss falls steepest; None where there is a `refusal`."""
        return None if self.refusal else steepest(self._costs)

    @property
    def refusal(self) -> str | None:
        """Why no rate is suggested, in one sentence; None where one is."""
        what, falls, fell = ("value", "rise", "rose") if self._rises else ("loss", "fall", "fell")
        if steepest(self._costs) is None:
            return f"no rate made the {what} {falls}, so none is suggested"
        if not self.exploded and best_at_the_end(self._costs):
            return f"the {what} {fell} to the end of the range: no rate was too large, so none is suggested"
        return None


def rates() -> list[float]:
    """The rates of the steps, each a fixed number of times the one before."""
    return [LOWEST * (HIGHEST / LOWEST) ** (k / (STEPS - 1)) for k in range(STEPS)]


def steepest(tried: Sequence[Tried]) -> Suggestion | None:
    """The rate at which the smoothed loss, on its way down to where it is lowest, falls most for the same factor of the
    rate; None where it hardly falls. What falls later falls back from a leap.
    """
    smooth = _smooth(tried)
    lowest = min(range(len(smooth)), key=smooth.__getitem__, default=0)
    if not smooth or smooth[0] - smooth[lowest] <= _HARDLY * abs(smooth[0]):
        return None
    falling = range(1, min(max(2, lowest), len(smooth) - 1))
    place = min(falling, key=lambda k: smooth[k + 1] - smooth[k - 1], default=lowest)
    return Suggestion(place, tried[place].rate)


def best_at_the_end(tried: Sequence[Tried]) -> bool:
    """Whether the smoothed loss got lower still where the range ends, by more than a hardly visible part of its whole
    fall: then the range says nothing of which rate is too large.
    """
    smooth = _smooth(tried)
    before, lowest = min(smooth[:-_LAST], default=math.inf), min(smooth)
    return before - lowest > _HARDLY * (smooth[0] - lowest)


def _smooth(tried: Sequence[Tried]) -> list[float]:
    return [_mean([other.loss for other in tried[max(0, k - _BESIDE) : k + _BESIDE + 1]]) for k in range(len(tried))]


def _mean(numbers: Sequence[float]) -> float:
    return math.fsum(number / len(numbers) for number in numbers)


def _at_rate(stepper: Stepper, rate: float) -> Stepper:
    """The same program at a rate that no schedule scales."""
    return Stepper(stepper.program, stepper.settings.replace(lr=rate, schedule="constant"))
