"""The table of operations: one row an op, its forward, its local derivatives and the text of its chain rule side by
side.

Knows arithmetic only; must not know Value, tapes or networks. The formulas are Python expressions in `a` and `b` (the
inputs) and `y` (the result). What is stepped, what is compiled and what the screen prints all come from them, so they
cannot disagree. Every op follows IEEE 754: it never raises and never turns complex.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

INF = math.inf
NAN = math.nan


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


def sigmoid(a: float) -> float:
    """1 / (1 + e^−a), from the side on which the exponential cannot overflow."""
    if a >= 0.0:
        return 1.0 / (1.0 + math.exp(-a))
    e = math.exp(a) if a == a else NAN
    return e / (1.0 + e)


def softplus(a: float) -> float:
    """log(1 + e^a) without overflow: max(a, 0) + log1p(e^−|a|)."""
    return max(0.0, a) + math.log1p(math.exp(-abs(a)))


def sign(a: float) -> float:
    """−1, 0 or 1 by a's sign; nan for nan."""
    return math.copysign(1.0, a) if a else a


def heaviside(a: float) -> float:
    """1 where a > 0, else 0; nan for nan."""
    return 1.0 if a > 0.0 else a if a != a else 0.0


NAMESPACE: Mapping[str, object] = {
    "divide": divide,
    "power": power,
    "exp": exp,
    "log": log,
    "sigmoid": sigmoid,
    "softplus": softplus,
    "sign": sign,
    "heaviside": heaviside,
    "tanh": math.tanh,
}
"""The functions that a row's formulas may call."""


def _function(arguments: str, formula: str) -> Callable[..., float]:
    """A row's formula as a function. Only text of this file's own table ever comes here."""
    made: Callable[..., float] = eval(f"lambda {arguments}: {formula}", dict(NAMESPACE))
    return made


@dataclass(frozen=True, eq=False)
class Op:
    """One row of the table. Compared by identity: there is one object an operation."""

    name: str
    text: str
    """The operation on `{a}` and `{b}`, as people write it."""
    forward: str
    partials: tuple[str | None, ...]
    """∂y/∂a and, for a binary op, ∂y/∂b; None where an input is never differentiated."""
    rules: tuple[str | None, ...]
    """The partials as people write them, with `{a}`, `{b}` and `{y}` where a value goes."""
    words: str
    """The chain rule of this op in one sentence."""
    binding: int = 9
    """How tightly the text binds: 1 for sums, 2 for products, 3 for signs, 4 for powers, 9 for calls."""
    branch: str | None = None
    """What decides on which side of a kink the inputs are; None for smooth ops."""
    surrogate: bool = False
    """The partials are a learning rule, not derivatives of the forward."""

    apply: Callable[[float, float], float] = field(init=False, repr=False)
    """Forward on (a, b); a unary op ignores b."""
    slopes: tuple[Callable[[float, float, float], float] | None, ...] = field(init=False, repr=False)
    """Each partial on (a, b, y)."""
    side: Callable[[float, float], float] | None = field(init=False, repr=False)
    """`branch` on (a, b)."""

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        set_(self, "apply", _function("a, b", self.forward))
        set_(self, "slopes", tuple(p and _function("a, b, y", p) for p in self.partials))
        set_(self, "side", self.branch and _function("a, b", self.branch))

    @property
    def symbol(self) -> str:
        """`+`, `*`, `**` … for what is written between its inputs, the name for what is called."""
        return self.text.format(a="", b="").strip() if self.binding < 9 else self.name

    @property
    def arity(self) -> int:
        """1 or 2."""
        return len(self.partials)


