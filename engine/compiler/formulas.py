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
    found: list[tuple[int, str, int]] = []
    weight = 0

    def visit(node: ast.expr, least: int) -> int:
        """Note the variables of an expression; returns how tightly it binds itself."""
        nonlocal weight
        weight += 1
        match node:
            case ast.Name(name):
                weight -= 1
                if name in names:
                    found.append((node.col_offset, name, least))
                return ATOM
            case ast.BinOp(left, ast.Pow(), right):
                visit(left, ATOM)
                visit(right, SIGN)
                return POWER
            case ast.BinOp(left, operator, right):
                precedence = SUM if isinstance(operator, ast.Add | ast.Sub) else PRODUCT
                visit(left, precedence)
                visit(right, precedence + 1)
                return precedence
            case ast.UnaryOp(ast.USub(), operand):
                visit(operand, SIGN)
                return SIGN
            case ast.Compare(left, _, comparators):
                for side in (left, *comparators):
                    visit(side, SUM)
                return COMPARISON
            case ast.BoolOp(_, values):
                for value in values:
                    visit(value, COMPARISON)
                return OR
            case ast.IfExp(test, body, orelse):
                visit(body, OR)
                visit(test, OR)
                visit(orelse, CONDITIONAL)
                return CONDITIONAL
            case ast.Call(_, args):
                for arg in args:
                    visit(arg, CONDITIONAL)
                return ATOM
            case ast.Constant():
                weight -= 1
                return ATOM
        raise ValueError(f"a formula cannot have {ast.unparse(node)!r}")

    precedence = visit(ast.parse(formula, mode="eval").body, CONDITIONAL)
    found.sort()
    between, end = [], 0
    for column, name, _ in found:
        between.append(formula[end:column])
        end = column + len(name)
    return _Parsed((*between, formula[end:]), tuple((name, least) for _, name, least in found), precedence, weight)
