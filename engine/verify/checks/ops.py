"""The checks of each op: alone, under a gradient from above, of an inner node, and where its input is used twice. Knows
expressions; must not know engines.

Their order is one in which what an op may be made of comes before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from .check import Check, Point, Stage

# The last one has all its digits, in which rounding shows.
_ANYWHERE = (0.5, -1.25, 2.23606797749979)
_POSITIVE = (0.5, 3.0, 1.2599210498948732)
_BETWEEN = (-0.5, 0.25, 0.7071067811865476)
_B = (3.0, -2.0, 1.5)
_POSITIVE_B = (3.0, 2.0, 0.5)

REPEATS = 4


def _points(**leaves: Sequence[float]) -> tuple[Point, ...]:
    return tuple(dict(zip(leaves, numbers, strict=True)) for numbers in zip(*leaves.values(), strict=True))


def _one_input(
    op: str, write: Callable[[str], str], xs: Sequence[float], name: str = "", numbers: tuple[float, ...] = ()
) -> Iterator[Check]:
    """The checks of what is made of one node."""
    name = name or op
    bs = _POSITIVE_B if min(xs) > 0 else _B
    f = write("a")
    g = f if f.endswith(")") else f"({f})"
    yield Check(name, f, _points(a=xs), plain=True, numbers=numbers)
    yield Check(f"{name}, then *", f"{g} * b", _points(a=xs, b=bs))
    yield Check(f"{name} of a product", write("(a * b)"), _points(a=xs, b=bs))
    yield Check(f"{name}, used twice", f"{g} + {g}", _points(a=xs))
    # That much is asked of what does not take plain numbers, too.
    yield Check(f"{name} beside its input", f"a * b + {g}", _points(a=xs, b=bs), REPEATS)
    yield Check(f"{name} before its input", f"{g} + a * b", _points(a=xs, b=bs), REPEATS)


def _function(name: str) -> Callable[[str], str]:
    return lambda inner: f"{name}{inner}" if inner.startswith("(") else f"{name}({inner})"


_PAIRS = _points(a=(3.0, -1.5, 0.7548776662466927), b=(2.0, 0.5, -4.0))
_TRIPLES = _points(a=(3.0, -1.5, 0.7548776662466927), b=(2.0, 0.5, -4.0), c=(5.0, -3.0, 0.25))
_INTS = _points(a=(7, -3), b=(2, 2))


def _two_inputs(
    op: str, sign: str, pairs: tuple[Point, ...] = _PAIRS, triples: tuple[Point, ...] = _TRIPLES
) -> Iterator[Check]:
    """The checks of what is made of two nodes, once + and * are understood."""
    f = f"(a {sign} b)"
    yield Check(op, f"a {sign} b", pairs, plain=True)
    yield Check(f"{op}, then *", f"{f} * c", triples)
    yield Check(f"{op} of products", f"(a * c) {sign} (b * c)", triples)
    yield Check(f"{op}, used twice", f"{f} + {f}", pairs)
    yield Check(f"{op} beside its inputs", f"(a * c + {f}) + b * c", triples, REPEATS)
    yield Check(f"{op} before its inputs", f"b * c + ({f} + a * c)", triples, REPEATS)


def _with_numbers(op: str, sign: str) -> Iterator[Check]:
    yield Check(f"{op} with a number", f"a {sign} 2", _points(a=(3.0, -1.5)))
    yield Check(f"{op} of integers", f"a {sign} b", _INTS)


def _reflected(op: str, sign: str) -> Stage:
    """The checks of a plain number on the left."""
    return Stage(op, (*_one_input(op, lambda inner: f"5 {sign} {inner}", (3.0, -1.5, 0.75), f"5 {sign} a", (5.0,)),))


def _add() -> Iterator[Check]:
    yield Check("a number", "a", _points(a=(3.0, -1.5, 0.7548776662466927)), of_value=True)
    yield Check("add", "a + b", _PAIRS, plain=True)
    yield Check("add to itself", "a + a", _points(a=(3.0, -1.5)), REPEATS)
    yield Check("add, then +", "(a + b) + c", _TRIPLES, REPEATS)
    yield Check("add, + before", "c + (a + b)", _TRIPLES, REPEATS)
    yield Check("add, used twice", "(a + b) + (a + b)", _PAIRS)
    yield from _with_numbers("add", "+")


def _mul() -> Iterator[Check]:
    yield Check("mul", "a * b", _PAIRS, plain=True)
    yield Check("mul by itself", "a * a", _points(a=(3.0, -1.5)), REPEATS)
    yield Check("mul, then *", "(a * b) * c", _TRIPLES, REPEATS)
    yield Check("mul, * before", "c * (a * b)", _TRIPLES, REPEATS)
    yield Check("mul, used twice", "(a * b) + (a * b)", _PAIRS)
    yield Check("mul beside its inputs", "(a * b) + (a + b)", _PAIRS, REPEATS)
    yield from _with_numbers("mul", "*")


def _powc() -> Iterator[Check]:
    yield from _one_input("pow", lambda inner: f"{inner} ** 3", (3.0, -1.5, 0.75), "a ** 3", (3.0,))
    yield Check("a ** 2", "a ** 2", _points(a=(3.0, -1.5)), plain=True, numbers=(2.0,))
    yield Check("a ** -1", "a ** -1", _points(a=(4.0, -1.5)), plain=True, numbers=(-1.0,))
    yield Check("a ** 0.5", "a ** 0.5", _points(a=(4.0, 0.25)), plain=True, numbers=(0.5,))
    yield Check("a ** 1", "a ** 1", _points(a=(4.0, -0.25)), plain=True, numbers=(1.0,))
    yield Check("a ** 3 of an integer", "a ** 3", _points(a=(2, -3)))
    yield Check("a ** -1 of an integer", "a ** -1", _points(a=(2, -4)))


_POWERS = _points(a=(2.0, 1.5, 0.75), b=(3.0, -2.0, 0.5))
_POWERS_OF_PRODUCTS = _points(a=(2.0, 1.5, 0.75), b=(3.0, 0.5, 2.0), c=(0.5, 2.0, 1.25))


def _functions(*xs_of: tuple[str, Sequence[float]], optional: bool = False) -> tuple[Stage, ...]:
    return tuple(Stage(name, tuple(_one_input(name, _function(name), xs)), optional) for name, xs in xs_of)


FIRST = (
    Stage("add", tuple(_add())),
    Stage("mul", tuple(_mul())),
    Stage("add", (Check("add, then *", "(a + b) * c", _TRIPLES), Check("add of products", "a * c + b * c", _TRIPLES))),
)
"""What everything else is made of."""

OPS = (
    Stage("powc", tuple(_powc())),
    Stage("neg", tuple(_one_input("neg", lambda inner: f"-{inner}", _ANYWHERE, "-a"))),
    Stage("sub", (*_two_inputs("sub", "-"), *_with_numbers("sub", "-"))),
    Stage("div", (*_two_inputs("div", "/"), *_with_numbers("div", "/"))),
    _reflected("radd", "+"),
    _reflected("rmul", "*"),
    _reflected("rsub", "-"),
    _reflected("rdiv", "/"),
    Stage("pow", tuple(_two_inputs("a ** b", "**", _POWERS, _POWERS_OF_PRODUCTS))),
    Stage("rpow", tuple(_one_input("rpow", lambda inner: f"2 ** {inner}", (3.0, -1.5, 0.75), "2 ** a", (2.0,)))),
    *_functions(("exp", (0.5, -1.25, 1.4142135623730951)), ("log", _POSITIVE), ("tanh", _BETWEEN)),
    *_functions(("sigmoid", _ANYWHERE), ("relu", _ANYWHERE)),
    *_functions(("abs", _ANYWHERE), ("sqrt", _POSITIVE), ("sin", _ANYWHERE), ("cos", _ANYWHERE), optional=True),
    *_functions(("leaky_relu", _ANYWHERE), ("elu", _ANYWHERE), ("gelu", _ANYWHERE), optional=True),
    *_functions(("silu", _ANYWHERE), ("softplus", _ANYWHERE), optional=True),
)
"""The other ops, in the order in which they are understood; the last ones are what nobody needs to have."""
