"""What a condition says where its numbers are known as ranges alone: that it holds, that it does not, or neither. Must
not know runs, what is measured, or breakpoints.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from ...autograd.ops.ieee import divide


class Range(NamedTuple):
    """Numbers from `low` to `high`, both included; `low > high` where there are none. With `nan` there may be nan."""

    low: float
    high: float
    nan: bool = False

    @classmethod
    def of(cls, numbers: Iterable[float]) -> Range:
        """The narrowest one that has these."""
        kept = list(numbers)
        known = [number for number in kept if number == number]
        return cls(min(known, default=math.inf), max(known, default=-math.inf), len(known) < len(kept))

    @property
    def empty(self) -> bool:
        """Nothing but nan."""
        return self.low > self.high

    @property
    def finite(self) -> bool:
        """There is a number, and none is infinite."""
        return not self.empty and math.isfinite(self.low) and math.isfinite(self.high)


ANYTHING = Range(-math.inf, math.inf, True)


def truth(node: ast.expr, ranges: Mapping[str, Range]) -> bool | None:
    """Whether a condition that can be read holds, whichever numbers of their `ranges` its names have; None where that
    depends on them, or is not seen.
    """
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return _all([truth(value, ranges) for value in values])
        case ast.BoolOp(op=ast.Or(), values=values):
            return _not(_all([_not(truth(value, ranges)) for value in values]))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _not(truth(operand, ranges))
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            sides = [_range(side, ranges) for side in (left, *comparators)]
            return _all([_compared(*pair) for pair in zip(sides, ops, sides[1:], strict=False)])
        case ast.Call(func=ast.Name(id="isfinite"), args=[argument]):
            return _all([_not(_is_infinite(_range(argument, ranges))), _not(_is_nan(_range(argument, ranges)))])
        case ast.Call(func=ast.Name(id="isinf"), args=[argument]):
            return _is_infinite(_range(argument, ranges))
        case ast.Call(func=ast.Name(id="isnan"), args=[argument]):
            return _is_nan(_range(argument, ranges))
    return None


def _all(truths: Iterable[bool | None]) -> bool | None:
    known = list(truths)
    return False if False in known else None if None in known else True


def _not(known: bool | None) -> bool | None:
    return None if known is None else not known


def _is_nan(a: Range) -> bool | None:
    return True if a.empty else None if a.nan else False


def _is_infinite(a: Range) -> bool | None:
    return False if a.empty or a.finite else None


def _compared(a: Range, op: ast.cmpop, b: Range) -> bool | None:
    """A comparison with nan does not hold, whichever it is."""
    if a.empty or b.empty:
        return False
    apart, one = a.high < b.low or b.high < a.low, a.low == a.high == b.low == b.high
    match op:
        case ast.Lt():
            always, never = a.high < b.low, a.low >= b.high
        case ast.LtE():
            always, never = a.high <= b.low, a.low > b.high
        case ast.Gt():
            always, never = a.low > b.high, a.high <= b.low
        case ast.GtE():
            always, never = a.low >= b.high, a.high < b.low
        case ast.Eq():
            always, never = one, apart
        case _:
            always, never = apart, one
    return False if never else True if always and not (a.nan or b.nan) else None


# --- numbers: rounding keeps their order, so that the ends of the ranges are enough


def _range(node: ast.expr, ranges: Mapping[str, Range]) -> Range:
    match node:
        case ast.Constant(value=int() | float() as number):
            return Range(float(number), float(number))
        case ast.Name(id=name):
            return ranges.get(name.lower(), ANYTHING)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _range(operand, ranges)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            low, high, nan = _range(operand, ranges)
            return Range(-high, -low, nan)
        case ast.BinOp(left=left, op=op, right=right):
            return _computed(_range(left, ranges), op, _range(right, ranges))
        case ast.Call(func=ast.Name(id="abs"), args=[argument]):
            low, high, nan = _range(argument, ranges)
            return Range(max(low, -high, 0.0), max(-low, high), nan)
        case ast.Call(func=ast.Name(id="min" | "max" as name), args=arguments):
            several = [_range(argument, ranges) for argument in arguments]
            pick: Callable[[Iterable[float]], float] = min if name == "min" else max
            lows, highs, nans = zip(*several, strict=True)
            return ANYTHING if any(each.empty for each in several) else Range(pick(lows), pick(highs), any(nans))
    return ANYTHING


_ENDS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: divide,
}


def _computed(a: Range, op: ast.operator, b: Range) -> Range:
    through_zero = isinstance(op, ast.Div) and b.low <= 0.0 <= b.high
    if type(op) not in _ENDS or through_zero or not (a.finite and b.finite):
        return ANYTHING
    compute = _ENDS[type(op)]
    return Range.of([compute(x, y) for x in a[:2] for y in b[:2]])._replace(nan=a.nan or b.nan)
