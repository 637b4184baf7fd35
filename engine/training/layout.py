"""From a subject and its settings to a program, its first weights, and a run of it. Must not know positions, edits."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from .data import Formula, TrainingData
from .program import Program, expression, network
from .run import Run
from .settings import Settings
from .stepper import Stepper


def lay_out(subject: TrainingData | Formula, settings: Settings) -> tuple[Program, tuple[float, ...]]:
    """The program of a subject for some settings, and the first weights that it draws.

    Raises:
        SettingsError: the settings do not fit the data.
        ExpressionError: the formula cannot be read.
    """
    if isinstance(subject, Formula):
        program, leaves = expression(subject.source, subject.leaves, settings)
        return program, tuple(leaf.data for leaf in leaves)
    program, mlp = network(subject, settings)
    return program, tuple(parameter.data for parameter in mlp.parameters())


def begin(
    subject: TrainingData | Formula,
    program: Program,
    settings: Settings,
    first: Sequence[float],
    ghost: array[float] | None = None,
) -> Run:
    """A run from its start; `ghost` are the losses of the run before it."""
    return Run(Stepper(program, settings), first, lambda changed: lay_out(subject, changed)[0], ghost)
