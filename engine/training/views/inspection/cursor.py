"""The cursor on the curve: what was measured at a step, computed again where it was forgotten. Must not know what else
is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ...commands import CommandError
from ...moves import Moves
from ...run.run import Run
from ...snapshot.curve import Measured

if TYPE_CHECKING:
    from ...analysis.recomputation import Recomputation


class Cursor:
    """A step, or none."""

    def __init__(self) -> None:
        self.step: int | None = None
        self._recomputations: list[Recomputation] = []
        """Of the run that was looked at last, and of its ghost, as far as they were needed."""

    def look_at(self, step: int | None) -> None:
        """Go to a step, or to none.

        Raises:
            CommandError: no step is called that; nothing has changed.
        """
        if step is not None and step < 0:
            raise CommandError(f"there is no step {step}")
        self.step = step
        if step is None:
            self._recomputations.clear()

    def measured(self, run: Run) -> Measured | None:
        """What is known of the step at the cursor; None where none is looked at, or it has not been measured."""
        step = self.step
        if step is None or step >= len(run.history.loss):
            return None
        loss, accuracy = run.history.loss.stretch(step), run.history.accuracy.stretch(step)
        again = self._recomputed(run, step)
        if again is not None and again.known(step):
            loss, accuracy = again.loss(step), again.accuracy(step)
        ghost = None
        if run.ghost is not None and step < len(run.ghost.losses):
            again = None if run.ghost.run is None else self._recomputed(run.ghost.run, step)
            ghost = again.loss(step) if again is not None else run.ghost.losses.stretch(step)
        return Measured(step, loss, accuracy, ghost)

    def recomputing(self, run: Run) -> Callable[[Callable[[], int]], Moves] | None:
        """What has to be computed again for the cursor on a run's curve, given how many samples a piece has; None where
        all that can be known is known.
        """
        asked, step = [run], self.step
        if run.ghost is not None and run.ghost.run is not None:
            asked.append(run.ghost.run)
        if step is None or all(self._is_known(each, step) for each in asked):
            return None
        return partial(self._recompute, asked, step)

    def _is_known(self, run: Run, step: int) -> bool:
        if step >= len(run.history.loss) or run.history.is_exact(step, step + 1):
            return True
        again = self._recomputed(run, step)
        return again is not None and again.known(step)

    def _recompute(self, asked: Sequence[Run], step: int, quantum: Callable[[], int]) -> Moves:
        from ...analysis.recomputation import Recomputation

        self._recomputations = [
            self._recomputed(run, step) or Recomputation(run) for run in asked if step < len(run.history.loss)
        ]
        for again in self._recomputations:
            if not again.known(step):
                yield from again.work(step, quantum)

    def _recomputed(self, run: Run, step: int) -> Recomputation | None:
        return next((again for again in self._recomputations if again.fits(run, step)), None)
