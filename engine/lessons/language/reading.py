"""Reads what stands for a number or a condition in a lesson: through `ast` and a whitelist, never run as it stands.
Must not know sessions, nor what a name is there.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from ...autograd.text.dotted import ASPECTS, dotted
from ...records import record
from ..errors import LessonError

_LONGEST = 500
_DEEPEST = 60
"""Levels of brackets and calls; far more than anybody writes, and less than what Python can follow."""

_MOST_PARTS = 1000
"""Numbers, names and signs of an expression with its names written out: they are computed in one go."""


class Takes(NamedTuple):
    """What a function takes."""

    least: int
    most: int
    knobs: bool = False
    """Knobs by their names: `lr=0.1`."""


_ANY = 20

MEASURES: Mapping[str, Takes] = {
    "abs": Takes(1, 1),
    "exp": Takes(1, 1),
    "isfinite": Takes(1, 1),
    "log": Takes(1, 1),
    "max": Takes(1, _ANY),
    "min": Takes(1, _ANY),
    "round": Takes(1, 2),
    "sqrt": Takes(1, 1),
    "sum": Takes(1, _ANY),
    "tanh": Takes(1, 1),
}
"""Functions of numbers."""

LOOKS: Mapping[str, Takes] = {
    "decision": Takes(1, _ANY),
    "gradient_rms": Takes(1, 1),
    "knob": Takes(1, 1),
    "loss_at": Takes(1, 1),
    "looking": Takes(1, 1),
    "node": Takes(1, 1),
    "output": Takes(1, _ANY),
    "parameters": Takes(1, 1),
    "probing": Takes(1, _ANY),
    "weighted": Takes(1, _ANY),
}
"""Functions that ask for something of a session."""

JOURNEYS: Mapping[str, Takes] = {
    "after": Takes(2, 2, knobs=True),
    "at": Takes(2, 2),
    "first": Takes(1, 1),
    "mistake": Takes(2, 2),
    "now": Takes(1, 1),
    "nudged": Takes(3, 3),
    "on": Takes(2, _ANY),
    "put": Takes(3, 3),
    "quotient": Takes(2, 3),
    "total": Takes(4, 4),
    "under": Takes(1, 1, knobs=True),
}
"""Functions that evaluate something elsewhere, on a copy."""

FUNCTIONS: Mapping[str, Takes] = {**MEASURES, **LOOKS, **JOURNEYS}


@record
class Expression:
    """What was read: evaluated by `evaluation`."""

    text: str
    tree: ast.expr


def parse(text: str) -> Expression:
    """Read an expression or a condition.

    Raises:
        LessonError: it is neither; the message is one line that says in which column.
    """
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        raise LessonError(f"an expression may have {_LONGEST} characters, this one has {len(text)}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        where = f"column {error.offset}: " if error.offset else ""
        raise LessonError(f"{where}{text!r} cannot be read as an expression such as 2 * a.grad") from None
    except (RecursionError, MemoryError, OverflowError, ValueError):
        raise LessonError("an expression cannot be read: it is nested too deeply, or a number is too long") from None
    _check(tree, 0)
    return Expression(text, tree)


def number_name(expression: Expression) -> str | None:
    """What a number is called, where an expression is nothing but one: `a.grad`, `loss`, `a*b.grad` for that of
    `node("a*b")`; None where it is computed of others.
    """
    match expression.tree:
        case ast.Call(func=ast.Name(id="node"), args=[ast.Constant(value=str() as formula)]):
            return formula
        case ast.Attribute(value=ast.Call(args=[ast.Constant(value=str() as formula)]), attr=aspect):
            return formula if aspect == "data" else f"{formula}.{aspect}"
        case tree:
            return dotted(tree)


def column(node: ast.expr) -> str:
    """Where a part of an expression stands, to begin a message with."""
    return f"column {node.col_offset + 1}: "


def names(expression: Expression) -> Iterator[str]:
    """The names in an expression, of values and of all else."""
    return (node.id for node in ast.walk(expression.tree) if isinstance(node, ast.Name))


class Extent(NamedTuple):
    """How much an expression is, with the names in it written out."""

    levels: int
    parts: int


def extent(expression: Expression, named: Mapping[str, Extent]) -> Extent:
    """How much an expression is, of which some names stand for others.

    Raises:
        LessonError: it is more than can be computed at once.
    """
    found = _extent(expression.tree, named)
    if found.levels > _DEEPEST or found.parts > _MOST_PARTS:
        raise LessonError("with the names in it written out, it is nested too deeply or too long")
    return found


def _extent(node: ast.expr, named: Mapping[str, Extent]) -> Extent:
    known = named.get(dotted(node) or "")
    if known is not None:
        return Extent(1 + known.levels, 1 + known.parts)
    inside = [_extent(part, named) for part in _parts(node)]
    return Extent(1 + max((part.levels for part in inside), default=0), 1 + sum(part.parts for part in inside))


def _check(node: ast.expr, depth: int) -> None:
    """See that there is nothing but what is allowed."""
    if depth > _DEEPEST:
        raise LessonError(f"{column(node)}an expression may be nested {_DEEPEST} levels deep")
    for part in _parts(node):
        _check(part, depth + 1)


def _parts(node: ast.expr) -> list[ast.expr]:
    """The expressions of which an allowed one consists."""
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return _number(node, number)
        case ast.Constant(value=str()):
            return []
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Not(), operand=operand):
            return [operand]
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow(), right=right):
            return [left, right]
        case ast.BoolOp(values=values):
            return values
        case ast.Compare(left=left, ops=ops, comparators=others):
            if not all(isinstance(op, ast.Eq | ast.NotEq | ast.Lt | ast.LtE | ast.Gt | ast.GtE) for op in ops):
                raise LessonError(f"{column(node)}numbers are compared with < <= > >= == !=")
            return [left, *others]
        case ast.IfExp(test=test, body=body, orelse=other):
            return [test, body, other]
        case ast.Attribute(value=ast.Call() as call, attr=aspect):
            return _of_node(node, call, aspect)
        case ast.Name() | ast.Attribute() if dotted(node) is not None:
            return []
        case ast.Call(func=ast.Name(id=name)):
            return _call(node, name)
    raise LessonError(
        f"{column(node)}{ast.unparse(node)} is not allowed: there are numbers, names, + - * / **, comparisons, and, "
        "or, not, if and else, and functions"
    )


def _number(node: ast.expr, number: float) -> list[ast.expr]:
    try:
        float(number)
    except OverflowError:
        raise LessonError(f"{column(node)}the number is too large") from None
    return []


def _of_node(node: ast.expr, call: ast.Call, aspect: str) -> list[ast.expr]:
    if not (isinstance(call.func, ast.Name) and call.func.id == "node"):
        raise LessonError(f"{column(node)}only a value and node(…) have .{aspect}")
    if aspect not in ASPECTS:
        raise LessonError(f"{column(node)}a node has .data and .grad, not .{aspect}")
    return [call]


def _call(node: ast.Call, name: str) -> list[ast.expr]:
    takes = FUNCTIONS.get(name)
    if takes is None:
        near = get_close_matches(name, FUNCTIONS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(FUNCTIONS))}"
        raise LessonError(f"{column(node)}there is no function {name}: {hint}")
    if not takes.least <= len(node.args) <= takes.most:
        most = "more" if takes.most == _ANY else takes.most
        takes_words = f"{takes.least}" if takes.least == takes.most else f"{takes.least} to {most}"
        plural = "" if takes_words == "1" else "s"
        raise LessonError(f"{column(node)}{name} takes {takes_words} argument{plural}, not {len(node.args)}")
    if node.keywords and not takes.knobs:
        raise LessonError(f"{column(node)}{name} takes no {node.keywords[0].arg}=")
    if any(keyword.arg is None for keyword in node.keywords):
        raise LessonError(f"{column(node)}{name} takes knobs by their names, as in lr=0.1")
    return [*node.args, *(keyword.value for keyword in node.keywords)]
