"""Python expressions as text, put together from formulas. Knows how expressions are written; must not know tapes,
networks or training.

They get exactly the brackets that their order of evaluation needs: floats do not associate.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

CONDITIONAL, OR, COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = range(8)
"""How tightly an expression binds, from the loosest on."""

TERMS = 16
"""Longer sums are split into several statements: the compiler's recursion has limits, and so have readers."""

HEAVIEST = 32
"""An expression of so many operations gets a name even if it is used but once."""


class Expr(NamedTuple):
    """An expression."""

    text: str
    precedence: int = ATOM
    weight: int = 0
    """Operations in it."""


def literal(data: float) -> Expr:
    """A number; `inf` and `nan` are names."""
    if data != data:
        return Expr("nan")
    text = repr(abs(data))
    return Expr(text) if math.copysign(1.0, data) > 0.0 else Expr(f"-{text}", SIGN)


def bracketed(expr: Expr, least: int) -> str:
    """The text of an expression, in brackets if it binds less tightly than `least`."""
    return expr.text if expr.precedence >= least else f"({expr.text})"


def negative(expr: Expr) -> Expr:
    """Minus an expression."""
    if _is_negative(expr):
        return Expr(expr.text[1:], ATOM, expr.weight)
    return Expr(f"-{bracketed(expr, SIGN)}", SIGN, expr.weight + 1)


def product(derivative: Expr, grad: Expr) -> Expr:
    """derivative · grad, with factors ±1 left out: they change no bit."""
    for one, other in ((derivative, grad), (grad, derivative)):
        if one.text == "1.0":
            return other
        if one.text == "-1.0":
            return negative(other)
    text = f"{bracketed(derivative, PRODUCT)} * {bracketed(grad, SIGN)}"
    return Expr(text, PRODUCT, derivative.weight + grad.weight + 1)


def total(terms: Sequence[Expr]) -> Expr:
    """The terms added from left to right; adding −x is subtracting x."""
    if len(terms) == 1:
        return terms[0]
    text = bracketed(terms[0], SUM)
    for term in terms[1:]:
        text += f" - {term.text[1:]}" if _is_negative(term) else f" + {bracketed(term, PRODUCT)}"
    return Expr(text, SUM, sum(term.weight + 1 for term in terms) - 1)


def set_to_sum(name: str, terms: Sequence[Expr]) -> list[str]:
    """The statements that set a variable to the sum of terms, in their order."""
    rest = [[Expr(name), *terms[start : start + TERMS]] for start in range(TERMS, len(terms), TERMS)]
    return [f"{name} = {total(part).text}" for part in (terms[:TERMS], *rest)]


def accumulate(name: str, term: Expr) -> str:
    """The statement that adds a term to a variable."""
    if _is_negative(term):
        return f"{name} -= {term.text[1:]}"
    return f"{name} += {term.text}"


def _is_negative(expr: Expr) -> bool:
    """Whether it is minus something that binds as tightly as a sign does."""
    return expr.precedence == SIGN and expr.text.startswith("-")


# --- formulas with variables in them


def substituted(formula: str, values: Mapping[str, Expr]) -> Expr:
    """A formula with expressions in place of its variables."""
    if formula in values:
        return values[formula]
    parsed = _parsed(formula, tuple(values))
    parts, weight = [parsed.between[0]], parsed.weight
    for (name, least), following in zip(parsed.variables, parsed.between[1:], strict=True):
        value = values[name]
        parts += (bracketed(value, least), following)
        weight += value.weight
    return Expr("".join(parts), parsed.precedence, weight)


@lru_cache(maxsize=256)
def variables(formula: str) -> tuple[str, ...]:
    """The variables of an op's formula, as often as they occur."""
    return tuple(name for name, _ in _parsed(formula, ("a", "b", "y")).variables)


def hoisted(formula: str, fixed: frozenset[str], hoists: dict[str, str]) -> str:
    """A formula with each operation on nothing but `fixed` names and literals replaced by a name. What the names stand
    for goes into `hoists`, expression -> name: computed once, instead of once a parameter, it has the same bits.
    """

    class Hoist(ast.NodeTransformer):
        def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
            names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
            if names and names <= fixed:
                return ast.Name(hoists.setdefault(ast.unparse(node), f"c{len(hoists)}"))
            return self.generic_visit(node)

    return ast.unparse(Hoist().visit(ast.parse(formula, mode="eval").body))


class _Parsed(NamedTuple):
    """A formula, taken apart at its variables."""

    between: tuple[str, ...]
    """The text before, between and after the variables."""
    variables: tuple[tuple[str, int], ...]
    """Each one's name, and how tightly what takes its place must bind."""
    precedence: int
    weight: int


@lru_cache(maxsize=256)
def _parsed(formula: str, names: tuple[str, ...]) -> _Parsed:
    reading = _Reading(names)
    precedence = reading.visit(ast.parse(formula, mode="eval").body, CONDITIONAL)
    found = sorted(reading.found)
    between, end = [], 0
    for column, name, _ in found:
        between.append(formula[end:column])
        end = column + len(name)
    variables = tuple((name, least) for _, name, least in found)
    return _Parsed((*between, formula[end:]), variables, precedence, reading.weight)


class _Reading:
    """What is found in a formula with variables of these names."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.found: list[tuple[int, str, int]] = []
        """(column, name, how tightly what takes its place must bind) of each variable."""
        self.weight = 0

    def visit(self, node: ast.expr, least: int) -> int:
        """Note what is in an expression that must bind as tightly as `least`; returns how tightly it binds itself.

        Raises:
            ValueError: a formula cannot have it.
        """
        if isinstance(node, ast.Name):
            if node.id in self.names:
                self.found.append((node.col_offset, node.id, least))
            return ATOM
        if isinstance(node, ast.Constant):
            return ATOM
        precedence, parts = _operation(node)
        self.weight += 1
        for part, tightly in parts:
            self.visit(part, tightly)
        return precedence


def _operation(node: ast.expr) -> tuple[int, list[tuple[ast.expr, int]]]:
    """How tightly an operation binds; its operands, and how tightly these must."""
    match node:
        case ast.BinOp(left, ast.Pow(), right):
            return POWER, [(left, ATOM), (right, SIGN)]
        case ast.BinOp(left, ast.Add() | ast.Sub(), right):
            return SUM, [(left, SUM), (right, PRODUCT)]
        case ast.BinOp(left, _, right):
            return PRODUCT, [(left, PRODUCT), (right, SIGN)]
        case ast.UnaryOp(ast.USub(), operand):
            return SIGN, [(operand, SIGN)]
        case ast.Compare(left, _, comparators):
            return COMPARISON, [(side, SUM) for side in (left, *comparators)]
        case ast.BoolOp(_, values):
            return OR, [(value, COMPARISON) for value in values]
        case ast.IfExp(test, body, orelse):
            return CONDITIONAL, [(body, OR), (test, OR), (orelse, CONDITIONAL)]
        case ast.Call(_, arguments):
            return ATOM, [(argument, CONDITIONAL) for argument in arguments]
    raise ValueError(f"a formula cannot have {ast.unparse(node)!r}")
