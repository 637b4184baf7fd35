"""From a subject and its settings to a program, its first weights, and a run of it. Must not know positions, edits."""

from __future__ import annotations

from collections.abc import Sequence

from ..setup import fitting
from ..setup.data import Divisible, Formula, Recorded, Trained, TrainingData, Variable
from ..setup.settings import Settings, SettingsError
from ..step.program import Program
from ..step.stepper import Stepper
from .run import Ghost, Run


def build(subject: Trained, settings: Settings) -> Program:
    """The program of a subject for some settings.

    Raises:
        SettingsError: the settings do not fit the data, or would change what a script did.
        ExpressionError: the formula cannot be read.
    """
    if isinstance(subject, Formula):
        if settings.noise is not None or settings.split is not None or settings.features:
            raise SettingsError("an expression has no data: noise, split and input features are for networks")
        if settings.class_weights:
            raise SettingsError("an expression has no classes: there is nothing for class weights to weigh")
        if settings.validation:
            raise SettingsError("an expression has no data: there is nothing to hold out for validation")
        return Program.of_expression(subject.source, subject.leaves, settings)
    if isinstance(subject, Recorded):
        return Program.of_script(subject, settings)
    return Program.of_network(_held_out(_varied(subject, settings), settings), settings)


def parameter_count(subject: Trained, settings: Settings) -> int:
    """How many parameters the program would have; raises what `build` does but for settings of the data."""
    if isinstance(subject, Formula | Recorded):
        return len(build(subject, settings).first)
    return fitting.parameter_count(subject, settings)


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


def _held_out(data: TrainingData, settings: Settings) -> TrainingData:
    """The data without the samples that are held out for validation."""
    if not settings.validation:
        return data
    if not isinstance(data, Divisible):
        raise SettingsError(f"of {data.name} no samples can be held out for validation")
    return data.held_out(settings.validation)


def begin(
    subject: Trained,
    program: Program,
    settings: Settings,
    first: Sequence[float],
    ghost: Ghost | None = None,
) -> Run:
    """A run from its start; `ghost` is the run before it."""
    return Run(Stepper(program, settings), first, lambda changed: build(subject, changed), ghost)
