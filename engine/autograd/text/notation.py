"""How people write a Value: its label, its number, or its expression. Knows Values; must not know tapes or screens."""

from __future__ import annotations

from ..ops.operation import CALL, POWER, SIGN, Op
from ..value import Value

_TERMS = 4
"""Longer sums are written with an ellipsis."""

_DEPTH = 6
"""Deeper expressions are written with an ellipsis."""


def text(value: Value, depth: int = _DEPTH) -> str:
    """A Value as people write it: its label, its number, or its expression, shortened where that is long."""
    if value.label:
        return value.label
    return number(value.data) if value.op is None else formula(value, depth)


def formula(value: Value, depth: int = _DEPTH) -> str:
    """The expression that made a Value, even where it has a label."""
    op, a, b = value.op, value.a, value.b
    if op is None or a is None:
        raise ValueError("a leaf has no formula")
    if depth == 0:
        return "…"
    if op.name == "add" and b is not None:
        terms = [b]
        while a.op is op and not a.label and a.a is not None and a.b is not None:
            terms.append(a.b)
            a = a.a
        terms.reverse()
        shown = terms if len(terms) < _TERMS else [terms[0], terms[-1]]
        parts = [text(a, depth - 1), *[_operand(term, op, depth, 1) for term in shown]]
        if shown is not terms:
            parts.insert(2, "…")
        return " + ".join(parts)
    return op.forward_text.format(a=_operand(a, op, depth, 0), b="" if b is None else _operand(b, op, depth, 1))


def bracketed(name: str) -> str:
    """A name that can stand before a dot or in a product: an expression in brackets, a plain name as it is."""
    return name if name.replace(".", "").replace("_", "").isalnum() else f"({name})"


def number(data: float) -> str:
    """A constant as a person would type it: `2`, `-0.5`, `1e-07`."""
    return str(int(data)) if data == data and abs(data) < 1e15 and data == int(data) else repr(data)


def _operand(value: Value, op: Op, depth: int, place: int) -> str:
    """The text of an input, in brackets where the op binds more tightly."""
    inner = text(value, depth - 1)
    if op.precedence == CALL or value.label:
        return inner
    precedence = value.op.precedence if value.op else SIGN if value.data < 0 else CALL
    # Floats do not associate: a + (b + c) keeps its brackets, and so does (a**b)**c.
    tight = precedence > op.precedence or (precedence == op.precedence < POWER and place == 0)
    return inner if tight else f"({inner})"
