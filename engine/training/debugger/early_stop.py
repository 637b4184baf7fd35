"""When continuous training ends by itself: the samples that are held out are measured at each epoch's start, and after
some epochs without a smaller loss it has gone on for long enough. Must not know how a run is moved.

Reference: Prechelt, "Early stopping, but when?" (1998).
"""

from __future__ import annotations

import math

from ..moves import Moves
from ..run.run import Run

PATIENCE = 10
"""Epochs without a smaller loss after which it ends."""

REASON = "early stop"
"""What is kept of the point where it ended."""

_CHUNK = 64
"""Samples that are measured at once; losses are summed chunk by chunk, so that the sum does not hang on slices."""


class EarlyStop:
    """Measures a run's validation loss. What is measured in part is kept: whoever takes one piece may end there."""

    def __init__(self) -> None:
        self._begun: tuple[Run, int, list[float]] | None = None
        """A run, a step and the summed losses of its first chunks."""

    def measure(self, run: Run) -> Moves:
        """Measure the loss where a run stands, if an epoch begins there and it is not known."""
        from ..step.evaluate import Evaluator  # the first frame measures nothing

        state, program, history = run.state, run.stepper.program, run.history
        known = any(step == state.step for step, _ in history.validations)
        if state.op or state.cursor or not state.step or known:
            return
        if self._begun is None or self._begun[0] is not run or self._begun[1] != state.step:
            self._begun = run, state.step, []
        sums, done = self._begun[2], 0
        evaluator, parameters = Evaluator(run.stepper), run.parameters
        for start in range(len(sums) * _CHUNK, len(program.validation), _CHUNK):
            chunk = program.validation[start : start + _CHUNK]
            sums.append(evaluator.total(parameters, chunk)[0])
            done += len(chunk)
            if done >= run.quantum:
                yield done
                done = 0
        self._begun = None
        history.keep_validation(state.step, math.fsum(sums) / len(program.validation))
        if done:
            yield done

    @staticmethod
    def is_due(run: Run) -> bool:
        """Whether a run stands where its patience ends: since its best epoch, or where it ended before."""
        history, step = run.history, run.state.step
        behind = [at for at, _ in history.validations if at <= step]
        if not behind or behind[-1] != step or (step, 0, REASON) in history.stops:
            return False
        ended = max((at for at, _, what in history.stops if what == REASON and at < step), default=0)
        since = max(best(run) or 0, ended)
        return sum(at > since for at in behind) >= PATIENCE


def best(run: Run) -> int | None:
    """The step behind where a run stands at which the validation loss was smallest; None where none was measured."""
    behind = [(loss, at) for at, loss in run.history.validations if at <= run.state.step and not math.isnan(loss)]
    return min(behind)[1] if behind else None
