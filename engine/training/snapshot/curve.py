"""Losses along a run, and forks side by side, as the screen may see them. Must not know histories."""

from __future__ import annotations

from array import array

from ...records import record
from ..setup.settings import Settings


@record(eq=False)
class Curve:
    """Loss, accuracy and learning rate of steps 0 … length−1, measured before each step's update.

    The arrays only ever grow behind `length`, so this view never changes.
    """

    length: int
    loss: array[float]
    accuracy: array[float]
    """NaN where accuracy means nothing."""
    lr: array[float]
    test_steps: tuple[int, ...]
    """Steps at which the test loss was measured."""
    test_loss: tuple[float, ...]
    marks: tuple[tuple[int, str], ...]
    """(step, what was turned)."""
    ghost: array[float] | None
    """Losses of the run before the restart."""
    stops: tuple[tuple[int, str], ...] = ()
    """(step, breakpoint that stopped a movement there)."""


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
    losses: array[float]
    length: int
    """Steps of `losses` to be shown: of the current one those behind it, of the others all that is recorded."""
