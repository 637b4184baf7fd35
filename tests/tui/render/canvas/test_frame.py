"""The frame round a pane: its width, what is too long for it, and the keys in it. Must not know panes."""

from __future__ import annotations

import pytest
from rich.style import Style

from chainstep.tui.render.canvas.frame import lower, lower_hint_at, upper
from chainstep.tui.render.style.glyphs import ASCII, UNICODE, Glyphs
from support.cases import each
from support.screen.looks import PALETTE

PLAIN = Style()

KEYS = [("n", "picture"), ("d", "grads"), ("M", "map")]


@each(("glyphs", "mark"), [(UNICODE, "…"), (ASCII, "~")])
@each("width", [6, 12, 30, 80])
def test_a_title_that_is_too_long_ends_in_the_terminals_own_mark(width: int, glyphs: Glyphs, mark: str) -> None:
    title = "breakpoint 1: abs(L1.n1.w0.grad) > 5"
    above = upper(width, title, [("1/41", PLAIN)], PLAIN, PLAIN, glyphs).text
    below = lower(width, [(title[:12], PLAIN), (title[12:], PLAIN)], KEYS, PLAIN, PALETTE, glyphs).text
    assert len(above) == len(below) == width
    assert (mark in above) == (width < len(title) + 4)
    assert width == 6 or (mark in below) == (width < len(title) + 6)
    assert glyphs is UNICODE or (above + below).isascii()


@pytest.mark.parametrize("text", ["", "next: tanh"])
def test_keys_have_the_room_that_a_text_leaves_whole_or_not_at_all(text: str) -> None:
    words = [f"{key} {word}" for key, word in KEYS]
    shown = {}
    for width in range(4, 60):
        edge = lower(width, [(text, PLAIN)] if text else [], KEYS, PLAIN, PALETTE, UNICODE)
        assert edge.cell_length == width
        shown[width] = edge.text
        there = [word for word in words if word in edge.text]
        assert there == words[: len(there)]
        assert not there or text in edge.text
        hit = [lower_hint_at(width, [(text, PLAIN)] if text else [], KEYS, x) for x in range(width)]
        for place, word in enumerate(words):
            cells = [x for x, found in enumerate(hit) if found == place]
            assert [edge.text[x] for x in cells] == (list(word) if word in there else [])
    assert shown[59].endswith("─ n picture  d grads  M map ─╯")
    assert shown[59].startswith(f"╰─ {text} ─" if text else "╰──")
