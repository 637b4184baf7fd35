"""What an expression of a lesson comes to on a session: piece by piece, without any effect on that session. Must not
know lessons, nor what an expression is for.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import partial

from ...autograd.text.dotted import dotted
from ...records import record, replace
from ...training.commands import Goto, SetKnob
from ...training.session import Session
from ...training.step.evaluate import Evaluator
from ..errors import LessonError
from ..pieces import all_of
from . import elsewhere, looks, moves, names
from .numbers import ARITHMETIC, COMPARISON, MEASURES, Value
from .reading import Expression, column

Opener = Callable[[Sequence[str]], Session]
"""Makes a session of the words of a command line.

Raises:
    LessonError: they name nothing that can be opened.
"""

_MOST_VALUES = 100
"""Of a knob, over which something is added up."""

Evaluating = Generator[int, None, Value]
"""Yields now and then how many samples' worth of work was done, and ends with the value."""


@record(eq=False)
class Place:
    """Where an expression is evaluated."""

    session: Session
    """It is read, and stays as it is."""
    now: Session
    """Where the beat itself stands: another one where the expression is of what comes after it."""
    opener: Opener
    quantum: elsewhere.Quantum
    named: Mapping[str, Expression]
    """What the lesson itself has given names."""


def number(expression: Expression, place: Place) -> Generator[int, None, float]:
    """The number that an expression comes to.

    Raises:
        LessonError: it is no number, or something in it is not there.
    """
    return _number(expression.tree, place)


def truth(expression: Expression, place: Place) -> Generator[int, None, bool]:
    """Whether a condition holds.

    Raises:
        LessonError: it is no condition, or something in it is not there.
    """
    found = yield from evaluated(expression.tree, place)
    if not isinstance(found, bool):
        raise LessonError(f"{expression.text} is no condition: compare it, as in {expression.text} > 5")
    return found


def value(expression: Expression, place: Place) -> Evaluating:
    """What an expression comes to, be it a number, a word, or whether it holds."""
    return evaluated(expression.tree, place)


