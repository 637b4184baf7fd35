"""What an answer is worth: read as it was typed, and held against the right number. Must not know sessions, nor who
asks.
"""

from __future__ import annotations

import math

from ...autograd.text.expression import ExpressionError, parse

CLOSE = 0.01
"""An answer may be off by this share of the right one."""

SHOWN = 0.0005
"""And by this share of what it is the sum of, since that is shown with four digits."""

_WHOLE = 0.49
"""A whole number is counted, not measured: the next one is another."""

_ZERO = 0.00005
"""What is written as zero in four digits."""


def read(text: str) -> float:
    """An answer: a number, or a calculation such as `2 * 0.5`.

    Raises:
        ValueError: it is neither; the message is one line.
    """
    text = text.strip()
    if not text:
        raise ValueError("type a number, or a calculation such as 2 * 0.5")
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return parse(text, {})[0].data
    except ExpressionError:
        raise ValueError(f"{text!r} is neither a number nor a calculation such as 2 * 0.5") from None


def agrees(
    answer: float, right: float, *, close: float | None = None, within: float | None = None, terms: float = 0.0
) -> bool:
    """Whether an answer is as good as the right number: off by no more than a share `close` of it, or by `within`, or
    by what the digits of the largest of the `terms` that it is the sum of allow. Where nothing is said, 1 %, and less
    than half of one for a whole number.
    """
    if not (math.isfinite(right) and math.isfinite(answer)):
        return answer == right or (math.isnan(answer) and math.isnan(right))
    if within is not None and close is None:
        return abs(answer - right) <= within
    off = abs(right) * (CLOSE if close is None else close)
    if close is None and right == int(right):
        off = min(off, _WHOLE)
    return abs(answer - right) <= max(off, within or 0.0, SHOWN * terms, _ZERO if right == 0.0 else 0.0)
