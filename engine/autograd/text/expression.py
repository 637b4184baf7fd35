"""Reads a typed expression into Values, through `ast` and a whitelist: no text is ever run. Must not know tapes or
training.
"""

from __future__ import annotations

import ast
import math
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from keyword import iskeyword

from ..ops.table import OPS
from ..value import Value, apply
from . import notation, spelling
from .spelling import Step

FUNCTIONS = (
    "sqrt", "exp", "log", "sin", "cos", "abs", "max", "min", "tanh", "sigmoid", "relu", "leaky_relu", "elu", "gelu",
    "silu", "softplus", "step",
)  # fmt: skip
"""The functions that an expression may call."""

_LONGEST = 1000

_DEEPEST = 600
"""A sum of as many terms as fit is 500 deep. Without a bound, how deep is too deep would hang on who reads it."""

_BINARY: Mapping[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: Value.__add__,
    ast.Sub: Value.__sub__,
    ast.Mult: Value.__mul__,
    ast.Div: Value.__truediv__,
    ast.Pow: lambda a, b: a ** (b.data if b.op is None and not b.label else b),
}


class ExpressionError(ValueError):
    """The text is no expression that can be differentiated; the message is one line that says what and where."""


def parse(source: str, leaves: Mapping[str, float]) -> tuple[Value, list[Value]]:
    """The expression as a Value, and its leaves in the order given.

    It may use + - * / ** ^ brackets, numbers, the leaves' names and `FUNCTIONS`; products may be implied, as `spelling`
    tells. Several steps, `e = a*b; d = e + c`, stand in one line or in several: a step with a name is one node however
    often later ones use it, labelled with that name, and the last step is the value.

    Raises:
        ExpressionError: anything else, a leaf without a number, a number for a leaf that is not there, a number that
            overflows, a division by a literal 0, no operation at all, or a step that is used before it is assigned,
            assigned twice or to a leaf, without an operation of its own, or not used.
    """
    if len(source) > _LONGEST:
        raise ExpressionError(f"an expression may have {_LONGEST} characters, this one has {len(source)}")
    steps = spelling.steps(source)
    values = {name: Value(number, label=name) for name, number in leaves.items()}
    reader = _Reader(source, values, {step.name for step in steps})
    try:
        roots = [reader.read(step, last=step is steps[-1]) for step in steps]
    except (RecursionError, MemoryError):
        raise ExpressionError("the expression cannot be read: it is nested too deeply") from None
    except (OverflowError, ValueError) as error:
        if isinstance(error, ExpressionError):
            raise
        raise ExpressionError(f"the expression cannot be read: {error}") from None
    if unused := [step.name for step in steps[:-1] if step.name not in reader.used]:
        raise ExpressionError(f"{unused[0]} is not used: the last step is the value")
    if unused := [name for name in leaves if name not in reader.used]:
        raise ExpressionError(f"there is no {unused[0]} in {source!r}")
    if not roots or roots[-1].op is None:
        raise ExpressionError(f"{source!r} has no operation to step through")
    return roots[-1], [values[name] for name in leaves]


def _depth(node: ast.expr) -> int:
    """The levels of the expression below a node, its own among them."""
    depth, level = 0, [node]
    while level:
        depth += 1
        level = [child for above in level for child in ast.iter_child_nodes(above) if isinstance(child, ast.expr)]
    return depth


def _why(error: SyntaxError, text: str, offset: int) -> str:
    """What is wrong with a step; Python itself would recommend signs that no expression has."""
    before, at = text[: max(0, offset - 1)], text[max(0, offset - 1) : offset]
    if "'=='" in error.msg or at == "=":
        return "a step is NAME = EXPRESSION"
    if error.msg.startswith("invalid syntax") and re.search(r"[\w.)]\s*$", before) and re.match(r"[\w.(]", at):
        return "a sign is missing before it"
    return error.msg


