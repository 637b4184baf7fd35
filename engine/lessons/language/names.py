"""What a name is on a session: a value of the sample in hand, a parameter, a count, a number of the record. Reads a
session; must not change it, nor know expressions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ...autograd.text.dotted import ASPECTS
from ...training.step.evaluate import Evaluator
from ...training.views.tape import names_of
from ..errors import LessonError
from .numbers import Value

if TYPE_CHECKING:
    from ...training.run.run import Run
    from ...training.session import Session
    from ...training.step.program import Program
    from ...training.step.state import State


def named(session: Session, name: str) -> Value:
    """The number of a name, where a session stands.

    Raises:
        LessonError: there is none of that name, or it is not computed yet.
    """
    label, _, aspect = name.rpartition(".")
    if aspect in ASPECTS and label:
        return of_value(session, label, aspect)
    if is_value(session, name):
        return of_value(session, name, "data")
    if name in RECORDS:
        return RECORDS[name](session)
    raise LessonError(f"there is no {name}{_near(name, [*RECORDS, *session.labels])}")


def is_known(session: Session, name: str) -> bool:
    """Whether a session has a number of that name, be it there yet or not."""
    label, _, aspect = name.rpartition(".")
    return is_value(session, label if aspect in ASPECTS and label else name) or name in RECORDS


def is_value(session: Session, name: str) -> bool:
    """Whether a session has a value of that name, be it computed yet or not."""
    return name in session.labels or _slot(session, name) is not None


def of_value(session: Session, name: str, aspect: str) -> float:
    """`data`, `grad` or `change` of a value by its name or its formula.

    Raises:
        LessonError: there is no such value, it is not computed yet, or it never changes.
    """
    run = session.run
    if aspect == "change":
        index = parameter(session, name)
        return run.parameters[index] - run.state.previous[index]
    if name in session.labels:
        index = session.labels.index(name)
        return (run.parameters if aspect == "data" else run.gradients)[index]
    slot = _slot(session, name)
    if slot is None:
        raise LessonError(f"there is no value {name}{_near(name, names_of(run.stepper.program))}")
    state, reached = in_hand(run)
    if slot >= run.stepper.program.tape.first + reached:
        raise LessonError(f"{name} is not computed yet here: say where, with then, go or at(…)")
    return (state.memory.data if aspect == "data" else state.memory.grad)[slot]


def in_hand(run: Run) -> tuple[State, int]:
    """The numbers of the sample that the last op was of, as the network shows them, and how many of its nodes hold one;
    before the first op those of the first sample, with its inputs alone.
    """
    state = run.state.copy()
    run.stepper.recompute_sample(state)
    if not state.reached:
        run.stepper.prepare(state)
        return state, 0
    return state, state.reached


def parameter(session: Session, name: str) -> int:
    """The index of a parameter by its name.

    Raises:
        LessonError: there is none.
    """
    if name not in session.labels:
        raise LessonError(f"there is no parameter {name}{_near(name, session.labels)}")
    return session.labels.index(name)


def neuron(session: Session, name: str) -> tuple[int, int]:
    """Layer and neuron, from 0, of `L1.n2`.

    Raises:
        LessonError: the model has none.
    """
    layer, _, unit = name.removeprefix("L").partition(".n")
    layers = session.run.stepper.program.layers
    if not (name.startswith("L") and layer.isdecimal() and unit.isdecimal()):
        raise LessonError(f"a neuron is written as L1.n2, not {name}")
    if not 1 <= int(layer) <= len(layers) or not 1 <= int(unit) <= len(layers[int(layer) - 1].units):
        raise LessonError(f"there is no neuron {name}")
    return int(layer) - 1, int(unit) - 1


def weighted_sum(session: Session, name: str) -> float:
    """What a neuron adds up for the sample in hand, before its activation.

    Raises:
        LessonError: there is no such neuron, or it is not computed yet.
    """
    layer, unit = neuron(session, name)
    program, (state, reached) = session.run.stepper.program, in_hand(session.run)
    slot = program.layers[layer].units[unit].sum
    if slot >= program.tape.first + reached:
        raise LessonError(f"{name} is not computed yet here: say where, with then, go or at(…)")
    return state.memory.data[slot]


def count_of(session: Session, part: str) -> float:
    """How many parameters a layer (`L1`) or a neuron (`L1.n2`) has.

    Raises:
        LessonError: it has none.
    """
    found = sum(label.startswith(f"{part}.") for label in session.labels)
    if not found:
        raise LessonError(f"there are no parameters of {part}")
    return float(found)


def predicted(session: Session, inputs: tuple[float, ...]) -> tuple[float, float, float]:
    """What the network makes of an input: its first output, that neuron's sum before the activation, and the class's
    index.

    Raises:
        LessonError: the inputs are not as many as the data has, or there is no network.
    """
    program = session.run.stepper.program
    wanted = len(program.raw_names)
    if program.data is None:
        raise LessonError("an expression has no inputs: put(x, …) sets one of its numbers")
    if len(inputs) != wanted:
        raise LessonError(f"an input has {wanted} numbers, not {len(inputs)}")
    found = Evaluator(session.run.stepper).predict(session.parameters, inputs)
    decision = float("nan") if found.decision is None else float(found.decision)
    return found.outputs[0], found.sums[0], decision


def _near(name: str, known: Iterable[str]) -> str:
    """What may have been meant by a name that is not known, to end a message with."""
    near = get_close_matches(name, [*known], n=3, cutoff=0.5)
    return f": did you mean {' or '.join(near)}?" if near else ""


def _slot(session: Session, name: str) -> int | None:
    """The slot of a value by its name or, if it has none, by its formula, in which blanks make no difference; a neuron
    may be called by its place. None where there is no such value.
    """
    program = session.run.stepper.program
    if _NAME.fullmatch(name):
        labels = _labels(program)
        if name in labels or not _NEURON.fullmatch(name):
            return labels.get(name)
        with suppress(LessonError):
            layer, unit = neuron(session, name)
            return program.layers[layer].units[unit].output
        return None
    names = names_of(program)
    squeezed = "".join(name.split())
    return next((slot for known, slot in names.items() if "".join(known.split()) == squeezed), None)


def _labels(program: Program) -> Mapping[str, int]:
    """The slots of a sample's values that have names of their own."""
    known = _LABELS.get(program)
    if known is None:
        ends = program.tape.first + len(program.tape)
        known = {
            value.label: slot for slot, value in reversed([*enumerate(program.slots.values[:ends])]) if value.label
        }
        _LABELS[program] = known
    return known


