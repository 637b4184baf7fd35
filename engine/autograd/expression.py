"""Reads a typed expression into Values, through `ast` and a whitelist: no text is ever run. Must not know tapes or
training.
"""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Callable, Mapping

from .ops import OPS
from .value import Value, apply

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

    It may use + - * / ** brackets, numbers, the leaves' names and `FUNCTIONS`.

    Raises:
        ExpressionError: anything else, a leaf without a number, a number for a leaf that is not there, a number that
            overflows, a division by a literal 0, or no operation at all.
    """
    if len(source) > _LONGEST:
        raise ExpressionError(f"an expression may have {_LONGEST} characters, this one has {len(source)}")
    try:
        tree = _tree(source)
        if (depth := _depth(tree.body)) > _DEEPEST:
            raise ExpressionError(f"an expression may be nested {_DEEPEST} levels deep, this one is {depth}")
        values = {name: Value(number, name) for name, number in leaves.items()}
        used: set[str] = set()
        root = _build(tree.body, values, used)
    except SyntaxError as error:
        where = f" at column {error.offset}" if error.offset else ""
        raise ExpressionError(f"{source!r} cannot be read{where}: {error.msg}") from None
    except (RecursionError, MemoryError):
        raise ExpressionError("the expression cannot be read: it is nested too deeply") from None
    except (OverflowError, ValueError) as error:
        if isinstance(error, ExpressionError):
            raise
        raise ExpressionError(f"the expression cannot be read: {error}") from None
    unused = [name for name in leaves if name not in used]
    if unused:
        raise ExpressionError(f"there is no {unused[0]} in {source!r}")
    if root.op is None:
        raise ExpressionError(f"{source!r} has no operation to step through")
    return root, list(values.values())


def _tree(source: str) -> ast.Expression:
    with warnings.catch_warnings():
        # Python warns of doubtful syntax, on stderr; here it is an error or it is fine.
        warnings.simplefilter("ignore")
        return ast.parse(source.strip(), mode="eval")


def _depth(node: ast.expr) -> int:
    """The levels of the expression below a node, its own among them."""
    depth, level = 0, [node]
    while level:
        depth += 1
        level = [child for above in level for child in ast.iter_child_nodes(above) if isinstance(child, ast.expr)]
    return depth


def _build(node: ast.expr, values: Mapping[str, Value], used: set[str]) -> Value:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Value(_finite(number, node))
        case ast.Name(id=name) if name in values:
            used.add(name)
            return values[name]
        case ast.Name(id=name):
            raise ExpressionError(f"{name} has no number: write {name}=1.0 behind the expression")
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)) if not isinstance(
            number, bool
        ):
            return Value(-_finite(number, node))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_build(operand, values, used)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _build(operand, values, used)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _BINARY:
            a, b = _build(left, values, used), _build(right, values, used)
            if isinstance(operator, ast.Div) and b.op is None and not b.label and b.data == 0.0:
                raise ExpressionError(f"division by zero at column {right.col_offset + 1}")
            return _BINARY[type(operator)](a, b)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            op = OPS[name]
            if len(arguments) != op.arity:
                raise ExpressionError(f"{name} takes {op.arity} argument{'s' * (op.arity > 1)}, not {len(arguments)}")
            return apply(op, *(_build(argument, values, used) for argument in arguments))
    allowed = f"numbers, names, + - * / ** and {', '.join(FUNCTIONS)}"
    raise ExpressionError(f"column {node.col_offset + 1} is not allowed: an expression has {allowed}")


def _finite(literal: float, node: ast.expr) -> float:
    number = Value(literal).data
    if math.isinf(number):
        raise ExpressionError(f"column {node.col_offset + 1} is too large: a number must be finite")
    return number


def parse_leaf(text: str) -> tuple[str, float]:
    """`a=2.0` as (`a`, 2.0).

    Raises:
        ExpressionError: it is not of that form, the name is no name, or the number is not finite.
    """
    name, equals, number = text.partition("=")
    name = name.strip()
    if not equals or not name.isidentifier() or not name.isascii() or name in FUNCTIONS:
        raise ExpressionError(f"{text!r} is no leaf: write NAME=NUMBER, such as a=2.0")
    try:
        value = float(number)
    except ValueError:
        raise ExpressionError(f"{name}={number!r} is no number") from None
    if not math.isfinite(value):
        raise ExpressionError(f"{name} must be finite, not {number}")
    return name, value