_ROWS = (
    Op(
        "add", "{a} + {b}",
        forward="a + b",
        partials=("1.0", "1.0"),
        rules=("1", "1"),
        binding=1,
        words="A sum hands its gradient on to both inputs, unchanged.",
    ),
    Op(
        "sub", "{a} - {b}",
        forward="a - b",
        partials=("1.0", "-1.0"),
        rules=("1", "(-1)"),
        binding=1,
        words="A difference hands its gradient to the left input, its negative to the right.",
    ),
    Op(
        "mul", "{a}*{b}",
        forward="a * b",
        partials=("b", "a"),
        rules=("{b}", "{a}"),
        binding=2,
        words="A product hands each input the gradient times the other input.",
    ),
    Op(
        "div", "{a}/{b}",
        forward="divide(a, b)",
        partials=("divide(1.0, b)", "divide(-y, b)"),
        rules=("1/{b}", "(-{y}/{b})"),
        binding=2,
        words="A quotient divides the gradient by the divisor, whose own share is negative.",
    ),
    Op(
        "neg", "-{a}",
        forward="-a",
        partials=("-1.0",),
        rules=("(-1)",),
        binding=3,
        words="A minus sign turns the gradient round.",
    ),
    Op(
        "pow", "{a}**{b}",
        forward="power(a, b)",
        partials=(
            "0.0 if b == 0.0 else b * power(a, b - 1.0)",
            "0.0 if a == 0.0 and b > 0.0 else y * log(a)",
        ),
        rules=("{b}·{a}**({b}-1)", "{y}·log({a})"),
        binding=4,
        words="A power pulls its exponent down; the exponent's own share is the power times log of the base.",
    ),
    Op(
        "powc", "{a}**{b}",
        forward="power(a, b)",
        partials=("0.0 if b == 0.0 else b * power(a, b - 1.0)", None),
        rules=("{b}·{a}**({b}-1)", None),
        binding=4,
        words="A fixed exponent is pulled down: the slope of a**n is n·a**(n-1).",
    ),
    Op(
        "relu", "relu({a})",
        forward="0.0 if a <= 0.0 else a",
        partials=("0.0 if a <= 0.0 else 1.0",),
        rules=("[{a} > 0]",),
        words="A ReLU lets the gradient through where its input is above 0, and only there.",
        branch="a > 0.0",
    ),
    Op(
        "tanh", "tanh({a})",
        forward="tanh(a)",
        partials=("1.0 - y * y",),
        rules=("(1 - {y}**2)",),
        words="The slope of tanh is 1 minus its output squared: near ±1 hardly any passes.",
    ),
    Op(
        "sigmoid", "sigmoid({a})",
        forward="sigmoid(a)",
        partials=("y * (1.0 - y)",),
        rules=("{y}·(1 - {y})",),
        words="The slope of a sigmoid is its output times 1 minus its output: at most 1/4.",
    ),
    Op(
        "exp", "exp({a})",
        forward="exp(a)",
        partials=("y",),
        rules=("{y}",),
        words="The exponential is its own slope.",
    ),
    Op(
        "log", "log({a})",
        forward="log(a)",
        partials=("divide(1.0, a)",),
        rules=("1/{a}",),
        words="The slope of a logarithm is one over its input.",
    ),
    Op(
        "softplus", "softplus({a})",
        forward="softplus(a)",
        partials=("sigmoid(a)",),
        rules=("sigmoid({a})",),
        words="Softplus, log(1 + e^a), is a smooth ReLU; its slope is the sigmoid.",
    ),
    Op(
        "abs", "|{a}|",
        forward="abs(a)",
        partials=("sign(a)",),
        rules=("sign({a})",),
        words="The slope of an absolute value is the sign of its input.",
        branch="a > 0.0",
    ),
    Op(
        "max", "max({a}, {b})",
        forward="a if a >= b or a != a else b",
        partials=("1.0 if a >= b or a != a else 0.0", "0.0 if a >= b or a != a else 1.0"),
        rules=("[{a} ≥ {b}]", "[{a} < {b}]"),
        words="A maximum hands the gradient to the larger input alone.",
        branch="a >= b",
    ),
    Op(
        "step", "step({a})",
        forward="heaviside(a)",
        partials=("0.0",),
        rules=("0",),
        words="A step function is flat on both sides: its slope is 0, so no gradient passes and nothing is learnt.",
        branch="a > 0.0",
    ),
    Op(
        "perceptron", "[step({a}) ≠ {b}]",
        forward="a if a != a else 0.0 if heaviside(a) == b else 1.0",
        partials=("b - heaviside(a)", None),
        rules=("({b} - step({a}))", None),
        words="Rosenblatt's rule (1958) puts target minus output where the step's slope of 0 would teach nothing.",
        branch="a > 0.0",
        surrogate=True,
    ),
)  # fmt: skip

OPS: Mapping[str, Op] = {row.name: row for row in _ROWS}
"""Every operation by its name."""
