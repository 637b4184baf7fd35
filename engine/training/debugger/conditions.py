"""Conditions that people type, as `abs(L1.n1.w0.grad) > 5`: read through `ast` and a whitelist, never evaluated as they
stand. Must not know runs, positions or breakpoints.
"""

from __future__ import annotations

import ast
import math
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from ...autograd.ops.ieee import divide, power
from ...autograd.text.dotted import ASPECTS, dotted
from ...records import record
from ..commands import CommandError
from ..step.program import Program

RECORDED = ("loss", "accuracy", "lr", "step", "epoch")
"""What is kept of every step."""

_LONGEST = 300


class ConditionError(CommandError):
    """The text is no condition, or names what the model does not have; the message is one line that says where."""


Asked = Sequence[float] | Mapping[int, float]
"""Numbers of parameters, by their slots."""


class Numbers(NamedTuple):
    """What a condition is about, at one moment; what does not exist yet is nan."""

    loss: float
    accuracy: float
    lr: float
    step: float
    epoch: float
    data: Asked
    """The parameters, or those that are asked for."""
    grad: Asked
    previous: Asked
    """The parameters before the last update."""


def _differs(a: float, b: float) -> bool:
    """a != b, but False for nan as every other comparison."""
    return a < b or a > b


def _least(*numbers: float) -> float:
    return math.nan if any(map(math.isnan, numbers)) else min(numbers)


def _greatest(*numbers: float) -> float:
    return math.nan if any(map(math.isnan, numbers)) else max(numbers)


_NAMESPACE: Mapping[str, object] = {
    "__builtins__": {},
    "divide": divide,
    "power": power,
    "differs": _differs,
    "abs": abs,
    "min": _least,
    "max": _greatest,
    "isnan": math.isnan,
    "isinf": math.isinf,
    "isfinite": math.isfinite,
    "zip": zip,
}

_MEASURES = {"abs": (1, 1), "min": (2, 9), "max": (2, 9)}
"""Functions that give a number, with how many arguments they take."""

_QUESTIONS = ("isnan", "isinf", "isfinite")
"""Functions that give yes or no."""

_HOLDS = f"lambda {', '.join(Numbers._fields)}: CONDITION"
_EACH = {
    frozenset(): "lambda losses, accuracies: [CONDITION for loss in losses]",
    frozenset({"loss"}): "lambda losses, accuracies: [CONDITION for loss in losses]",
    frozenset({"accuracy"}): "lambda losses, accuracies: [CONDITION for accuracy in accuracies]",
    frozenset({"loss", "accuracy"}): "lambda losses, accuracies: [CONDITION for loss, accuracy in "
    "zip(losses, accuracies)]",
}


@record(eq=False)
class Bound:
    """A condition on one model."""

    recorded: bool
    """It asks for nothing but what is kept of every step."""
    holds: Callable[..., bool]
    """Whether it holds for `Numbers`, given as arguments."""
    each: Callable[..., list[bool]] | None
    """For a condition on loss and accuracy alone: whether it holds for each of many steps, given their losses and
    accuracies.
    """
    tree: ast.expr
    """What was typed."""
    parameters: frozenset[int]
    """The slots of those that it asks for."""


@record
class Condition:
    """A condition that has been read, for any model."""

    text: str
    names: tuple[tuple[str, int], ...]
    """Each name as it was typed, and its column."""

    @property
    def recorded(self) -> bool:
        """It asks for nothing but what is kept of every step; otherwise for parameters or gradients too."""
        return all(name.lower() in RECORDED for name, _ in self.names)

    @property
    def words(self) -> str:
        """What it waits for."""
        return "when it becomes true"

    @property
    def normal(self) -> str:
        """The text without what makes no difference to anybody: blanks, and capitals in words that are not a
        parameter's.
        """
        tokens = re.findall(r"[\w.]+|[<>=!*]+|\S", self.text)
        plain = (*RECORDED, "and", "or", "not")
        return " ".join(token.lower() if token.lower() in plain else token for token in tokens)

    def bind(self, program: Program) -> Bound:
        """The condition on a model.

        Raises:
            ConditionError: it names what the model does not have.
        """
        slots = {label: index for index, label in enumerate(program.labels)}
        for name, column in self.names:
            if name.lower() not in RECORDED and _parameter(name, slots) is None:
                raise ConditionError(f"column {column}: there is no {name}{_nearest(name, slots)}")
        tree = _tree(self.text)
        translation = _Translation(slots)
        body = translation.truth(tree)
        used = frozenset(name.lower() for name, _ in self.names)
        each = _compiled(_EACH[used], body) if used in _EACH else None
        return Bound(self.recorded, _compiled(_HOLDS, body), each, tree, frozenset(translation.parameters))


