"""The frame round a pane: its width, and titles that are too long. Must not know panes."""

from __future__ import annotations

import pytest
from rich.style import Style

from chainstep.tui.render.canvas.frame import lower, upper
from chainstep.tui.render.style.glyphs import ASCII, UNICODE, Glyphs

PLAIN = Style()


@pytest.mark.parametrize(("glyphs", "mark"), [(UNICODE, "…"), (ASCII, "~")])
@pytest.mark.parametrize("width", [6, 12, 30, 80])
def test_a_title_that_is_too_long_ends_in_the_terminals_own_mark(width: int, glyphs: Glyphs, mark: str) -> None:
    title = "breakpoint 1: abs(L1.n1.w0.grad) > 5"
    above = upper(width, title, "1/41", PLAIN, PLAIN, glyphs).text
    below = lower(width, title, PLAIN, PLAIN, glyphs).text
    assert len(above) == len(below) == width
    assert (mark in above) == (width < len(title) + 4)
    assert glyphs is UNICODE or (above + below).isascii()
