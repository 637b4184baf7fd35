"""What a mistake does to a whole run: beside one without it, from the same weights, at the rate of now and at those
beside it. Knows runs; never touches the session's own. Must not know commands or the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from ..moves import Moves
from ..run.run import Run
from ..run.twin import paced
from ..setup.mistakes import MISTAKES
from ..setup.settings import Settings
from ..snapshot.curve import Pair, Trained
from ..step.evaluate import Evaluator

STEPS = 20
"""Steps where a run has no number of its own."""

_NOTCH = 3.0
"""Rates beside the one of now are so many times as large, and as small."""


class MistakeRuns:
    """Runs with one mistake and without; other mistakes that are made are made in both."""

    def __init__(self, run: Run, name: str) -> None:
        settings = run.stepper.settings
        others = tuple(known for known in settings.mistakes if known != name)
        self._run = run
        self._right, self._wrong = (settings.replace(mistakes=made) for made in (others, (*others, name)))
        self.label = MISTAKES[name].label
        self.words = MISTAKES[name].words
        self.lr = settings.lr
        """The rate of now."""
        self.rates = self.lr, float(f"{self.lr * _NOTCH:.3g}"), float(f"{self.lr / _NOTCH:.3g}")
        """In the order in which they are run."""
        self.steps = settings.steps or STEPS
        self.pairs: list[Pair] = []
        """Those that are complete."""

    @property
    def complete(self) -> bool:
        """Whether all of them have been run."""
        return len(self.pairs) == len(self.rates)

    def work(self, quantum: Callable[[], int]) -> Moves:
        """Run them piece by piece: yields after about `quantum()` samples how many there were."""
        for lr in self.rates:
            right = yield from self._trained(self._right.replace(lr=lr), quantum)
            wrong = yield from self._trained(self._wrong.replace(lr=lr), quantum)
            self.pairs.append(Pair(lr, right, wrong))

    def _trained(self, settings: Settings, quantum: Callable[[], int]) -> Generator[int, None, Trained]:
        run = self._run.anew(settings)
        yield from paced(run, run.advance(self.steps, 0), quantum)
        end, _ = Evaluator(run.stepper).measure(run.parameters, run.stepper.program.samples)
        history = run.history
        return Trained(history.loss, history.accuracy, history.rates, end)
