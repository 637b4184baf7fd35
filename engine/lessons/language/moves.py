"""Moves of a lesson, as people write them: `backward`, `train 20`, `knob lr 0.1`. Each is a command to a session. Must
not know beats, nor expressions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from difflib import get_close_matches

from ...records import record
from ...training.commands import (
    AddBreakpoint,
    Back,
    Command,
    CommandError,
    Fork,
    Forward,
    Goto,
    LookAtSample,
    Movement,
    Redo,
    Reseed,
    Restart,
    RunTo,
    SetGradcheck,
    SetGranularity,
    SetKnob,
    SetNeuron,
    SetParameter,
    SetPlot,
    SetProbe,
    SetQuotient,
    SetSample,
    Undo,
)
from ...training.debugger import places
from ...training.session import Session
from ...training.step.timeline import GRANULARITIES, PHASES
from ..errors import LessonError
from . import names
from .elsewhere import Quantum, carry_out, setting

_PLACES = (*PHASES, "step", "sample", "layer", "line", "batch", "parameter", "op")
"""First words of a place, besides a neuron."""


@record
class Move:
    """One move."""

    text: str
    word: str
    """What it is: the first word of its text, or `place`."""
    rest: tuple[str, ...]
    """The other words; of a place all."""


def parse(text: str) -> Move:
    """Read a move.

    Raises:
        LessonError: it is none; where it depends on the model, that is said when it is made.
    """
    words = text.split()
    if not words:
        raise LessonError("a move is empty: write a place such as backward, or train 20, knob lr 0.1 …")
    first, rest = words[0].lower(), tuple(words[1:])
    if first == "step" and rest[:1] == ("by",):
        return Move(text, "step by", _counted("step by", rest[1:], 1, 1))
    if first == "sample" and len(rest) == 3:
        return Move(text, "sample", rest)
    if first in _PLACES or re.fullmatch(r"l\d+\.n\d+", first):
        _place(words)
        return Move(text, "place", tuple(words))
    if first not in _KINDS:
        near = get_close_matches(first, [*_KINDS, *_PLACES], n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are places, and {', '.join(_KINDS)}"
        raise LessonError(f"{words[0]!r} is no move: {hint}")
    least, most, _ = _KINDS[first]
    return Move(text, first, _counted(first, rest, least, most))


def _counted(word: str, rest: tuple[str, ...], least: int, most: int) -> tuple[str, ...]:
    if not least <= len(rest) <= most:
        wanted = f"{least}" if least == most else f"{least} to {most}"
        raise LessonError(f"{word} takes {wanted} words, not {len(rest)}")
    return rest


def _place(words: Sequence[str]) -> places.Place:
    try:
        return places.parse(" ".join(words))
    except CommandError as error:
        raise LessonError(str(error)) from None


def command(move: Move, session: Session) -> Command | None:
    """The command that a move is where a session stands; None where it stands there already.

    Raises:
        LessonError: this session has no such place, parameter, neuron or knob.
    """
    if move.word == "place":
        return _to_place(move, session)
    if move.word == "sample":
        return _sample(move, session)
    if move.word == "step by":
        return SetGranularity(_granularity(move.rest[0]))
    return _KINDS[move.word][2](move, session)


def made(move: Move, session: Session, quantum: Quantum) -> Generator[int, None, Command | None]:
    """Make a move on a session, piece by piece: what it came to, a movement as where it ended; None where the session
    stands there already.

    Raises:
        LessonError: it cannot be made.
    """
    wanted = command(move, session)
    if wanted is not None:
        yield from carry_out(session, wanted, quantum)
    return Goto(session.step, session.op) if isinstance(wanted, Movement) else wanted


# --- what each is


def _to_place(move: Move, session: Session) -> Command | None:
    try:
        place = _place(move.rest).check(session.run.stepper.program)
    except CommandError as error:
        raise LessonError(str(error)) from None
    step, op = session.run.position
    timeline = session.run.stepper.timeline(session.run.state)
    here = place.step in (None, step) and op in place.ops(timeline, session.run.stepper.program)
    return None if here else RunTo(" ".join(move.rest))


def _backwards(move: Move, session: Session) -> Command:
    _place(move.rest)
    return RunTo(" ".join(move.rest), backwards=True)


def _by(kind: type[Forward | Back]) -> Callable[[Move, Session], Command]:
    def read(move: Move, session: Session) -> Command:
        words = list(move.rest)
        count = _whole(words.pop()) if words and words[-1].isdecimal() else 1
        return kind(_granularity(words[0]) if words else None, count)

    return read


def _train(move: Move, session: Session) -> Command:
    return Goto(session.step + _whole(move.rest[0]), 0)


def _goto(move: Move, session: Session) -> Command:
    return Goto(_whole(move.rest[0]), _whole(move.rest[1]) if len(move.rest) > 1 else 0)


def _mistake(move: Move, session: Session) -> Command:
    name = move.rest[0]
    made_so_far = session.next_settings.mistakes
    return SetKnob("mistakes", () if name == "none" else (*made_so_far, name))


def _set(move: Move, session: Session) -> Command:
    return SetParameter(names.parameter(session, move.rest[0]), _number(move.rest[1]))


def _sample(move: Move, session: Session) -> Command:
    row, what, number = move.rest
    program = session.run.stepper.program
    feature = None if what == "y" else _feature(what, [program.slots.values[slot].label for slot in program.inputs])
    return SetSample(_whole(row) - 1, feature, _number(number))


def _feature(name: str, inputs: Sequence[str]) -> int:
    if name not in inputs:
        raise LessonError(f"a sample has {', '.join(inputs)} and y, no {name}")
    return inputs.index(name)


def _input(move: Move, session: Session) -> Command:
    return SetProbe(None if move.rest == ("none",) else tuple(map(_number, move.rest)))


def _neuron(move: Move, session: Session) -> Command:
    return SetNeuron(None if move.rest == ("none",) else names.neuron(session, move.rest[0]))


def _look(move: Move, session: Session) -> Command:
    return LookAtSample(None if move.rest == ("none",) else _whole(move.rest[0]) - 1)


def _h(move: Move, session: Session) -> Command:
    return SetQuotient(_number(move.rest[0]), central=move.rest[1:] == ("central",))


def _check(move: Move, session: Session) -> Command:
    return SetGradcheck(move.rest != ("off",))


_KINDS: Mapping[str, tuple[int, int, Callable[[Move, Session], Command]]] = {
    "back": (1, 8, _backwards),
    "break": (1, 20, lambda move, session: AddBreakpoint(" ".join(move.rest))),
    "check": (0, 1, _check),
    "fork": (0, 3, lambda move, session: Fork(" ".join(move.rest) or None)),
    "goto": (1, 2, _goto),
    "h": (1, 2, _h),
    "input": (1, 20, _input),
    "knob": (2, 2, lambda move, session: SetKnob(move.rest[0], setting(*move.rest))),
    "look": (1, 1, _look),
    "mistake": (1, 1, _mistake),
    "neuron": (1, 1, _neuron),
    "next": (0, 2, _by(Forward)),
    "plot": (1, 1, lambda move, session: SetPlot(move.rest[0])),
    "previous": (0, 2, _by(Back)),
    "redo": (0, 0, lambda move, session: Redo()),
    "reseed": (0, 1, lambda move, session: Reseed(_whole(move.rest[0]) if move.rest else None)),
    "restart": (0, 0, lambda move, session: Restart()),
    "set": (2, 2, _set),
    "train": (1, 1, _train),
    "undo": (0, 0, lambda move, session: Undo()),
}
"""Moves that are no places: how many words they take, and what they are."""


def _granularity(word: str) -> str:
    if word not in GRANULARITIES:
        raise LessonError(f"{word!r} is no granularity: it is one of {', '.join(GRANULARITIES)}")
    return word


def _whole(word: str) -> int:
    if not re.fullmatch(r"[0-9]{1,12}", word):
        raise LessonError(f"{word!r} is no whole number")
    return int(word)


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise LessonError(f"{word!r} is no number") from None