def evaluated(node: ast.expr, place: Place) -> Evaluating:
    """What a part of an expression comes to."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.Constant(value=int() | float() as literal):
            return float(literal)
        case ast.UnaryOp() | ast.BoolOp() | ast.Compare() | ast.IfExp():
            return (yield from _logic(node, place))
        case ast.BinOp(left=left, op=op, right=right):
            a = yield from _number(left, place)
            b = yield from _number(right, place)
            return ARITHMETIC[type(op).__name__](a, b)
        case ast.Attribute(value=ast.Call(args=[name]), attr=aspect):
            formula = yield from _text(name, place)
            return _looked_up(node, partial(names.of_value, place.session, formula, aspect))
        case ast.Call(func=ast.Name(id=function)):
            return (yield from _called(node, function, place))
    return (yield from _name(node, place))


def _logic(node: ast.expr, place: Place) -> Evaluating:
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not (yield from _truth(operand, place))
        case ast.UnaryOp(op=sign, operand=operand):
            found = yield from _number(operand, place)
            return -found if isinstance(sign, ast.USub) else found
        case ast.BoolOp(op=junction, values=values):
            for each in values:
                if (yield from _truth(each, place)) is isinstance(junction, ast.Or):
                    return isinstance(junction, ast.Or)
            return isinstance(junction, ast.And)
        case ast.Compare(left=left, ops=ops, comparators=others):
            before = yield from evaluated(left, place)
            for op, other in zip(ops, others, strict=True):
                after = yield from evaluated(other, place)
                if not _compared(node, before, op, after):
                    return False
                before = after
            return True
        case ast.IfExp(test=test, body=body, orelse=other):
            return (yield from evaluated(body if (yield from _truth(test, place)) else other, place))
    raise AssertionError(ast.unparse(node))


def _compared(node: ast.expr, before: Value, op: ast.cmpop, after: Value) -> bool:
    if isinstance(op, ast.Eq | ast.NotEq) or not (isinstance(before, str) or isinstance(after, str)):
        return COMPARISON[type(op).__name__](before, after)  # type: ignore[arg-type]
    raise LessonError(f"{column(node)}words are compared with == and !=")


def _number(node: ast.expr, place: Place) -> Generator[int, None, float]:
    found = yield from evaluated(node, place)
    if isinstance(found, bool | str):
        raise LessonError(f"{column(node)}{ast.unparse(node)} is no number")
    return found


def _truth(node: ast.expr, place: Place) -> Generator[int, None, bool]:
    found = yield from evaluated(node, place)
    if not isinstance(found, bool):
        raise LessonError(f"{column(node)}{ast.unparse(node)} is no condition")
    return found


def _text(node: ast.expr, place: Place) -> Generator[int, None, str]:
    found = yield from evaluated(node, place)
    if not isinstance(found, str):
        raise LessonError(f"{column(node)}{ast.unparse(node)} has to be in quotation marks")
    return found


def _name(node: ast.expr, place: Place) -> Evaluating:
    name = dotted(node) or ""
    if name in place.named:
        return (yield from evaluated(place.named[name].tree, place))
    return _looked_up(node, partial(names.named, place.session, name))


def _looked_up(node: ast.expr, look: Callable[[], Value]) -> Value:
    """What is found, or where in the expression stands what is not."""
    try:
        return look()
    except LessonError as error:
        raise LessonError(f"{column(node)}{error}") from None


# --- functions


def _called(node: ast.Call, function: str, place: Place) -> Evaluating:
    if function in MEASURES:
        return MEASURES[function](*(yield from all_of(_number(argument, place) for argument in node.args)))
    if function in JOURNEYS:
        try:
            return (yield from JOURNEYS[function](node, place))
        except LessonError as error:
            raise error if str(error).startswith("column") else LessonError(f"{column(node)}{error}") from None
    arguments = yield from all_of(evaluated(argument, place) for argument in node.args)
    return _looked_up(node, partial(looks.LOOKS[function], place.session, *arguments))


# --- elsewhere


def _there(node: ast.expr, place: Place, session: Session) -> Evaluating:
    """A part of an expression on another session."""
    return evaluated(node, replace(place, session=session))


def _at(node: ast.Call, place: Place) -> Evaluating:
    text = yield from _text(node.args[0], place)
    twin = elsewhere.copy_of(place.session)
    for move in text.split(";"):
        yield from moves.made(moves.parse(move), twin, place.quantum)
    return (yield from _there(node.args[1], place, twin))


def _after(node: ast.Call, place: Place) -> Evaluating:
    steps = yield from _number(node.args[0], place)
    if not 0 <= steps <= 1e6 or steps != int(steps):
        raise LessonError(f"{column(node)}after takes a whole number of steps first, not {steps:g}")
    knobs = yield from _knobs(node, place)
    twin = elsewhere.copy_of(place.session)
    for name, given in knobs.items():
        elsewhere.told(twin, SetKnob(name, given))
    yield from elsewhere.going(twin, Goto(twin.step + int(steps), twin.op), place.quantum)
    return (yield from _there(node.args[1], place, twin))


def _first(node: ast.Call, place: Place) -> Evaluating:
    return (yield from _there(node.args[0], place, elsewhere.begun(place.session)))


def _now(node: ast.Call, place: Place) -> Evaluating:
    return (yield from _there(node.args[0], place, place.now))


def _under(node: ast.Call, place: Place) -> Evaluating:
    knobs = yield from _knobs(node, place)
    return (yield from _there(node.args[0], place, (yield from elsewhere.under(place.session, knobs, place.quantum))))


def _mistake(node: ast.Call, place: Place) -> Evaluating:
    name = yield from _text(node.args[0], place)
    knobs = {"mistakes": (*place.session.next_settings.mistakes, name)}
    return (yield from _there(node.args[1], place, (yield from elsewhere.under(place.session, knobs, place.quantum))))


def _called_first(node: ast.Call) -> str:
    """The name that a function takes first, which is not evaluated."""
    name = dotted(node.args[0])
    if name is None:
        raise LessonError(f"{column(node.args[0])}{ast.unparse(node.args[0])} is no name of a number, such as a")
    return name


def _nudged(node: ast.Call, place: Place) -> Evaluating:
    h = yield from _number(node.args[1], place)
    made = yield from elsewhere.with_number(
        place.session, _called_first(node), lambda before: before + h, place.quantum
    )
    return (yield from _there(node.args[2], place, made))


def _put(node: ast.Call, place: Place) -> Evaluating:
    wanted = yield from _number(node.args[1], place)
    made = yield from elsewhere.with_number(place.session, _called_first(node), lambda _: wanted, place.quantum)
    return (yield from _there(node.args[2], place, made))


def _on(node: ast.Call, place: Place) -> Evaluating:
    words = yield from all_of(_text(argument, place) for argument in node.args[:-1])
    session = place.opener(words)
    yield 1  # a network has been built
    return (yield from _there(node.args[-1], place, session))


def _quotient(node: ast.Call, place: Place) -> Evaluating:
    """Of the loss over the batch of the step, whose gradient the screen has, with the parameters of now."""
    h = yield from _number(node.args[1], place)
    central = len(node.args) > 2 and (yield from _text(node.args[2], place)) == "central"
    session = place.session
    index = names.parameter(session, _called_first(node))
    run = session.run
    every, numbers = run.stepper.program.samples, list(run.parameters)
    samples = tuple(every[sample] for sample in run.stepper.batch(run.state))
    x, found = numbers[index], []
    for moved in (x + h, x - h if central else x):
        numbers[index] = moved
        measured = yield from Evaluator(run.stepper).measuring(tuple(numbers), samples, place.quantum)
        found.append(measured[0])
    return ARITHMETIC["Div"](found[0] - found[1], 2.0 * h if central else h)


def _total(node: ast.Call, place: Place) -> Evaluating:
    """Over whole values of a knob, the last one too; what holds counts 1."""
    knob = yield from _text(node.args[0], place)
    least, most = yield from all_of(_number(bound, place) for bound in node.args[1:3])
    if not 0 <= most - least < _MOST_VALUES:
        raise LessonError(f"{column(node)}total goes through at most {_MOST_VALUES} values, from the least to the most")
    found = 0.0
    for value in range(int(least), int(most) + 1):
        knobs = {knob: elsewhere.setting(knob, value)}
        each = yield from _there(node.args[3], place, (yield from elsewhere.under(place.session, knobs, place.quantum)))
        if isinstance(each, str):
            raise LessonError(f"{column(node.args[3])}{ast.unparse(node.args[3])} is no number")
        found += each
    return found


def _knobs(node: ast.Call, place: Place) -> Generator[int, None, dict[str, object]]:
    knobs: dict[str, object] = {}
    for keyword in node.keywords:
        assert keyword.arg is not None
        knobs[keyword.arg] = elsewhere.setting(keyword.arg, (yield from evaluated(keyword.value, place)))
    return knobs


JOURNEYS: Mapping[str, Callable[[ast.Call, Place], Evaluating]] = {
    "after": _after,
    "at": _at,
    "first": _first,
    "mistake": _mistake,
    "now": _now,
    "nudged": _nudged,
    "on": _on,
    "put": _put,
    "quotient": _quotient,
    "total": _total,
    "under": _under,
}
"""By their names in an expression: each takes the call that is to be evaluated elsewhere."""
