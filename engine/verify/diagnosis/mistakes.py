"""The mistakes that an op can have: what a hypothesis is chosen from. Knows models; must not know whose numbers they
are to explain.

The order is that of preference where the numbers of two kinds are the same, as for a sign in both inputs of a − b.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from ...autograd.ops.operation import Op
from ...autograd.ops.table import OPS
from .model import Forward, Mistake, Node, Share
from .slopes import BINARY, UNARY, VALUES, function
from .wholes import LIMITS


def mistakes_of(name: str) -> Iterator[Mistake]:
    """Every mistake that an op may have; `rsub` and the like are reflected ops."""
    reflected = name not in OPS
    op = OPS[name.removeprefix("r") if reflected else name]
    if reflected:
        yield Mistake("reflected", "the reflected op computes the plain one", turned=True)
    # A plain number's gradient is nobody's.
    everywhere = (1,) if reflected else (0,) if op.name == "powc" or op.arity == 1 else (0, 1)
    choices = (everywhere,) if len(everywhere) == 1 else (everywhere, (0,), (1,))
    for sides in choices:
        yield from _handing_on(sides, sides == everywhere)
        if op.arity == 2 and op.name != "powc":
            yield Mistake("swapped", "the inputs' derivatives are swapped", sides, share=_swapped)
    yield Mistake("no-backward", "its backward is set on the input, not on the result", everywhere, misplaced=True)
    for sides in choices:
        yield from _derivatives(op, sides)
    yield from _values(op)


def assigned_mistakes_of(name: str) -> Iterator[Mistake]:
    """Every wrong derivative that an op may have, assigned and not accumulated."""
    for each in mistakes_of(name):
        if each.share is not None and each.forward is None:
            words = f"{_ASSIGNED}; and {each.words}"
            yield Mistake("assigned", words, each.sides, share=each.share, assigned=True)


_ASSIGNED = "the gradient is assigned, not accumulated"


def _handing_on(sides: tuple[int, ...], whole: bool) -> Iterator[Mistake]:
    """What can go wrong whatever the derivative is."""
    yield Mistake("assigned", _ASSIGNED, sides, assigned=True)
    yield Mistake("sign", "the gradient has the wrong sign", sides, share=lambda n, s: -n.slope(s) * n.grad)
    if whole:
        words = "no gradient is handed on: its backward is not set, or does nothing"
        yield Mistake("no-backward", words, sides, share=lambda n, s: 0.0)
    yield Mistake("cut", "{of} is cut from the graph: it gets no gradient", sides, detached=True)
    words = "{of} is not among the children: its gradient goes no further"
    yield Mistake("cut", words, sides, unreached=True)
    for kind, words, share in _SHARES:
        yield Mistake(kind, words, sides, share=share)
    for limit in LIMITS:
        yield Mistake("clamped", f"the gradient is clipped to ±{limit:g}", sides, share=_clipped(limit))
    yield Mistake("integer", "the gradient is cut to an integer", sides, share=lambda n, s: int(n.slope(s) * n.grad))


def _derivatives(op: Op, sides: tuple[int, ...]) -> Iterator[Mistake]:
    """Derivatives of other functions."""
    for formula, words in (UNARY if op.arity == 1 else BINARY).items():
        yield Mistake("other-derivative", f"the derivative is {words}", sides, share=_formula(formula))
    for factor, words in ((2.0, "twice"), (0.5, "half")):
        yield Mistake("other-derivative", f"the derivative is {words} what it should be", sides, share=_times(factor))


def _values(op: Op) -> Iterator[Mistake]:
    """What can go wrong forwards."""
    if op.arity == 2:
        yield Mistake("swapped", "the inputs are swapped", forward=_forward_swapped, share=_slope_swapped)
    for negated in (_negated, None):
        yield Mistake("sign", "the value has the wrong sign", forward=_forward_negated, share=negated)
    if op.arity == 2:
        for signs, which in (((-1.0, 1.0), "first"), ((1.0, -1.0), "second")):
            forward, slope = _signed(*signs)
            yield Mistake("sign", f"the {which} input has the wrong sign", forward=forward, share=slope)
    yield from _integers()
    yield from _bounded()
    yield from _others(op)


def _integers() -> Iterator[Mistake]:
    for rounding, words in ((math.floor, "down"), (math.trunc, "towards 0")):
        yield from _roundings(rounding, f"integers stay integers: the result is rounded {words}", ints=True)
        yield from _roundings(rounding, f"the result is rounded {words}", ints=False)
    for digits in range(1, 9):
        yield Mistake("other", f"the result is rounded to {digits} decimals", forward=_to_digits(digits))
        yield Mistake("other", f"the input is rounded to {digits} decimals", forward=_of_digits(digits))


def _bounded() -> Iterator[Mistake]:
    """Numbers that are kept within bounds, with the derivative there of the op or of the bound."""
    for low, high in [bound for limit in LIMITS for bound in ((-limit, limit), (-math.inf, limit), (-limit, math.inf))]:
        words = f"±{high:g}" if low == -high else f"at most {high:g}" if low == -math.inf else f"at least {low:g}"
        for forward, of in ((_of_bounded(low, high), "input"), (_to_bounded(low, high), "result")):
            for slope in (None, _with_true_result):
                yield Mistake("clamped", f"the {of} is kept to {words}", forward=forward, share=slope)


def _others(op: Op) -> Iterator[Mistake]:
    for formula, words in VALUES.items() if op.arity == 1 else ():
        for share in (None, _with_true_result):
            yield Mistake("other", f"it computes {words}", forward=_forward_of(formula), share=share)
    for other in OPS.values():
        if other.arity == op.arity and other is not op and not other.surrogate:
            forward, slope = _of_other(other)
            yield Mistake("other", f"it computes {other.symbol}", forward=forward, share=slope)
            yield Mistake("other", f"its value is that of {other.symbol}", forward=forward, share=_with_true_result)


def _roundings(rounding: Callable[[float], int], words: str, ints: bool) -> Iterator[Mistake]:
    for slope in (None, _with_true_result, _slope_rounded(rounding, ints)):
        yield Mistake("integer", words, forward=_rounded(rounding, ints), share=slope)


def _swapped(node: Node, side: int) -> float:
    return node.slope(1 - side) * node.grad


def _at(node: Node, side: int, a: float, b: float, y: float) -> float:
    derivative = node.op.backward_functions[side]
    return 0.0 if derivative is None else derivative(a, b, y)


def _grads_for_data(node: Node, side: int) -> float:
    a, b = node.inputs[0].grad, node.inputs[-1].grad
    # A constant exponent has no gradient that could stand there.
    return _at(node, side, a, node.inputs[-1].data if node.name == "powc" else b, node.grad) * node.grad


def _clipped(limit: float) -> Share:
    return lambda node, side: max(-limit, min(limit, node.slope(side) * node.grad))


_SHARES: tuple[tuple[str, str, Share], ...] = (
    ("data-for-grad", "`.grad` stands where `.data` belongs", _grads_for_data),
    ("data-for-grad", "`out.data` stands where `out.grad` belongs", lambda n, s: n.slope(s) * n.data),
    (
        "data-for-grad",
        "the input's `.data` stands where `out.grad` belongs",
        lambda n, s: n.slope(s) * n.inputs[s].data,
    ),
    ("other", "the input's own gradient stands where `out.grad` belongs", lambda n, s: n.slope(s) * n.inputs[s].grad),
    ("other", "the gradient from above is left out: `* out.grad` is missing", lambda n, s: n.slope(s)),
    ("other", "the gradient from above is added, not multiplied by", lambda n, s: n.slope(s) + n.grad),
)


def _formula(formula: str) -> Share:
    return lambda node, side: function(formula)(*node.numbers()) * node.grad


def _times(factor: float) -> Share:
    return lambda node, side: factor * node.slope(side) * node.grad


def _negated(node: Node, side: int) -> float:
    a, b, y = node.numbers()
    return -_at(node, side, a, b, -y) * node.grad


def _forward_swapped(op: Op, a: float, b: float) -> float:
    return op.forward_function(b, a)


def _slope_swapped(node: Node, side: int) -> float:
    a, b, y = node.numbers()
    return _at(node, 1 - side, b, a, y) * node.grad


def _forward_negated(op: Op, a: float, b: float) -> float:
    return -op.forward_function(a, b)


def _rounded(rounding: Callable[[float], int], ints: bool) -> Forward:
    def forward(op: Op, a: float, b: float) -> float:
        y = op.forward_function(a, b)
        whole = not ints or (isinstance(a, int) and isinstance(b, int))
        return rounding(y) if whole and math.isfinite(y) else y

    return forward


def _slope_rounded(rounding: Callable[[float], int], ints: bool) -> Share:
    def share(node: Node, side: int) -> float:
        slope = node.slope(side)
        whole = not ints or all(isinstance(each.data, int) for each in node.inputs)
        return (rounding(slope) if whole and math.isfinite(slope) else slope) * node.grad

    return share


def _with_true_result(node: Node, side: int) -> float:
    a, b, _ = node.numbers()
    return _at(node, side, a, b, node.op.forward_function(a, b)) * node.grad


def _of_other(other: Op) -> tuple[Forward, Share]:
    def share(node: Node, side: int) -> float:
        derivative = other.backward_functions[side]
        return 0.0 if derivative is None else derivative(*node.numbers()) * node.grad

    return lambda op, a, b: other.forward_function(a, b), share


def _to_digits(digits: int) -> Forward:
    return lambda op, a, b: round(op.forward_function(a, b), digits)


def _of_digits(digits: int) -> Forward:
    return lambda op, a, b: op.forward_function(round(a, digits), round(b, digits))


def _forward_of(formula: str) -> Forward:
    return lambda op, a, b: function(formula)(a, b, 0.0)


def _signed(of_a: float, of_b: float) -> tuple[Forward, Share]:
    def share(node: Node, side: int) -> float:
        a, b, y = node.numbers()
        return (of_a, of_b)[side] * _at(node, side, of_a * a, of_b * b, y) * node.grad

    return lambda op, a, b: op.forward_function(of_a * a, of_b * b), share


def _of_bounded(low: float, high: float) -> Forward:
    return lambda op, a, b: op.forward_function(max(low, min(high, a)), max(low, min(high, b)))


def _to_bounded(low: float, high: float) -> Forward:
    return lambda op, a, b: max(low, min(high, op.forward_function(a, b)))