class _Reader:
    """Reads the steps of a source, one after the other."""

    def __init__(self, source: str, values: dict[str, Value], assigned: set[str]) -> None:
        self.source = source
        self.values = values
        """Leaves, and the steps so far, by their names."""
        self.leaves = frozenset(values)
        self.assigned = assigned
        """The names of all steps."""
        self.used: set[str] = set()
        self._places: Sequence[int] = ()

    def read(self, step: Step, *, last: bool) -> Value:
        """The Value of a step, labelled with its name."""
        self._places = step.places
        name = step.name
        if name:
            self._check_name(name)
        tree = self._tree(step.text)
        if not name and not last:
            where = self._place(step.places[0])
            raise ExpressionError(f"the step at {where} has no name: only the last one goes without")
        if (depth := _depth(tree.body)) > _DEEPEST:
            raise ExpressionError(f"an expression may be nested {_DEEPEST} levels deep, this one is {depth}")
        value = self._build(tree.body)
        if name:
            if value.op is None and not value.label:
                number = notation.number(value.data)
                raise ExpressionError(f"{name} is a number: write {name}={number} behind the expression")
            if value.label:
                raise ExpressionError(f"{name} is {value.label} again: a step has an operation of its own")
            value.label = name
            self.values[name] = value
        return value

    def _check_name(self, name: str) -> None:
        if name in self.leaves:
            raise ExpressionError(f"{name} is a leaf: give the step another name")
        if name in self.values:
            raise ExpressionError(f"{name} is assigned twice")
        if name in FUNCTIONS or iskeyword(name):
            raise ExpressionError(f"{name} cannot be a name: it has a meaning of its own")

    def _tree(self, text: str) -> ast.Expression:
        try:
            with warnings.catch_warnings():
                # Python warns of doubtful syntax, on stderr; here it is an error or it is fine.
                warnings.simplefilter("ignore")
                return ast.parse(text, mode="eval")
        except SyntaxError as error:
            offset = min(error.offset or 0, len(text) + 1)
            where = f" at {self._place(self._places[offset - 1])}" if offset else ""
            raise ExpressionError(f"{self.source!r} cannot be read{where}: {_why(error, text, offset)}") from None

    def _build(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return Value(self._finite(number, node))
            case ast.Name(id=name):
                return self._named(name, node)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)) if not isinstance(
                number, bool
            ):
                return Value(-self._finite(number, node))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._build(operand)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self._build(operand)
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _BINARY:
                a, b = self._build(left), self._build(right)
                if isinstance(operator, ast.Div) and b.op is None and not b.label and b.data == 0.0:
                    raise ExpressionError(f"division by zero at {self._at(right)}")
                return _BINARY[type(operator)](a, b)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
                op = OPS[name]
                if len(arguments) != op.arity:
                    raise ExpressionError(
                        f"{name} takes {op.arity} argument{'s' * (op.arity > 1)}, not {len(arguments)}"
                    )
                return apply(op, *(self._build(argument) for argument in arguments))
            case ast.Call(func=ast.Name(id=name)) if name in self.values or name in self.assigned:
                raise ExpressionError(f"{name} at {self._at(node)} is no function: a product is {name}*(…)")
            case ast.Call(func=ast.Name(id=name)) if name not in FUNCTIONS:
                raise ExpressionError(f"{name} at {self._at(node)} is no function: there are {', '.join(FUNCTIONS)}")
        allowed = f"numbers, names, + - * / ^ ** and {', '.join(FUNCTIONS)}"
        raise ExpressionError(f"{self._at(node)} is not allowed: an expression has {allowed}")

    def _named(self, name: str, node: ast.expr) -> Value:
        """The leaf or step of that name."""
        if name in self.values:
            self.used.add(name)
            return self.values[name]
        if name in self.assigned:
            raise ExpressionError(f"{name} at {self._at(node)} is used before it is assigned")
        if name in FUNCTIONS:
            raise ExpressionError(f"{name} at {self._at(node)} is a function: write {name}(…)")
        product = f", or {'*'.join(name)} for a product" if len(name) > 1 and self.values.keys() >= set(name) else ""
        raise ExpressionError(f"{name} has no number: write {name}=1.0 behind the expression{product}")

    def _finite(self, literal: float, node: ast.expr) -> float:
        number = Value(literal).data
        if math.isinf(number):
            raise ExpressionError(f"{self._at(node)} is too large: a number must be finite")
        return number

    def _at(self, node: ast.expr) -> str:
        return self._place(self._places[node.col_offset])

    def _place(self, index: int) -> str:
        """`column 5`, as it was typed, and which line where there are several."""
        lines = self.source[:index].split("\n")
        column = f"column {len(lines[-1]) + 1}"
        return f"{column} of line {len(lines)}" if "\n" in self.source else column


def parse_leaf(text: str) -> tuple[str, float]:
    """`a=2.0` as (`a`, 2.0).

    Raises:
        ExpressionError: it is not of that form, the name is no name, or the number is not finite.
    """
    name, equals, number = text.partition("=")
    name = name.strip()
    if not equals or not name.isidentifier() or not name.isascii() or name in FUNCTIONS or iskeyword(name):
        raise ExpressionError(f"{text!r} is no leaf: write NAME=NUMBER, such as a=2.0")
    try:
        value = float(number)
    except ValueError:
        raise ExpressionError(f"{name}={number!r} is no number") from None
    if not math.isfinite(value):
        raise ExpressionError(f"{name} must be finite, not {number}")
    return name, value
