"""Python source from formulas and guarded statements. Knows the syntax of expressions; must not know tapes, networks
or training.

Expressions are put together as text with exactly the brackets that their order of evaluation needs: floats do not
associate.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

SUM, PRODUCT, SIGN, ATOM = 3, 4, 5, 9
"""How tightly an expression binds; 0 for a conditional one, 1 for `or`, 2 for a comparison."""

TERMS = 16
"""Longer sums are split into several statements: the compiler's recursion has limits, and so have readers."""

COLUMNS = 116


class Text(NamedTuple):
    """An expression."""

    text: str
    binding: int = ATOM
    weight: int = 0
    """Operations in it."""


def number(data: float) -> Text:
    """A literal; `inf` and `nan` are names."""
    if data != data:
        return Text("nan")
    text = repr(abs(data))
    return Text(text) if math.copysign(1.0, data) > 0.0 else Text(f"-{text}", SIGN)


def bracketed(item: Text, least: int) -> str:
    """The expression, in brackets if it binds less tightly than `least`."""
    return item.text if item.binding >= least else f"({item.text})"


def negative(item: Text) -> Text:
    """Minus an expression."""
    if item.binding == SIGN and item.text.startswith("-"):
        return Text(item.text[1:], ATOM, item.weight)
    return Text(f"-{bracketed(item, SIGN)}", SIGN, item.weight + 1)


def times(partial: Text, grad: Text) -> Text:
    """partial · grad, with factors ±1 left out: they change no bit."""
    for one, other in ((partial, grad), (grad, partial)):
        if one.text == "1.0":
            return other
        if one.text == "-1.0":
            return negative(other)
    text = f"{bracketed(partial, PRODUCT)} * {bracketed(grad, SIGN)}"
    return Text(text, PRODUCT, partial.weight + grad.weight + 1)


def total(terms: Sequence[Text]) -> Text:
    """The terms added from left to right."""
    if len(terms) == 1:
        return terms[0]
    text = bracketed(terms[0], SUM) + "".join(map(added, terms[1:]))
    return Text(text, SUM, sum(term.weight + 1 for term in terms) - 1)


def added(term: Text) -> str:
    """What follows a sum to add a term to it; adding −x is subtracting x."""
    if term.binding == SIGN and term.text.startswith("-"):
        return f" - {term.text[1:]}"
    return f" + {bracketed(term, PRODUCT)}"


def adding(name: str, term: Text) -> str:
    """The statement that adds a term to a variable."""
    if term.binding == SIGN and term.text.startswith("-"):
        return f"{name} -= {term.text[1:]}"
    return f"{name} += {term.text}"


def sums(name: str, terms: Sequence[Text]) -> list[str]:
    """The statements that set a variable to the sum of terms, in their order."""
    rest = [[Text(name), *terms[start : start + TERMS]] for start in range(TERMS, len(terms), TERMS)]
    return [f"{name} = {total(part).text}" for part in (terms[:TERMS], *rest)]


class _Formula(NamedTuple):
    pieces: tuple[str, ...]
    """The text around the variables: one more than `places`."""
    places: tuple[tuple[str, int], ...]
    """Each variable's name, and how tightly what takes its place must bind."""
    binding: int
    weight: int


@lru_cache(maxsize=256)
def _parsed(formula: str, variables: tuple[str, ...]) -> _Formula:
    found: list[tuple[int, str, int]] = []
    weight = 0

    def visit(node: ast.expr, least: int) -> int:
        """Note the variables of an expression; returns how tightly it binds itself."""
        nonlocal weight
        weight += 1
        match node:
            case ast.Name(name):
                weight -= 1
                if name in variables:
                    found.append((node.col_offset, name, least))
                return ATOM
            case ast.BinOp(left, operator, right):
                binding = SUM if isinstance(operator, ast.Add | ast.Sub) else PRODUCT
                if isinstance(operator, ast.Pow):
                    binding = SIGN + 1
                    visit(left, ATOM)
                    visit(right, SIGN)
                else:
                    visit(left, binding)
                    visit(right, binding + 1)
                return binding
            case ast.UnaryOp(ast.USub(), operand):
                visit(operand, SIGN)
                return SIGN
            case ast.Compare(left, _, comparators):
                for side in (left, *comparators):
                    visit(side, SUM)
                return 2
            case ast.BoolOp(_, values):
                for value in values:
                    visit(value, 2)
                return 1
            case ast.IfExp(test, body, orelse):
                visit(body, 1)
                visit(test, 1)
                visit(orelse, 0)
                return 0
            case ast.Call(_, args):
                for arg in args:
                    visit(arg, 0)
                return ATOM
            case ast.Constant():
                weight -= 1
                return ATOM
        raise ValueError(f"a formula cannot have {ast.unparse(node)!r}")

    binding = visit(ast.parse(formula, mode="eval").body, 0)
    found.sort()
    pieces, end = [], 0
    for column, name, _ in found:
        pieces.append(formula[end:column])
        end = column + len(name)
    return _Formula((*pieces, formula[end:]), tuple((name, least) for _, name, least in found), binding, weight)


