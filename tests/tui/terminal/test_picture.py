"""The screen as SVG stands by itself: no font is fetched, each word has its own place. Must not know widgets."""

from __future__ import annotations

import io
import re

from rich.console import Console

from chainstep.tui.terminal.picture import standing_alone
from support.cases import each

CELL = 12.2
"""How wide Rich draws one."""

PLACED = re.compile(r'x="([\d.]+)" y="[\d.]+" textLength="([\d.]+)"[^>]*>([^<]*)</text>')


def drawn(text: str) -> str:
    """A line as Rich draws it."""
    console = Console(width=40, file=io.StringIO(), record=True, force_terminal=True)
    console.print(text, markup=False, highlight=False)
    return console.export_svg(title="")


def test_no_font_comes_from_elsewhere() -> None:
    before, after = drawn("loss 0.5"), standing_alone(drawn("loss 0.5"))
    assert "url(" in before
    assert "@font-face" in before
    assert "@font-face" not in after
    assert re.findall(r"url\((?!#)", after) == [], "what is in the picture itself may be named"
    assert "Fira Code" not in after


@each(
    ("text", "words"),
    [
        ("backward › sample 1", [(0, "backward"), (9, "›"), (11, "sample"), (18, "1")]),
        ("a   b<c", [(0, "a"), (4, "b&lt;c")]),
        ("× ŷ", [(0, "×"), (2, "ŷ")]),
    ],
)
def test_each_word_has_its_place(text: str, words: list[tuple[int, str]]) -> None:
    found = [(float(x) / CELL, word) for x, _, word in PLACED.findall(standing_alone(drawn(text))) if word.strip()]
    assert [(round(x), word) for x, word in found] == words
