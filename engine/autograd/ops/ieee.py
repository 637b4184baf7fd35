"""Arithmetic that follows IEEE 754 where Python's own would raise or turn complex. Knows floats alone; must not know
operations.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

INF = math.inf
NAN = math.nan

_SQRT_HALF = math.sqrt(0.5)
_PEAK = 1.0 / math.sqrt(2.0 * math.pi)
"""φ(0)."""


def divide(a: float, b: float) -> float:
    """a / b, where division by zero gives ±inf, or nan for 0/0."""
    if b:
        return a / b
    if a == 0.0 or a != a:
        return NAN
    return math.copysign(INF, a) * math.copysign(1.0, b)


def power(a: float, b: float) -> float:
    """a ** b: overflow is ±inf, 0 to a negative is inf, a negative to a fraction is nan. A square is the product, which
    is rounded correctly.
    """
    if b == 2.0:
        return a * a
    if a == -INF and math.isfinite(b) and math.fmod(b, 1.0):
        return NAN  # C has inf here, or 0
    try:
        return math.pow(a, b)
    except OverflowError:
        return -INF if a < 0.0 and math.fmod(b, 2.0) in (1.0, -1.0) else INF
    except ValueError:
        if a != 0.0:
            return NAN
        return math.copysign(INF, a) if math.fmod(b, 2.0) in (1.0, -1.0) else INF


def exp(a: float) -> float:
    """e ** a, where overflow is inf."""
    try:
        return math.exp(a)
    except OverflowError:
        return INF


def log(a: float) -> float:
    """Natural logarithm: log 0 is −inf, of a negative nan."""
    if a > 0.0:
        return math.log(a)
    return -INF if a == 0.0 else NAN


def root(a: float) -> float:
    """The square root, which of a negative is nan."""
    return math.sqrt(a) if a >= 0.0 else NAN


def sin(a: float) -> float:
    """Sine of a in radians; nan where a is infinite."""
    return NAN if math.isinf(a) else math.sin(a)


def cos(a: float) -> float:
    """Cosine of a in radians; nan where a is infinite."""
    return NAN if math.isinf(a) else math.cos(a)


def sigmoid(a: float) -> float:
    """1 / (1 + e^−a), from the side on which the exponential cannot overflow."""
    if a >= 0.0:
        return 1.0 / (1.0 + math.exp(-a))
    e = math.exp(a) if a == a else NAN
    return e / (1.0 + e)


def softplus(a: float) -> float:
    """log(1 + e^a) without overflow: max(a, 0) + log1p(e^−|a|)."""
    return max(0.0, a) + math.log1p(math.exp(-abs(a)))


def expm1(a: float) -> float:
    """e ** a - 1, exact near 0; overflow is inf."""
    try:
        return math.expm1(a)
    except OverflowError:
        return INF


def normal_cdf(a: float) -> float:
    """Φ(a), the share of a standard normal distribution below a: by erfc, which keeps the tail."""
    return 0.5 * math.erfc(-a * _SQRT_HALF)


def normal_pdf(a: float) -> float:
    """φ(a), the density of a standard normal distribution at a."""
    return _PEAK * math.exp(-0.5 * a * a)


def sign(a: float) -> float:
    """−1, 0 or 1 by a's sign; nan for nan."""
    return a if a == 0.0 or a != a else math.copysign(1.0, a)


def heaviside(a: float) -> float:
    """1 where a > 0, else 0; nan for nan."""
    return 1.0 if a > 0.0 else a if a != a else 0.0


def all_finite(numbers: Collection[float]) -> bool:
    """Whether every number is finite."""
    # A sum of what is finite may overflow, but one that is finite has nothing else in it, and is soon told.
    return math.isfinite(sum(numbers)) or all(map(math.isfinite, numbers))


NAMESPACE: Mapping[str, object] = {
    "divide": divide,
    "power": power,
    "exp": exp,
    "log": log,
    "root": root,
    "sin": sin,
    "cos": cos,
    "sigmoid": sigmoid,
    "softplus": softplus,
    "expm1": expm1,
    "normal_cdf": normal_cdf,
    "normal_pdf": normal_pdf,
    "sign": sign,
    "heaviside": heaviside,
    "tanh": math.tanh,
}
"""The functions that a formula may call, by the names that it calls them."""
