"""What conditions are about, at a moment of a run, and in which of many recorded steps they become true, or may. Must
not know breakpoints, or how a run gets anywhere.
"""

from __future__ import annotations

import math

from ..run.history import History
from ..run.run import Run
from ..run.trace import Traced
from ..snapshot.series.series import Series
from .conditions import Asked, Bound, Numbers
from .ranges import Range


class Recorded:
    """A condition on what is recorded. Its moments are numbered: 2s is the start of step s, 2s + 1 the end of its loss
    phase; nothing changes in between.
    """

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._seen = 0
        self._held = False

    def begin(self, run: Run, moment: int) -> None:
        """Look from a moment on."""
        self._seen = moment
        self._held = self._truth(run, moment)

    def suspects(self, run: Run, moment: int) -> list[int]:
        """The steps up to a moment in whose window it becomes true."""
        first, self._seen = self._seen + 1, moment
        if self._bound.each is not None:
            start, stop = first // 2, (moment + 1) // 2
            history = run.history
            truths = self._bound.each(history.loss[start:stop], history.accuracy[start:stop])
            if not truths or (all(truths) if self._held else not any(truths)):
                return []
            turned = [start + k for k, (was, now) in enumerate(zip([self._held, *truths], truths, strict=False))
                      if now and not was]  # fmt: skip
            self._held = truths[-1]
            return turned
        turned = []
        for each in range(first, moment + 1):
            now = self._truth(run, each)
            if now and not self._held:
                turned.append(each // 2 if each % 2 else each // 2 - 1)
            self._held = now
        return turned

    def _truth(self, run: Run, moment: int) -> bool:
        history, step = run.history, moment // 2
        measured = step + moment % 2
        loss, accuracy = _measured(history, measured)
        return self._bound.holds(loss, accuracy, _rate(run, step), float(step), _epoch(history, step), (), (), ())


def _measured(history: History, count: int) -> tuple[float, float]:
    return (history.loss[count - 1], history.accuracy[count - 1]) if count else (math.nan, math.nan)


def _rate(run: Run, step: int) -> float:
    return run.history.rates[step] if step < run.state.step else run.stepper.lr(step)


def _epoch(history: History, step: int) -> float:
    return float(history.epochs.at(step))


def numbers_at(run: Run) -> Numbers:
    """The numbers that conditions are about, where the run stands."""
    state, count = run.state, len(run.state.previous)
    loss, accuracy = _measured(run.history, run.measured())
    data, grad = state.memory.data[:count], state.memory.grad[:count]
    lr = run.stepper.lr(state.step)
    return Numbers(loss, accuracy, lr, float(state.step), float(state.epoch), data, grad, state.previous[:])


def numbers_behind(run: Run, step: int, traced: Traced, before: Asked) -> Numbers:
    """The same where the run stood at the start of a step, of the parameters that were traced; `before` is their data a
    step earlier.
    """
    history = run.history
    measured = _measured(history, step)
    return Numbers(*measured, _rate(run, step), float(step), _epoch(history, step), *traced, before)


def ranges_over(run: Run, start: int, stop: int) -> dict[str, Range]:
    """Where the numbers lie that a condition is about at the moments of the steps `start` … `stop`−1, and just before,
    as far as the record tells without being computed again.
    """
    history = run.history
    rates = [history.rates[start], history.rates[stop]]
    # No schedule rises: between two turns of the knobs a rate lies between those at its ends.
    for step, _ in history.rates.turns:
        if start < step <= stop:
            rates += [history.rates[step - 1], history.rates[step]]
    if stop == run.state.step:
        rates.append(run.stepper.lr(stop))
    return {
        "loss": _measured_between(history.loss, start, stop, Range(-math.inf, math.inf, True)),
        # It is a fraction, or means nothing.
        "accuracy": _measured_between(history.accuracy, start, stop, Range(math.inf, -math.inf, True)),
        "lr": Range.of(rates),
        "step": Range(float(start), float(stop)),
        "epoch": Range(_epoch(history, start), _epoch(history, stop)),
    }


def _measured_between(series: Series, start: int, stop: int, other: Range) -> Range:
    """What was measured last at each moment; `other` is what there may be that is not finite."""
    parts = list(series.parts(max(0, start - 1), stop))
    low, high = min(part.low for part in parts), max(part.high for part in parts)
    if all(part.finite == part.stop - part.start for part in parts):
        return Range(low, high, not start)  # before the first step nothing is measured
    return Range(min(low, other.low), max(high, other.high), True)


def began_rising(losses: Series, step: int, steps: int) -> bool:
    """Whether with a step the loss has risen so many steps running, and had not the step before."""
    if step < steps or not losses[step] > losses[step - 1]:
        return False
    if not all(losses[k] > losses[k - 1] for k in range(step - steps + 1, step)):
        return False
    return step == steps or not losses[step - steps] > losses[step - steps - 1]


class Climbing:
    """How many steps running the loss may have risen, as its stretches go by in order: never less than it has."""

    def __init__(self, losses: Series, start: int) -> None:
        """Ahead of the stretch that step `start` lies in."""
        self._losses = losses
        self._last = -math.inf
        """The newest loss."""
        self._behind = -1.0
        """How often it may have risen up to there; before the first loss there is nothing to rise from."""
        begin = losses.floor(start)
        if begin:
            self._behind = math.inf
            self.over(begin - 1, begin)

    def over(self, start: int, stop: int) -> float:
        """How often at most where it ends in one of the steps `start` … `stop`−1."""
        most = 0.0
        for part in self._losses.parts(start, stop):
            joined = self._behind + 1.0 + part.rises if part.first > self._last else 0.0
            most = max(most, part.rises, joined)
            whole = part.rises >= part.stop - part.start - 1
            self._behind, self._last = joined if whole and joined else part.rises, part.last
        return most