def filled(formula: str, values: Mapping[str, Text]) -> Text:
    """A formula with expressions in place of its variables."""
    if formula in values:
        return values[formula]
    parsed = _parsed(formula, tuple(values))
    parts, weight = [parsed.pieces[0]], parsed.weight
    for (name, least), piece in zip(parsed.places, parsed.pieces[1:], strict=True):
        value = values[name]
        parts += (bracketed(value, least), piece)
        weight += value.weight
    return Text("".join(parts), parsed.binding, weight)


@lru_cache(maxsize=256)
def mentions(formula: str) -> tuple[str, ...]:
    """The variables of an op's formula, as often as they occur."""
    return tuple(name for name, _ in _parsed(formula, ("a", "b", "y")).places)


def hoisted(formula: str, fixed: frozenset[str], made: dict[str, str]) -> str:
    """A formula with each operation on nothing but `fixed` names and literals replaced by a name. What the names stand
    for goes into `made`: computed once, instead of once a parameter, it has the same bits.
    """

    class Hoist(ast.NodeTransformer):
        def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
            names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
            if names and names <= fixed:
                return ast.Name(made.setdefault(ast.unparse(node), f"c{len(made)}"))
            return self.generic_visit(node)

    return ast.unparse(Hoist().visit(ast.parse(formula, mode="eval").body))


Path = tuple[int, ...]
"""The guards around a statement, the outermost first."""


class Statements:
    """Statements, each under its guards. Neighbours share the `if`s that they have in common."""

    def __init__(self) -> None:
        self.items: list[tuple[Path, str]] = []

    def add(self, path: Path, line: str) -> None:
        self.items.append((path, line))

    def comment(self, line: str) -> None:
        """A comment before the next statement."""
        if self.items and self.items[-1][1].startswith("# "):
            self.items.pop()
        self.items.append(((), f"# {line}"))

    def lines(self, conditions: Mapping[int, str], indent: int) -> Iterator[str]:
        """The statements as source."""
        open_: Path = ()
        remark = ""
        for path, text in self.items:
            if text.startswith("# "):
                remark = text
                continue
            common = 0
            while common < min(len(path), len(open_)) and path[common] == open_[common]:
                common += 1
            if remark:
                yield " " * (indent + 4 * common) + remark
                remark = ""
            for n in range(common, len(path)):
                yield f"{' ' * (indent + 4 * n)}if {conditions[path[n]]}:"
            open_ = path
            pad = indent + 4 * len(path)
            for line in text.split("\n"):
                yield from fitted(line, pad)


def fitted(line: str, indent: int, columns: int = COLUMNS) -> list[str]:
    """A statement on one line or, if it is too long, its right-hand side in brackets on several."""
    pad = " " * indent
    left, sign, right = line.partition(" = ")
    if indent + len(line) <= columns or not sign or " = " in right:
        return [pad + line]
    return [f"{pad}{left} = (", *_filling(re.split(r" (?=[+-] )", right), indent + 4, columns), f"{pad})"]


def zeros(names: Sequence[str]) -> list[str]:
    """The statements that set variables to 0."""
    return [" = ".join((*names[start : start + 8], "0.0")) for start in range(0, len(names), 8)]


def listed(before: str, names: Sequence[str], after: str, indent: int) -> list[str]:
    """A statement with a tuple of names in it."""
    pad = " " * indent
    inner = ", ".join(names) if len(names) > 1 else f"({', '.join((*names, ''))[:-1]})" if names else "()"
    if len(pad + before + inner + after) <= COLUMNS:
        return [pad + before + inner + after]
    return [f"{pad}{before}(", *_filling([f"{name}," for name in names], indent + 4), f"{pad}){after}"]


def _filling(words: Iterable[str], indent: int, columns: int = COLUMNS) -> list[str]:
    """Words on as few lines as they need."""
    pad = " " * indent
    lines: list[str] = []
    line = ""
    for word in words:
        if line and len(line) + len(word) >= columns:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else pad + word
    return [*lines, line]