def parse(text: str) -> Condition:
    """Read a condition: comparisons, and/or/not, + - * / **, numbers, abs, min, max, isnan, isinf, isfinite, the names
    of `RECORDED`, and parameters by their names, with one of `ASPECTS` behind it.

    Raises:
        ConditionError: it is anything else.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        raise ConditionError(f"a condition may have {_LONGEST} characters, this one has {len(text)}")
    try:
        translation = _Translation(None)
        # Made into code here already, so that what is nested too deeply is found while it is typed.
        _compiled(_HOLDS, translation.truth(_tree(text)))
    except SyntaxError as error:
        single = re.search(r"(?<![<>=!])=(?!=)", text)
        if single:
            raise ConditionError(f"column {single.start() + 1}: write == to compare") from None
        where = f"column {error.offset}: " if error.offset else ""
        raise ConditionError(f"{where}{text!r} cannot be read as a condition such as loss < 0.1") from None
    except (RecursionError, MemoryError, OverflowError, ValueError) as error:
        if isinstance(error, ConditionError):
            raise
        raise ConditionError("the condition cannot be read: it is nested too deeply or a number is too long") from None
    return Condition(text, tuple(translation.names))


def _tree(text: str) -> ast.expr:
    # The same number of characters, so that columns stay what they are.
    text = re.sub(r"\b(and|or|not)\b", lambda word: word[0].lower(), text, flags=re.IGNORECASE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text, mode="eval").body


def _compiled(template: str, body: ast.expr) -> Callable[..., Any]:
    """A function of ours, around an expression that was put together of nothing but what is allowed."""

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return body if node.id == "CONDITION" else node

    tree = ast.fix_missing_locations(Fill().visit(ast.parse(template, mode="eval")))
    made: Callable[..., Any] = eval(compile(tree, "<condition>", "eval"), dict(_NAMESPACE))
    return made


def _parameter(name: str, slots: Mapping[str, int]) -> tuple[int, str] | None:
    """The slot of a parameter, and what is asked of it."""
    if name in slots:
        return slots[name], "data"
    label, _, aspect = name.rpartition(".")
    return (slots[label], aspect) if label in slots and aspect in ASPECTS else None


def _nearest(name: str, slots: Mapping[str, int]) -> str:
    label, dot, aspect = name.rpartition(".")
    if label in slots:
        return f": {label} has {', '.join(ASPECTS)}"
    wanted = label if dot and aspect in ASPECTS else name
    near = get_close_matches(wanted, [*RECORDED, *slots], n=3, cutoff=0.5)
    return f": did you mean {' or '.join(near)}?" if near else f": there are {', '.join((*RECORDED, *[*slots][:3]))} …"


class _Translation:
    """Puts the code of a condition together, of allowed parts alone; raises nothing at run time.

    Without `slots` it only checks, and notes the names.
    """

    def __init__(self, slots: Mapping[str, int] | None) -> None:
        self._slots = slots
        self.names: list[tuple[str, int]] = []
        self.parameters: set[int] = set()

    def truth(self, node: ast.expr) -> ast.expr:
        """The code of what holds or does not."""
        match node:
            case ast.BoolOp(op=op, values=values):
                return ast.BoolOp(op, [self.truth(value) for value in values])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return ast.UnaryOp(ast.Not(), self.truth(operand))
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                sides = [self._number(side) for side in (left, *comparators)]
                pairs = zip(sides, ops, sides[1:], strict=False)
                parts = [self._comparison(a, op, b, node) for a, op, b in pairs]
                return parts[0] if len(parts) == 1 else ast.BoolOp(ast.And(), parts)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _QUESTIONS:
                if len(arguments) != 1:
                    raise ConditionError(f"column {node.col_offset + 1}: {name} takes 1 argument, not {len(arguments)}")
                return _call(name, self._number(arguments[0]))
        self._number(node)
        name = dotted(node) or ast.unparse(node)
        raise ConditionError(f"column {node.col_offset + 1}: {name} is a number: compare it, as in {name} > 5")

    @staticmethod
    def _comparison(a: ast.expr, op: ast.cmpop, b: ast.expr, node: ast.expr) -> ast.expr:
        match op:
            case ast.NotEq():
                return _call("differs", a, b)
            case ast.Eq() | ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE():
                return ast.Compare(a, [op], [b])
        raise ConditionError(f"column {node.col_offset + 1}: numbers are compared with < <= > >= == !=")

    def _number(self, node: ast.expr) -> ast.expr:
        """The code of what is a number."""
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return ast.Constant(float(number))
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
                return ast.UnaryOp(sign, self._number(operand))
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() as op, right=right):
                return ast.BinOp(self._number(left), op, self._number(right))
            case ast.BinOp(left=left, op=ast.Div() | ast.Pow() as op, right=right):
                name = "divide" if isinstance(op, ast.Div) else "power"
                return _call(name, self._number(left), self._number(right))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _MEASURES:
                least, most = _MEASURES[name]
                if not least <= len(arguments) <= most:
                    takes = "1 argument" if most == 1 else f"{least} to {most} arguments"
                    raise ConditionError(f"column {node.col_offset + 1}: {name} takes {takes}, not {len(arguments)}")
                return _call(name, *map(self._number, arguments))
            case ast.Name() | ast.Attribute():
                name = dotted(node) or ""
                if name:
                    return self._name(name, node)
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                raise ConditionError(f"column {node.col_offset + 1}: {ast.unparse(node)} is no number")
            case ast.Call(func=ast.Name(id=name)) if name in _QUESTIONS:
                raise ConditionError(f"column {node.col_offset + 1}: {ast.unparse(node)} is no number")
        functions = ", ".join((*_MEASURES, *_QUESTIONS))
        raise ConditionError(
            f"column {node.col_offset + 1} is not allowed: a condition has numbers, names, + - * / **, comparisons, "
            f"and, or, not and {functions}"
        )

    def _name(self, name: str, node: ast.expr) -> ast.expr:
        self.names.append((name, node.col_offset + 1))
        if name.lower() in RECORDED:
            return ast.Name(name.lower(), ast.Load())
        if self._slots is None:
            return ast.Constant(0.0)
        found = _parameter(name, self._slots)
        if found is None:
            raise ConditionError(f"column {node.col_offset + 1}: there is no {name}")
        slot, aspect = found
        self.parameters.add(slot)
        if aspect == "change":
            return ast.BinOp(_item("data", slot), ast.Sub(), _item("previous", slot))
        return _item(aspect, slot)


def _call(name: str, *arguments: ast.expr) -> ast.expr:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def _item(name: str, slot: int) -> ast.expr:
    return ast.Subscript(ast.Name(name, ast.Load()), ast.Constant(slot), ast.Load())