def _or_none(number: float | None, what: str) -> float:
    if number is None:
        raise LessonError(f"there is no {what} here yet: say where, with then, go or at(…)")
    return number


def _final(session: Session, which: int) -> float:
    return _or_none(session.final_loss()[which], "accuracy")


def _test(session: Session, which: int) -> float:
    found = session.test()
    return _or_none(None if found is None else found[which], "test sample")


def _accuracy(session: Session) -> float:
    measured = session.run.measured()
    return _or_none(session.measurement(measured - 1).accuracy if measured else None, "accuracy")


def _last_phase(session: Session) -> str:
    last = session.run.last
    return "" if last is None else last.spot.phase


def _phase(session: Session) -> str:
    return "" if session.ended else session.run.coming.spot.phase


_NAME = re.compile(r"[\w.]+")
_NEURON = re.compile(r"L\d+\.n\d+")

_LABELS: WeakKeyDictionary[Program, Mapping[str, int]] = WeakKeyDictionary()
"""They are forgotten with their programs."""

RECORDS: Mapping[str, Callable[[Session], Value]] = {
    "accuracy": _accuracy,
    "breakpoints": lambda session: float(len(list(session.debugger.breakpoints))),
    "ended": lambda session: session.ended,
    "epoch": lambda session: float(session.run.state.epoch),
    "final_accuracy": lambda session: _final(session, 1),
    "final_loss": lambda session: _final(session, 0),
    "forks": lambda session: float(len(session.branches)),
    "gradcheck": lambda session: session.inspector.gradcheck.on,
    "granularity": lambda session: session.granularity,
    "h": lambda session: session.inspector.plotting.quotient.h,
    "last_phase": _last_phase,
    "loss": lambda session: _or_none(session.loss, "loss"),
    "lr": lambda session: session.settings.rate(session.step),
    "op": lambda session: float(session.op),
    "parameters": lambda session: float(len(session.labels)),
    "phase": _phase,
    "samples": lambda session: float(len(session.run.stepper.program.samples)),
    "step": lambda session: float(session.step),
    "test_accuracy": lambda session: _test(session, 1),
    "test_loss": lambda session: _test(session, 0),
}
"""What can be asked for by a single word."""
