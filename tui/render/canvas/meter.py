"""A share of a whole as a bar that lies. Must not know what it is a share of, nor how it is coloured."""

from __future__ import annotations

import math

from ..style.glyphs import UNICODE, Glyphs


def meter(share: float, width: int, glyphs: Glyphs = UNICODE) -> str:
    """A bar of at most `width` cells, full from a share of 1 on; what is no number is `!` all over."""
    if math.isnan(share):
        return glyphs.bad * width
    steps = len(glyphs.fills)
    whole, rest = divmod(round(min(1.0, max(0.0, share)) * width * steps), steps)
    return glyphs.fills[-1] * whole + (glyphs.fills[rest - 1] if rest else "")
