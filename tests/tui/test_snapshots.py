"""The screen at a few sizes: every letter, and roughly every colour. Knows scenes; must not know how they are drawn.

`pytest tests/tui/test_snapshots.py --snapshot-update` draws them anew. Whoever does so looks at the result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rich.segment import Segment
from syrupy.assertion import SnapshotAssertion
from textual.color import Color
from textual.theme import Theme

from chainstep.engine.training.commands import AddBreakpoint, Continue, Fork, Goto, SetKnob, SwitchFork

Opened = Callable[..., Any]

BY_STEP = ("]",) * 5
MID_BACKWARD = ("enter", "enter", "enter", "right", "right")


def drawn(ui: Any) -> str:
    """The rows of the screen, and below them a letter for the colour of each cell that is not blank.

    Of the theme's colours the nearest: `.` foreground, `q` quiet, `p` primary, `s` secondary, `a` accent, `w` warning,
    `e` error, large (`:`) where bold; `#` where the background is lit.
    """
    colours = named(ui.app.current_theme)
    strips = ui.app.screen._compositor.render_strips()
    maps = ["".join(letters(segment, colours) for segment in strip).rstrip() for strip in strips]
    return "\n".join([*(strip.text.rstrip() for strip in strips), "", *maps])


def named(theme: Theme) -> dict[str, Color]:
    foreground, background = Color.parse(theme.foreground or ""), Color.parse(theme.background or "")
    found = {
        "p": theme.primary,
        "s": theme.secondary,
        "a": theme.accent,
        "w": theme.warning,
        "e": theme.error,
        " ": theme.panel,
    }
    colours = {letter: Color.parse(colour or "") for letter, colour in found.items()}
    return {".": foreground, "q": background.blend(foreground, 0.5), "  ": background, **colours}


def letters(segment: Segment, colours: dict[str, Color]) -> str:
    style = segment.style
    if style is None or style.color is None or style.bgcolor is None:
        return " " * segment.cell_length
    ground, ink = (nearest(Color.from_rich_color(colour), colours) for colour in (style.bgcolor, style.color))
    letter = "#" if ground.strip() else ink.strip() or "q"
    if style.bold:
        letter = letter.upper().replace(".", ":")
    return "".join(letter if letter == "#" or not sign.isspace() else " " for sign in segment.text)


def nearest(colour: Color, colours: dict[str, Color]) -> str:
    def distance(letter: str) -> int:
        return sum((a - b) ** 2 for a, b in zip(colour.rgb, colours[letter].rgb, strict=True))

    return min(colours, key=distance)


SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids="{0[0]}x{0[1]}".format)


@SIZES
async def test_lecture_in_the_middle_of_backward(
    opened: Opened, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with opened(size=size) as ui:
        await ui.press(*MID_BACKWARD)
        await ui.pilot.pause()
        assert drawn(ui) == snapshot


@SIZES
async def test_a_gradient_check_with_frozen_and_edited_parameters(
    opened: Opened, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with opened(size=size) as ui:
        await ui.press("f", "down", "down", "e")
        await ui.type("1.5")
        await ui.press(*["enter"] * 4, "a")
        await ui.until(lambda: "check: right" in ui.rows("parameters")[0])
        ui.app.clear_notifications()
        await ui.pilot.pause()
        assert drawn(ui) == snapshot


@SIZES
async def test_forks_side_by_side_one_of_them_broken_and_stopped(
    opened: Opened, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with opened(size=size) as ui:
        slow = Goto(60), Fork("slow"), SetKnob("lr", 0.01), Goto(110), SwitchFork("main"), Goto(150)
        broken = Goto(40), SetKnob("mistakes", ("no_zero_grad",)), AddBreakpoint("step 90"), Continue()
        for command in (*slow, *broken):
            ui.session.apply(command)
        await ui.press("l")
        ui.app.runner.show()
        await ui.pilot.pause()
        assert drawn(ui) == snapshot


async def test_wonderland_opens_on_its_card(opened: Opened, snapshot: SnapshotAssertion) -> None:
    async with opened("wonderland") as ui:
        assert drawn(ui) == snapshot


async def test_moons_after_three_steps(opened: Opened, snapshot: SnapshotAssertion) -> None:
    async with opened("moons") as ui:
        await ui.press(*BY_STEP, "right", "right", "right")
        await ui.pilot.pause()
        assert drawn(ui) == snapshot


async def test_an_expression_in_the_light_theme(opened: Opened, snapshot: SnapshotAssertion) -> None:
    async with opened("expression") as ui:
        await ui.press("t", *MID_BACKWARD)
        await ui.pilot.pause()
        assert drawn(ui) == snapshot


@SIZES
async def test_the_trace_of_lecture_in_the_middle_of_backward(
    opened: Opened, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with opened(size=size) as ui:
        await ui.press("x", *MID_BACKWARD, *"sssss", *"yb")
        await ui.pilot.pause()
        assert drawn(ui) == snapshot


@SIZES
async def test_the_trace_of_an_expression(opened: Opened, size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    async with opened("expression", size=size) as ui:
        await ui.press("x", "enter", "enter", "s")
        await ui.pilot.pause()
        assert drawn(ui) == snapshot


async def test_help(opened: Opened, snapshot: SnapshotAssertion) -> None:
    async with opened(size=(80, 24)) as ui:
        await ui.press("?")
        await ui.pilot.pause()
        assert drawn(ui) == snapshot
