"""Sessions beside a session: copies at the same position, and the same run under other knobs. What is done to one is
never seen in the session that it is of. Must not know expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping

from ...training.commands import Command, CommandError, Goto, Movement, Restart, SetKnob, SetParameter, SetSample
from ...training.forks.branches import FIRST, Branch, Branches
from ...training.log import Log
from ...training.moves import Moves
from ...training.session import Session
from ...training.setup.settings import RESTARTING, Settings, SettingsError, turned
from ...training.setup.size import refuse_giant
from ...training.step.timeline import PHASES, Timeline
from ..errors import LessonError
from . import names

Quantum = Callable[[], int]
"""How many samples' worth of work a piece of a movement has."""

Making = Generator[int, None, Session]
"""A session that is made piece by piece."""


def copy_of(session: Session) -> Session:
    """A session of its own with the same past and the same position, that looks at the same."""
    twin = Session.of(session.subject, Branches([Branch(FIRST, session.run.twin(whole=True))]))
    twin.log = Log([*session.log])
    twin.debugger.granularity = session.granularity
    own, seen = twin.inspector, session.inspector
    own.probe, own.neuron, own.sample, own.watches = seen.probe, seen.neuron, seen.sample, seen.watches
    own.plotting.quotient, own.gradcheck.asked = seen.plotting.quotient, seen.gradcheck.asked
    return twin


def begun(session: Session) -> Session:
    """The same subject at step 0, with the knobs and the weights with which its run began."""
    start = session.run.history.start
    made = Session(session.subject, start.stepper.settings, start.parameters)
    made.compiles_here = session.run.compiles_here
    return made


def going(session: Session, movement: Movement, quantum: Quantum) -> Moves:
    """A movement of a copy, piece by piece.

    Raises:
        LessonError: there is no such place.
    """
    try:
        yield from session.move(movement, quantum)
    except CommandError as error:
        raise LessonError(str(error)) from None


def told(session: Session, command: Command) -> None:
    """Tell a copy something that is no movement.

    Raises:
        LessonError: it cannot be carried out.
    """
    try:
        if isinstance(command, SetKnob) and command.name == "hidden":
            _refuse_giant(session, turned(session.next_settings, command.name, command.value))
        session.apply(command)
    except (CommandError, SettingsError) as error:
        raise LessonError(str(error)) from None


def carry_out(session: Session, command: Command, quantum: Quantum) -> Moves:
    """Any command to a copy, piece by piece.

    Raises:
        LessonError: it cannot be carried out.
    """
    if isinstance(command, Movement):
        yield from going(session, command, quantum)
    else:
        told(session, command)


# --- with another number in it


def with_number(session: Session, name: str, number: Callable[[float], float], quantum: Quantum) -> Making:
    """A copy at the same place, in which a parameter or an input of the sample in hand has another number since the
    beginning of this step; `number` makes it of the one of now.

    Raises:
        LessonError: there is no such parameter or input.
    """
    made, here = copy_of(session), Goto(session.step, session.op)
    program = session.run.stepper.program
    inputs = {program.slots.values[slot].label: place for place, slot in enumerate(program.inputs)}
    if name in inputs and program.data is not None:
        row = session.run.stepper.batch(session.run.state)[max(0, (session.run.coming.spot.sample or 0))]
        before = program.samples[row][0][inputs[name]]
        edit: Command = SetSample(row, inputs[name], number(before))
    else:
        index = names.parameter(session, name)
        edit = SetParameter(index, number(session.parameters[index]))
    yield from going(made, Goto(here.step, 0), quantum)
    told(made, edit)
    yield from going(made, here, quantum)
    return made


# --- under other knobs


_WHOLE = ("frozen", "hidden", "order")
"""Knobs of several whole numbers."""

_SWITCH = {"on": True, "1": True, "1.0": True, "true": True, "off": False, "0": False, "0.0": False, "false": False}


def setting(name: str, value: object) -> object:
    """A knob's value as the settings have it, of a number or a text as it is written in a lesson: `hidden="16,16"`.

    Raises:
        LessonError: there is no such knob, or it takes no such value.
    """
    if name not in Settings.__match_args__:
        raise LessonError(f"there is no knob called {name!r}")
    usual = getattr(Settings(), name)
    try:
        if name in _WHOLE:
            return tuple(_whole(number) for number in str(value).split(",") if str(value) != "none")
        if isinstance(usual, tuple):
            return tuple(part.strip() for part in str(value).split(",") if part.strip() not in ("", "none"))
        if isinstance(usual, bool):
            return _SWITCH[str(value).lower()]
        if isinstance(usual, int) or name == "batch_size":
            return _whole(value)
        return str(value) if isinstance(usual, str) else float(str(value))
    except (ValueError, KeyError):
        raise LessonError(f"{name} cannot be {value!r}") from None


def _whole(value: object) -> int:
    number = float(str(value))
    if not number.is_integer():
        raise ValueError
    return int(number)


def under(session: Session, knobs: Mapping[str, object], quantum: Quantum) -> Making:
    """The same run from its beginning under other knobs, brought to the same place of the same step: what was told to
    it on the way is told again, but for these knobs.

    Raises:
        LessonError: there is no such knob, or it cannot be set so.
    """
    start = session.run.history.start
    try:
        settings = start.stepper.settings
        for name, value in knobs.items():
            settings = turned(settings, name, value)
        _refuse_giant(session, settings)
        made = Session(session.subject, settings)
        if not _drawn(settings, knobs) and len(made.parameters) == len(start.parameters):
            made = Session(session.subject, settings, start.parameters)
    except SettingsError as error:
        raise LessonError(str(error)) from None
    made.compiles_here = session.run.compiles_here
    yield 1  # a network has been built
    for command in session.log:
        if isinstance(command, Goto):
            yield from going(made, _same_place(session, made, command), quantum)
        elif isinstance(command, SetParameter | SetSample | Restart) or (
            isinstance(command, SetKnob) and command.name not in knobs
        ):
            told(made, command)
    return made


def _refuse_giant(session: Session, settings: Settings) -> None:
    data = session.run.stepper.program.data
    if data is not None:
        refuse_giant(len(data.features), settings, len(data.classes))


def _drawn(settings: Settings, knobs: Mapping[str, object]) -> bool:
    """Whether other knobs bring other first weights, be it by a mistake that is made in them."""
    return bool(knobs.keys() & RESTARTING or settings.broken_weights)


def _same_place(session: Session, made: Session, there: Goto) -> Goto:
    """The op of another session's step that is the same: as far into the phase of the same name."""
    timelines = [each.run.stepper.timeline(each.run.state) for each in (session, made)]
    if there.op == 0 or timelines[0].total == timelines[1].total:
        return there
    phase, start, _ = timelines[0].phase(min(there.op, timelines[0].total - 1))
    return Goto(there.step, _place(timelines[1], phase, there.op - start))


def _place(timeline: Timeline, phase: str, offset: int) -> int:
    """An op by its phase and its number there; where the step has no such phase, the first one of the next."""
    op = 0
    while op < timeline.total:
        name, first, end = timeline.phase(op)
        if name == phase:
            return min(first + offset, end)
        if PHASES.index(name) > PHASES.index(phase):
            return first
        op = end
    return op
