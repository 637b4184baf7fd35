"""Which edits a run can take: numbers that have a place, knobs that fit. Must not know how an edit is made."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from ..commands import Change, CommandError, Restart, SetKnob, SetParameter, SetSample
from ..run.begin import parameter_count
from ..run.history import Edit
from ..run.run import Run
from ..setup.data import UNTOUCHED, Trained
from ..setup.settings import RESTARTING, Settings, of_program, restarts, turned
from ..step.program import Program


def check_script(program: Program, command: Change) -> None:
    """See that a change leaves what a script did as it is, where there is one.

    Raises:
        CommandError: it would not.
    """
    match command:
        case Restart() | SetKnob(name="steps"):
            return
    if program.script is not None:
        raise CommandError(UNTOUCHED)


def check_parameter(program: Program, command: SetParameter) -> None:
    """See that there is such a parameter, and that it can take the number.

    Raises:
        CommandError: it cannot.
    """
    labels, index = program.labels, command.index
    if not 0 <= index < len(labels):
        raise CommandError(f"there is no parameter {index}: the model has {len(labels)}")
    if not math.isfinite(command.value):
        raise CommandError(f"{labels[index]} must be finite, not {command.value}")


def check_order(run: Run, order: Sequence[int]) -> None:
    """See that an order of backward has the ops of the tape alone, and leaves as it was what has been fired.

    Raises:
        CommandError: it has others, or does not.
    """
    program, state = run.stepper.program, run.state
    _refuse_beyond(order, len(program.tape))
    timeline = run.stepper.timeline(state)
    spot = timeline.spot(state.op)
    if spot.phase != "backward" or spot.sample is None:
        return
    done = spot.offset
    if program.tape.firing(order).order[:done] != [*program.tape.order[:done]]:
        raise CommandError("what backward has fired stays fired: ← goes back before it")


def _refuse_beyond(order: Sequence[int], ops: int) -> None:
    if order and max(order) >= ops:
        raise CommandError(f"there is no op {max(order)} to fire: a sample has {ops}, counted from 0")


def check_sample(program: Program, command: SetSample) -> None:
    """See that there is such a sample, with such an input, and that it can take the number.

    Raises:
        CommandError: it cannot.
    """
    if program.data is None:
        raise CommandError("an expression has no samples: its leaves are its parameters")
    classes, inputs = program.data.classes, program.inputs
    if not 0 <= command.sample < len(program.samples):
        raise CommandError(f"there is no sample {command.sample + 1}: there are {len(program.samples)}")
    if command.feature is None and command.also:
        raise CommandError("inputs are set with an input, and not with the target")
    for _, feature in command.amendments:
        if feature is not None and not 0 <= feature < len(inputs):
            raise CommandError(f"there is no input {feature + 1}: there are {len(inputs)}")
    for value in command.amendments.values():
        if not math.isfinite(value):
            raise CommandError(f"a sample's numbers must be finite, not {value}")
    if command.feature is None and classes and command.value not in range(len(classes)):
        raise CommandError(f"{command.value:g} is no class: they are 0 to {len(classes) - 1}")


def check_edits(subject: Trained, program: Program, settings: Settings, edits: Iterable[Edit]) -> None:
    """See that edits can be made one after the other in a run that begins with this program and these settings.

    Raises:
        CommandError, SettingsError: they cannot.
    """
    seen = {_arithmetic(settings)}
    for edit in edits:
        check_script(program, edit.command)
        match edit.command:
            case SetParameter():
                check_parameter(program, edit.command)
            case SetSample():
                check_sample(program, edit.command)
            case SetKnob(name, value):
                before, settings = settings, turned(settings, name, value)
                if name in RESTARTING or restarts(before, settings):
                    raise CommandError(f"{name} begins another run")
                if settings.frozen and settings.frozen[-1] >= len(program.first):
                    raise CommandError(f"there is no parameter {settings.frozen[-1]}")
                if _arithmetic(settings) not in seen:
                    seen.add(_arithmetic(settings))
                    if parameter_count(subject, settings) != len(program.first):
                        raise CommandError(f"{name} makes another model")


def _arithmetic(settings: Settings) -> Settings:
    """The settings without what is of no account to whether a program can be built, and how many parameters it has."""
    return of_program(settings).replace(batch_size=None, l1=float(settings.l1 > 0), l2=float(settings.l2 > 0))
