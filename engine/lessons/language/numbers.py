"""Arithmetic of a lesson's expressions, and how a number is written in a sentence. Must not know sessions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from ...autograd.ops.ieee import divide, power

Value = float | bool | str
"""What an expression comes to."""

EQUAL = 1e-9
"""Numbers are the same within this share of the larger one."""


def equal(a: Value, b: Value) -> bool:
    """Whether two values are the same; numbers but for rounding, and nan is never."""
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    return a == b or math.isclose(a, b, rel_tol=EQUAL)


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _log(x: float) -> float:
    return math.log(x) if x > 0.0 else -math.inf if x == 0.0 else math.nan


def _sqrt(x: float) -> float:
    return math.sqrt(x) if x >= 0.0 else math.nan


def _least(*numbers: float) -> float:
    return math.nan if any(map(math.isnan, numbers)) else min(numbers)


def _greatest(*numbers: float) -> float:
    return math.nan if any(map(math.isnan, numbers)) else max(numbers)


def _round(x: float, digits: float = 0.0) -> float:
    return round(x, int(digits)) if math.isfinite(x) and math.isfinite(digits) else x


def _sum(*numbers: float) -> float:
    return math.fsum(numbers) if all(map(math.isfinite, numbers)) else sum(numbers)


MEASURES: Mapping[str, Callable[..., float]] = {
    "abs": abs,
    "exp": _exp,
    "isfinite": math.isfinite,
    "log": _log,
    "max": _greatest,
    "min": _least,
    "round": _round,
    "sqrt": _sqrt,
    "sum": _sum,
    "tanh": math.tanh,
}
"""Functions of numbers, as IEEE 754 has them: none raises."""

ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "Add": lambda a, b: a + b,
    "Sub": lambda a, b: a - b,
    "Mult": lambda a, b: a * b,
    "Div": divide,
    "Pow": power,
}
"""By the names of `ast`."""

COMPARISON: Mapping[str, Callable[[float, float], bool]] = {
    "Lt": lambda a, b: a < b,
    "LtE": lambda a, b: a <= b,
    "Gt": lambda a, b: a > b,
    "GtE": lambda a, b: a >= b,
    "Eq": equal,
    "NotEq": lambda a, b: not equal(a, b),
}


def written(value: Value) -> str:
    """A value in a sentence: `6`, `0.7071`, `14.003`, `1.2e-7`; whole numbers whole, others in five digits at most."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    size = abs(value)
    if value == int(value) and size < 1e15:
        return f"{int(value):,}".replace(",", " ") if size >= 1e5 else str(int(value))
    if 1e-3 <= size < 1e6:
        return _trimmed(f"{value:.{4 if size < 10 else 3 if size < 100 else 2 if size < 1000 else 1}f}")
    mantissa, _, exponent = f"{value:.3e}".partition("e")
    return f"{_trimmed(mantissa)}e{int(exponent)}"


def _trimmed(digits: str) -> str:
    return digits.rstrip("0").rstrip(".")
