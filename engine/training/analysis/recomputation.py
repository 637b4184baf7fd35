"""Computes again what a run measured long ago, on a twin that replays from a checkpoint. Must not know who asks."""

from __future__ import annotations

from collections.abc import Callable

from ..moves import Moves
from ..run.run import Run
from ..run.twin import briefly, paced
from ..snapshot.series.stretches import Stretch


class Recomputation:
    """What a run measured at any step, as long as it is not edited."""

    def __init__(self, run: Run) -> None:
        self._run, self._edits = run, list(run.history.edits)
        self._twin = run.twin(whole=True)

    def fits(self, run: Run, step: int) -> bool:
        """Whether it can tell of a step of a run."""
        return run is self._run and run.history.edits == self._edits and step < len(self._twin.history.loss)

    def known(self, step: int) -> bool:
        """Whether it tells exactly of a step."""
        return self._twin.history.is_exact(step, step + 1)

    def loss(self, step: int) -> Stretch:
        """The loss of a step, or of the stretch that it lies in."""
        return self._twin.history.loss.stretch(step)

    def accuracy(self, step: int) -> Stretch:
        """The accuracy likewise."""
        return self._twin.history.accuracy.stretch(step)

    def work(self, step: int, quantum: Callable[[], int]) -> Moves:
        """Get to know a step exactly, piece by piece: yields after about `quantum()` samples how many there were. Where
        it is left, the next one goes on from there if that is nearest.
        """
        twin = self._twin
        nearest = twin.history.checkpoint_at(step)
        if not (nearest.step, 0) <= twin.position <= (step, 0):
            twin.stand_at(nearest)
        yield from paced(twin, briefly(twin, twin.goto(step + 1, 0)), quantum)
