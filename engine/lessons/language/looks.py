"""What an expression asks of a session by a function: counts, knobs, sizes of gradients, predictions. Must not change
the session, nor know expressions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from ...training.session import Session
from ..errors import LessonError
from . import names
from .numbers import Value


def _node(session: Session, formula: Value) -> Value:
    return names.of_value(session, _word("node", formula), "data")


def _parameters(session: Session, part: Value) -> Value:
    return names.count_of(session, _word("parameters", part))


def _gradient_rms(session: Session, layer: Value) -> Value:
    word = _word("gradient_rms", layer)
    number = re.fullmatch(r"L([0-9]{1,9})", word)
    if number is None:
        raise LessonError(f"a layer is written as L1, not {word}")
    try:
        return session.gradient_rms(int(number[1]))
    except IndexError as error:
        raise LessonError(str(error)) from None


def _loss_at(session: Session, step: Value) -> Value:
    if isinstance(step, str) or not 0 <= step < session.run.measured():
        raise LessonError(f"no loss was measured at step {step} here")
    return session.run.history.loss[int(step)]


def _knob(session: Session, name: Value) -> Value:
    word = _word("knob", name)
    if word not in type(session.settings).__match_args__:
        raise LessonError(f"there is no knob called {word!r}")
    found = getattr(session.next_settings, word)
    if isinstance(found, tuple):
        return ",".join(map(str, found))
    return found if isinstance(found, str | bool) else float("nan") if found is None else float(found)


def _looking(session: Session, neuron: Value) -> Value:
    return session.inspector.neuron == names.neuron(session, _word("looking", neuron))


def _probing(session: Session, *inputs: Value) -> Value:
    return session.inspector.probe == _inputs(inputs)


def _output(session: Session, *inputs: Value) -> Value:
    return names.predicted(session, _inputs(inputs))[0]


def _weighted(session: Session, *inputs: Value) -> Value:
    if isinstance(inputs[0], str):
        return names.weighted_sum(session, inputs[0])
    return names.predicted(session, _inputs(inputs))[1]


def _decision(session: Session, *inputs: Value) -> Value:
    return names.predicted(session, _inputs(inputs))[2]


def _word(function: str, given: Value) -> str:
    if not isinstance(given, str):
        raise LessonError(f"{function} takes a name in quotation marks")
    return given


def _inputs(given: Sequence[Value]) -> tuple[float, ...]:
    numbers = tuple([each for each in given if not isinstance(each, bool | str)])
    if len(numbers) < len(given):
        raise LessonError("an input is a list of numbers")
    return numbers


LOOKS: Mapping[str, Callable[..., Value]] = {
    "decision": _decision,
    "gradient_rms": _gradient_rms,
    "knob": _knob,
    "loss_at": _loss_at,
    "looking": _looking,
    "node": _node,
    "output": _output,
    "parameters": _parameters,
    "probing": _probing,
    "weighted": _weighted,
}
"""By their names in an expression."""
