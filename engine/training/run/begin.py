"""From a subject and its settings to a program, its first weights, and a run of it. Must not know positions, edits."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from ..setup.data import Formula, TrainingData, Variable
from ..setup.settings import Settings, SettingsError
from ..step.program import Program, expression, network
from ..step.stepper import Stepper
from .run import Run


def lay_out(subject: TrainingData | Formula, settings: Settings) -> tuple[Program, tuple[float, ...]]:
    """The program of a subject for some settings, and the first weights that it draws.

    Raises:
        SettingsError: the settings do not fit the data.
        ExpressionError: the formula cannot be read.
    """
    if isinstance(subject, Formula):
        if settings.noise is not None or settings.split is not None or settings.features:
            raise SettingsError("an expression has no data: noise, split and input features are for networks")
        program, leaves = expression(subject.source, subject.leaves, settings)
        return program, tuple(leaf.data for leaf in leaves)
    program, mlp = network(_varied(subject, settings), settings)
    return program, tuple(parameter.data for parameter in mlp.parameters())


def _varied(subject: TrainingData, settings: Settings) -> TrainingData:
    """The data as the settings want it."""
    if settings.noise is None and settings.split is None:
        return subject
    if not isinstance(subject, Variable):
        raise SettingsError(f"{subject.name} has neither noise nor a split to change")
    try:
        return subject.varied(settings.noise, settings.split)
    except ValueError as error:
        raise SettingsError(str(error)) from None


def begin(
    subject: TrainingData | Formula,
    program: Program,
    settings: Settings,
    first: Sequence[float],
    ghost: array[float] | None = None,
) -> Run:
    """A run from its start; `ghost` are the losses of the run before it."""
    return Run(Stepper(program, settings), first, lambda changed: lay_out(subject, changed)[0], ghost)
