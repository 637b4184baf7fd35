"""Every dialog on terminals that have no room for it, and pages turned before there is a first one. Must not know what
a dialog says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.widgets import OptionList

from chainstep.engine.training.commands import AddBreakpoint, Fork, Forward, SetKnob

Opened = Callable[..., Any]

EXPLODED = (
    AddBreakpoint("loss < 0.1"),
    Fork(),
    SetKnob("lr", 1e200),
    SetKnob("activation", "relu"),
    SetKnob("mistakes", ("no_zero_grad",)),
    Forward("step", 4),
)
"""What gives every dialog something to show, but that of the source."""

OF_TRAINING = (
    *("o", "m", "f3", "K", "b", "k", "T", "e", "E", "g", "i", "A", "W", "v", "N"),
    *("question_mark", "slash", "ctrl+p"),
)
OF_THE_TRACE = ("slash", "E", "e")
PAGES = ("pagedown", "pageup", "pagedown", "end", "pageup", "home", "tab", "pagedown")


async def opened_and_closed(ui: Any, dialog: str, *sizes: tuple[int, int]) -> None:
    """Open a dialog, turn its pages, at these sizes too, and close it."""
    stage = ui.app.screen
    ui.app.simulate_key(dialog)
    for size in (None, *sizes):
        if size is not None:
            await ui.until(lambda: ui.app.screen is not stage)
            await ui.pilot.resize_terminal(*size)
        for key in PAGES:
            ui.app.simulate_key(key)
    await ui.until(lambda: ui.app.screen is not stage)
    ui.app.simulate_key("escape")
    await ui.until(lambda: ui.app.screen is stage)


@pytest.mark.parametrize("size", [(1, 1), (10, 5)], ids=str)
async def test_every_dialog_opens_turns_pages_and_closes(opened: Opened, size: tuple[int, int]) -> None:
    async with opened(size=size) as ui:
        await opened_and_closed(ui, "X")
        for command in EXPLODED:
            ui.session.apply(command)
        for dialog in OF_TRAINING:
            await opened_and_closed(ui, dialog)
        await ui.press("x")
        for dialog in OF_THE_TRACE:
            await opened_and_closed(ui, dialog)


async def test_a_terminal_may_shrink_under_every_list(opened: Opened) -> None:
    async with opened(size=(60, 20)) as ui:
        for command in EXPLODED:
            ui.session.apply(command)
        for dialog in ("o", "m", "b", "k", "W", "N", "ctrl+p"):
            await opened_and_closed(ui, dialog, (14, 6), (1, 1), (60, 20))


@pytest.mark.parametrize("size", [(100, 30), (100, 3), (20, 4)], ids=str)
async def test_the_palette_turns_pages_once_it_has_some(opened: Opened, size: tuple[int, int]) -> None:
    async with opened(size=size) as ui:
        for key in ("ctrl+p", "pagedown", "pageup"):
            ui.app.simulate_key(key)
        await ui.until(lambda: ui.app.screen is not ui.train and ui.app.screen.query_one(OptionList).options)
        await ui.press("pagedown")
        moved = ui.app.screen.query_one(OptionList).highlighted or 0
        rows = ui.app.screen.query_one(OptionList).size.height
        assert moved > 10 if size == (100, 30) else moved <= 1 + 3 * rows  # the first row is a heading


async def test_themes_are_found_in_a_palette_too(opened: Opened) -> None:
    async with opened(size=(100, 30)) as ui:
        await ui.press("ctrl+p", *"themes")
        await ui.until(lambda: ui.app.screen.query_one(OptionList).options)
        await ui.press("enter")
        await ui.until(lambda: len(ui.app.screen.query(OptionList)) and ui.app.screen.query_one(OptionList).options)
        await ui.press("pagedown", "pageup", *"chainstep-light")
        await ui.until(lambda: len(ui.app.screen.query_one(OptionList).options) == 1)
        await ui.press("enter")
        await ui.until(lambda: ui.app.screen is ui.train)
        assert ui.app.theme == "chainstep-light"
