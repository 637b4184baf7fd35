"""The mirror of the terminal: what is left out of a frame must be on the screen already."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from chainstep.tui.terminal.mirror import Mirror
from support.screen import terminal
from support.screen.processes import forked
from support.screen.terminal import DOWN, ENTER, ESCAPE, LEFT, RIGHT, UP

COLUMNS, ROWS = 24, 4
STYLES = [
    Style(),
    Style.parse("#ff8800 on #101010"),
    Style.parse("#ff8800 on #202020"),
    Style.parse("#58a6ff on #101010"),
    Style.parse("bold #58a6ff on #101010"),
    Style.parse("dim default on #101010"),
    Style.parse("underline red on default"),
    Style.parse("reverse bold blue"),
]

segments = st.tuples(st.text("ab■ ▁漢", min_size=1, max_size=5), st.sampled_from(STYLES)).map(lambda it: Segment(*it))


def strip_of(pieces: Iterable[Segment], width: int) -> Strip:
    return Strip(pieces).adjust_cell_length(width, STYLES[1])


@st.composite
def updates(draw: st.DrawFn) -> LayoutUpdate | ChopsUpdate:
    x, y = draw(st.integers(0, COLUMNS - 2)), draw(st.integers(0, ROWS - 1))
    width, height = draw(st.integers(1, COLUMNS - x)), draw(st.integers(1, ROWS - y))
    strips = [strip_of(draw(st.lists(segments, min_size=1, max_size=6)), width) for _ in range(height)]
    if draw(st.booleans()):
        return LayoutUpdate([[strip] for strip in strips], Region(x, y, width, height))
    blank: list[dict[int, Strip | None]] = [{} for _ in range(ROWS)]
    chops = [{x: strips[row - y]} if y <= row < y + height else blank[row] for row in range(ROWS)]
    ends = [[x + width] if y <= row < y + height else [] for row in range(ROWS)]
    return ChopsUpdate(chops, [(row, x, x + width) for row in range(y, y + height)], ends)


class Terminal:
    """pyte, as a grid of what one sees in each cell."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.Stream(self._screen)

    def write(self, text: str) -> None:
        self._stream.feed(text.replace("\n", "\r\n"))

    def seen(self) -> list[list[tuple[object, ...]]]:
        return [[self._cell(row, column) for column in range(COLUMNS)] for row in range(ROWS)]

    def _cell(self, row: int, column: int) -> tuple[object, ...]:
        cell = self._screen.buffer[row][column]
        ink = (cell.fg, cell.bold) if cell.data.strip() or cell.underscore or cell.reverse else ()
        return cell.data, cell.bg, ink, cell.underscore, cell.reverse


CONSOLE = Console(color_system="truecolor", force_terminal=True)


@given(st.lists(updates(), min_size=1, max_size=8))
def test_the_terminal_shows_what_it_would_if_all_were_sent(frames: list[LayoutUpdate | ChopsUpdate]) -> None:
    mirror, spared, full = Mirror(ColorSystem.TRUECOLOR), Terminal(), Terminal()
    for frame in frames:
        spared.write(mirror.difference(frame))
        full.write(frame.render_segments(CONSOLE))
        assert spared.seen() == full.seen()


@given(updates())
def test_what_is_shown_already_is_not_sent_again(frame: LayoutUpdate | ChopsUpdate) -> None:
    mirror = Mirror(ColorSystem.TRUECOLOR)
    assert mirror.difference(frame)
    assert mirror.difference(frame) == ""
    mirror.forget()
    assert mirror.difference(frame)


def row(text: str, style: Style) -> LayoutUpdate:
    return LayoutUpdate([[Strip([Segment(text, style)])]], Region(0, 1, cell_len(text), 1))


def test_a_digit_that_changed_is_sent_alone_with_its_style() -> None:
    mirror = Mirror(ColorSystem.TRUECOLOR)
    mirror.difference(row("data +0.1234  grad -0.5", STYLES[1]))
    sent = mirror.difference(row("data +0.1239  grad -0.5", STYLES[1]))
    assert sent == "\x1b[2;12H\x1b[38;2;255;136;0;48;2;16;16;16m9\x1b[0m"


def test_another_colour_of_a_blank_is_no_change() -> None:
    mirror = Mirror(ColorSystem.TRUECOLOR)
    mirror.difference(row("      ", STYLES[1]))
    assert mirror.difference(row("      ", STYLES[3])) == ""
    assert mirror.difference(row("      ", STYLES[2])) != ""


@pytest.mark.parametrize(
    ("colours", "sent"),
    [
        (ColorSystem.EIGHT_BIT, "38;5;208;48;5;233"),
        (ColorSystem.STANDARD, "91;40"),
    ],
)
def test_the_colours_are_those_that_the_terminal_has(colours: ColorSystem, sent: str) -> None:
    assert f"\x1b[{sent}mx" in Mirror(colours).difference(row("x", STYLES[1]))


# --- the app

KEYS = [
    RIGHT,
    LEFT,
    UP,
    DOWN,
    ENTER,
    ESCAPE,
    "\t",
    "]",
    "[",
    " ",
    "t",
    "x",
    "M",
    "y",
    "Z",
    "k",
    "v",
    "b",
    "?",
    *"lLVOdp<>",
]
SIZES = [(80, 24), (120, 36), (60, 20), (100, 30), (170, 50)]


def at_rest(it: terminal.Terminal) -> list[list[tuple[object, ...]]]:
    """What is seen in each cell once nothing more comes."""
    while it.listen(0.3):
        pass
    return [[cell.seen for cell in row] for row in it.cells()]


def test_whatever_was_pressed_painting_all_of_it_again_changes_nothing() -> None:
    chance = random.Random(1)
    program = [sys.executable, "-P", "-m", "chainstep.tui", "xor", "--steps", "1000000"]
    with terminal.Terminal(program, size=(120, 36), start=forked) as it:
        it.read_until("? help")
        for _ in range(2):
            for _ in range(12):
                it.send(chance.choice(KEYS))
                it.listen(chance.choice((0.0, 0.01, 0.03)))
                if chance.random() < 0.2:
                    it.resize(*chance.choice(SIZES))
            for _ in range(3):  # out of a dialog, and of the trace
                it.send(ESCAPE)
                it.listen(0.15)  # two in one would be alt+escape
            it.send(RIGHT)  # ends what plays
            seen = at_rest(it)
            before = it.received
            it.send("\x0c")
            it.read_until(lambda it, before=before: it.received > before)
            assert at_rest(it) == seen
