"""How a number is written in a given width. Must not know colours, strips or what the number means.

The rule everywhere: a zero on the screen is exactly zero. What would round to zero is written with an exponent,
and where even that has no room, with a tilde.
"""

from __future__ import annotations

import math
from functools import lru_cache

from ..style.covered import ASKED, Covered

NARROWEST = 5
"""Fewest cells that `signed` can work with."""


@lru_cache(maxsize=512, typed=True)
def signed(x: float, width: int) -> str:
    """`x` with its sign, right-aligned in exactly `width` cells, with as many decimals as fit.

    In five cells: `+0.91`, `-12.3`, ` +123`, `+1e30`; in seven: `+0.2341`. A number too large for its digits, or
    one whose digits would all be zero, gets an exponent: `+3e-7`; without room for a mantissa the order of
    magnitude alone, `+e-12`; and what is tinier still `+~0.0`. Minus zero is written as zero is,
    and here as everywhere one that is asked for as a question mark.

    The last few are remembered: of a picture's numbers most are as they were in the one before.

    Raises:
        ValueError: `width` is less than `NARROWEST`.
    """
    if width < NARROWEST:
        raise ValueError(f"a signed number needs {NARROWEST} cells, not {width}")
    if isinstance(x, Covered):
        return ASKED.rjust(width)
    if math.isnan(x):
        return "nan".rjust(width)
    sign = "-" if x < 0 else "+"
    size = abs(x)
    if math.isinf(x):
        return (sign + "inf").rjust(width)
    body = _fixed(size, width - 1)
    if body is None or (size > 0 and not body.strip("0.")):
        body = _exponent(size, width - 1) or ("~0.0" if size < 1 else "e308")
    return (sign + body).rjust(width)


def plain(x: float) -> str:
    """`x` as short as it stays readable: `2.0`, `0.5000`, `1337`, `12.35`, `3.142e-7`.

    Whole numbers are written whole, others with four or five significant digits.
    """
    if isinstance(x, Covered):
        return ASKED
    if not math.isfinite(x):
        return "nan" if math.isnan(x) else "inf" if x > 0 else "-inf"
    size = abs(x)
    if x == int(x) and size < 1e6:
        whole = str(abs(int(x))) if isinstance(x, int) or size >= 1000 else f"{size:.1f}"
        return ("-" if x < 0 else "") + whole
    if size >= 1e6 or size < 1e-3:
        return _short(f"{x:.3e}")
    if size < 0.1:
        return f"{x:#.4g}"
    return f"{x:.{4 if size < 10 else 3 if size < 100 else 2 if size < 1000 else 1}f}"


def measured(x: float, width: int) -> str:
    """`x` as people write what they have measured, right-aligned in exactly `width` cells: `39.1`, `4750`, `-0.25`.

    At most five digits, and no more than there are; what has no room so is written as `signed` does, without a plus.

    Raises:
        ValueError: `width` is less than `NARROWEST`.
    """
    if isinstance(x, Covered):
        return ASKED.rjust(width)
    text = f"{x:.5g}"
    if "e" in text or len(text) > width:
        text = signed(x, width + (x >= 0)).replace("+", "", 1).strip()
    return ("0" if text == "-0" else text).rjust(width)


def loss(x: float) -> str:
    """A loss with four significant digits: `0.2481`, `12.35`, `1.500e-7`.

    Whole numbers are bare, `2`, since such a loss is a count.
    """
    if isinstance(x, Covered):
        return ASKED
    if not math.isfinite(x):
        return plain(x)
    size = abs(x)
    if x == int(x) and size < 1e6:
        return str(int(x))
    if size >= 1e6 or size < 1e-3:
        return _short(f"{x:.3e}", trim=False)
    return f"{x:#.4g}".rstrip(".") if size < 1e4 else f"{x:.1f}"


def brief(x: float) -> str:
    """Two significant digits, for where there is no room for more: `0.042`, `12`, `1.2e-7`."""
    if isinstance(x, Covered):
        return ASKED
    if not math.isfinite(x):
        return plain(x)
    size = abs(x)
    if 1e-3 <= size < 9999.5:
        return f"{x:.0f}" if size >= 9.95 else f"{x:.2g}"
    return _short(f"{x:.1e}") if x else "0"


def _fixed(size: float, width: int) -> str | None:
    """The most decimals that fit `width` cells; None where not even the whole part does."""
    if size >= 10.0**width:
        return None
    # Rounding may add a digit (9.996 -> 10.00), so the first try is not always the one that fits.
    for decimals in range(width - 1 - len(str(int(size))), 0, -1):
        text = f"{size:.{decimals}f}"
        if len(text) <= width:
            return text
    text = f"{size:.0f}"
    return text if len(text) <= width else None


def _exponent(size: float, width: int) -> str | None:
    """The longest mantissa that fits `width` cells with its exponent, or the exponent alone, or None."""
    for digits in range(width, -1, -1):
        text = _short(f"{size:.{digits}e}")
        if len(text) <= width:
            return text
    magnitude = f"e{math.floor(math.log10(size))}"
    return magnitude if len(magnitude) <= width else None


def _short(text: str, trim: bool = True) -> str:
    """Python's `1.50e+07` as `1.5e7`; `trim` drops the zeros that end the mantissa."""
    mantissa, _, power = text.partition("e")
    if trim and "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(power)}"
