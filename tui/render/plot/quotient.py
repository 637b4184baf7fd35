"""A difference quotient in numbers and words, as one would write it on a blackboard. Must not know where it stands."""

from __future__ import annotations

import math

from chainstep.engine.training.snapshot.plots.function import SlopeView

from ..style.glyphs import Glyphs

_LARGE = 1e-6
"""Below this x + h is written as a sum: nobody counts the zeros."""

_MOST = 17
"""Digits that tell any two floats apart."""


def formula(view: SlopeView) -> str:
    """The quotient in symbols: `(f(3.001) − f(3)) / 0.001`."""
    ahead = _place(view, 1)
    behind = _place(view, -1 if view.central else 0)
    return f"({view.function}({ahead}) − {view.function}({behind})) / {_apart(view)}"


def sum_of_numbers(view: SlopeView) -> str:
    """The same in numbers: `(20.014003 − 20) / 0.001`."""
    ahead, behind = view.ahead[1], view.behind[1]
    digits = _digits(ahead, behind)
    second = f"{behind:.{digits}g}"
    return f"({ahead:.{digits}g} − {f'({second})' if second.startswith('-') else second}) / {_apart(view)}"


def distance(h: float) -> str:
    """An h: `0.001`, `1e-8`."""
    return f"{h:g}".replace("e-0", "e-")


def number(x: float) -> str:
    """A slope: `14.003`."""
    return f"{x:.6g}"


def verdict(view: SlopeView) -> str:
    """How far the quotient is from the slope, and why."""
    off = f"off by {abs(view.quotient - view.slope):.1g}"
    match view.reason:
        case "close":
            return "the same" if view.quotient == view.slope else off
        case "bends":
            return f"{off}: the curve bends"
        case "cancels":
            return f"{off}: the values share all but their last digits, and the last one is worth {view.grain:.1g} here"
        case "rounded":
            return f"{off}: {view.variable} + h is rounded, for floats there are {view.spacing:.1g} apart"
        case "broken":
            return f"{off}: backward is broken on purpose, and nothing but the quotient is right"
        case "asked":
            return ""
        case "stuck":
            return (
                f"{view.variable} + h is {view.variable}: floats there are {view.spacing:.1g} apart, so nothing moves"
            )
        case _:
            return "there is no number to compare"


def update(view: SlopeView) -> str:
    """Where an update from here leads: `x ← 3 − 0.1·14 = 1.6`; empty where it stays."""
    if view.next is None or view.rate is None:
        return ""
    sign, rate = ("−", view.rate) if view.rate >= 0.0 else ("+", -view.rate)
    slope = f"{view.slope:.6g}"
    slope = f"({slope})" if slope.startswith("-") else slope
    by_hand = view.x - view.rate * view.slope == view.next
    step = f"{view.x:.6g} {sign} {rate:g}·{slope} = " if by_hand else ""
    return f"next {view.variable} = {step}{view.next:.6g}"


def lines(view: SlopeView, width: int, glyphs: Glyphs) -> list[tuple[str, str]]:
    """What is to be said, the most needed first: each a text, and what it is of: quotient, slope or update."""
    said = [formula(view)]
    for part in (f"= {sum_of_numbers(view)}", f"= {number(view.quotient)}"):
        if len(said[-1]) + 1 + len(part) <= width:
            said[-1] += f" {part}"
        else:
            said.append(part)
    texts = [("quotient", text) for text in said]
    texts += [("slope", f"backprop {number(view.slope)}  {verdict(view)}".rstrip())]
    if moved := update(view):
        texts.append(("update", moved))
    return [(glyphs.say(text), of) for of, text in texts]


def _place(view: SlopeView, side: int) -> str:
    """Where a point of the quotient lies: `3.001`, or `3 + 1e-8`."""
    x, h = view.x, view.h
    if not side:
        return f"{x:.{_digits_of_place(x, h)}g}"
    if h < _LARGE:
        return f"{x:.6g} {'+' if side > 0 else '−'} {distance(h)}"
    return f"{x + side * h:.{_digits_of_place(x + side * h, h)}g}"


def _digits_of_place(x: float, h: float) -> int:
    """Digits of x that go as far as those of h."""
    if h < _LARGE or not math.isfinite(x):
        return 6
    return _bounded(_magnitude(x) + max(4, -_magnitude(h) + 1))


def _digits(ahead: float, behind: float) -> int:
    """Digits in which the difference of two numbers can be seen."""
    apart = abs(ahead - behind)
    if not apart or not math.isfinite(apart):
        return 10
    return _bounded(max(_magnitude(ahead), _magnitude(behind)) - _magnitude(apart) + 5)


def _magnitude(x: float) -> int:
    """Digits before the point."""
    return math.floor(math.log10(abs(x))) + 1 if x else 1


def _bounded(digits: int) -> int:
    return min(max(digits, 3), _MOST)


def _apart(view: SlopeView) -> str:
    return distance(2.0 * view.h if view.central else view.h)
