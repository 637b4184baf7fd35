"""A row that is sent in few bytes looks on a terminal like one that is spelt out. Must not know any pane."""

from __future__ import annotations

from itertools import permutations

import pyte
import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from chainstep.tui.render.row import Row

STYLES = (
    None,
    Style(color="#58a6ff", bgcolor="#14171f"),
    Style(color="#ff9a3c", bgcolor="#14171f", bold=True),
    Style(color="#5fd7c4", bgcolor="#14171f", bold=True, underline=True),
    Style(color="#ffe873", bgcolor="#14171f", bold=True, reverse=True),
    Style(bgcolor="#14171f"),
    Style(color="#d5dae3", bgcolor="#232936"),
)
CONSOLES = {name: Console(color_system=name, force_terminal=True) for name in ("truecolor", "256", "standard")}


def seen(strip: Strip, console: Console) -> list[tuple[object, ...]]:
    """What a terminal shows in each cell; the ink of a blank is nothing to be seen."""
    screen = pyte.Screen(40, 1)
    pyte.Stream(screen).feed(strip.render(console) + "|")
    cells = [screen.buffer[0][x] for x in range(40)]
    ink = [(cell.fg, cell.bold) if cell.data != " " or cell.reverse or cell.underscore else None for cell in cells]
    return [(cell.data, cell.bg, cell.reverse, cell.underscore, of) for cell, of in zip(cells, ink, strict=True)]


@pytest.mark.parametrize("colours", CONSOLES)
@pytest.mark.parametrize("texts", [("ab", "cd", "ef"), ("ab", "  ", "ef"), ("  ", "cd", "  ")], ids=repr)
def test_a_row_looks_as_if_every_style_were_spelt_out(texts: tuple[str, ...], colours: str) -> None:
    console = CONSOLES[colours]
    for styles in permutations(STYLES, len(texts)):
        # Copies, since a style remembers the sequence of the first terminal that it was spelt out for.
        fresh = [style and style.copy() for style in styles]
        segments = [Segment(text, style) for text, style in zip(texts, fresh, strict=True)]
        row, strip = Row(segments), Strip(segments)
        assert seen(row, console) == seen(strip, console), styles


def test_what_stays_the_same_is_not_sent_again() -> None:
    console = CONSOLES["truecolor"]
    ink, other = STYLES[1], Style(color="#ff9a3c", bgcolor="#14171f")
    row = Row([Segment("ab", ink), Segment("  ", None), Segment("cd", ink), Segment("  ", other), Segment("ef", ink)])
    assert row.render(console).count("48;2;20;23;31") == 2
    assert Row([Segment("ab", ink), Segment("  ", other), Segment("cd", ink)]).render(console).count("\x1b") == 2
