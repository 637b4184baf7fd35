"""Losses along a run, and forks side by side, as the screen may see them. Must not know histories."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter

from ...records import record
from ..setup.settings import Settings
from .series.series import Series
from .series.stretches import Stretch


@record(eq=False)
class Rates:
    """Effective learning rates by step: they follow from the settings, and from where those were turned."""

    turns: Sequence[tuple[int, Settings]]
    """(step, the settings of its update and of those behind it), in order, the first of step 0."""

    __iter__ = None
    """They have no end."""

    def __getitem__(self, step: int) -> float:
        return self.turns[bisect_right(self.turns, step, key=itemgetter(0)) - 1][1].rate(step)


@record(eq=False)
class Curve:
    """Loss, accuracy and learning rate of steps 0 … length−1, measured before each step's update.

    The series only ever grow behind `length`, so this view never changes.
    """

    length: int
    loss: Series
    accuracy: Series
    """NaN where accuracy means nothing."""
    lr: Rates
    test_steps: tuple[int, ...]
    """Steps at which the test loss was measured."""
    test_loss: tuple[float, ...]
    marks: tuple[tuple[int, str], ...]
    """(step, what was turned)."""
    ghost: Series | None
    """Losses of the run before the restart."""
    stops: tuple[tuple[int, str], ...] = ()
    """(step, breakpoint that stopped a movement there)."""


@record(eq=False)
class Trained:
    """A run that is complete."""

    losses: Series
    """Before the update of each step."""
    accuracies: Series
    rates: Rates
    end: float
    """The loss of all training samples behind the last step."""


@record(eq=False)
class Pair:
    """Two runs from the same weights at one base learning rate: without a mistake, and with it."""

    lr: float
    right: Trained
    wrong: Trained

    @property
    def curve(self) -> Curve:
        """The losses with the mistake, and those without it in the place of a ghost."""
        wrong = self.wrong
        return Curve(len(wrong.losses), wrong.losses, wrong.accuracies, wrong.rates, (), (), (), self.right.losses)


@record
class Measured:
    """What is known of a step's loss and accuracy: of it alone or, for now, of the stretch that it lies in."""

    step: int
    loss: Stretch
    accuracy: Stretch
    ghost: Stretch | None
    """The loss of the run before the restart, where that came as far."""


@record(eq=False)
class ForkView:
    """One of the runs side by side."""

    name: str
    current: bool
    parent: str | None
    """Name of the run that it was forked from; None for the first one."""
    since: int
    """The step at which it was forked."""
    settings: Settings
    step: int
    loss: float | None
    """The newest loss where it stands."""
    best: float | None
    """The smallest loss of all that is recorded."""
    accuracy: float | None
    losses: Series
    length: int
    """Steps of `losses` to be shown: of the current one those behind it, of the others all that is recorded."""
    restarted: bool = False
    """Since then it began anew from first weights of its own: it shares no past."""
