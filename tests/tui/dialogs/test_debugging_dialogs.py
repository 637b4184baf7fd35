"""What all dialogs of the debugger share: they fit, keep keys to themselves, and change nothing on the way out. Must
not know what they do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.widgets import Static

from chainstep.engine.training.commands import Fork, Forward, SetKnob
from chainstep.tui.dialogs.forks.forks import Forks
from chainstep.tui.screens.trace import TraceScreen
from support.sessions import numbers_of

Opened = Callable[..., Any]

DIALOGS = "bWmNv"

BROKEN = SetKnob("lr", 1e200), SetKnob("activation", "relu"), Forward("step", 4), Fork("other"), SetKnob("l2", 0.5)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_dialog_is_whole_and_says_how_to_leave(opened: Opened, size: tuple[int, int]) -> None:
    async with opened(size=size) as ui:
        for command in BROKEN:
            ui.session.apply(command)
        for key in DIALOGS:
            await ui.press(key)
            screen = ui.app.screen
            (box,) = screen.query(".dialog")
            assert screen.region.contains_region(box.region), key
            for static in screen.query(Static):
                assert box.region.contains_region(static.region), (key, static)
            keys = list(screen.query(".words").results(Static))[-1]
            assert str(keys.content).endswith("escape closes")
            assert keys.region.height == 1
            await ui.press("escape")
            assert ui.app.screen is ui.train


@pytest.mark.parametrize("key", DIALOGS)
async def test_a_terminal_without_unicode_is_shown_none(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setattr("chainstep.tui.theme.shows_unicode", lambda: False)
    async with opened(size=(80, 24)) as ui:
        for command in BROKEN:
            ui.session.apply(command)
        await ui.press(key)
        (box,) = ui.app.screen.query(".dialog")
        rows = [strip.text for strip in ui.app.screen._compositor.render_strips()]
        assert [row for row in rows[box.region.y : box.region.bottom] if not row.isascii()] == []


@pytest.mark.parametrize("key", DIALOGS)
async def test_no_key_reaches_the_screen_behind(opened: Opened, key: str) -> None:
    async with opened(size=(80, 24)) as ui:
        await ui.press(key)
        bits, log, looks = numbers_of(ui.session), list(ui.session.log), (ui.train.selected, ui.train.log_scale)
        for pressed in ("r", "R", "[", "]", "u", "w", "c", "l", "t", "1", "<", "x", "+"):
            await ui.press(pressed)
        assert (numbers_of(ui.session), list(ui.session.log)) == (bits, log)
        assert looks == (ui.train.selected, ui.train.log_scale)
        assert ui.app.screen is not ui.train


async def test_forks_and_mistakes_are_there_on_the_trace_screen_too(opened: Opened) -> None:
    async with opened(size=(80, 24)) as ui:
        await ui.press("x", "w", "W")
        assert isinstance(ui.app.screen, Forks)
        await ui.press("up", "enter")
        assert isinstance(ui.app.screen, TraceScreen)
        assert [fork.current for fork in ui.session.snapshot(()).forks] == [True, False]
        await ui.press("m", "space", "escape")
        assert isinstance(ui.app.screen, TraceScreen)
        ui.session.apply(Forward("step"))
        assert ui.session.settings.mistakes == ("no_zero_grad",)


@pytest.mark.parametrize("key", DIALOGS)
async def test_a_dialog_shows_a_session_that_stands_still(opened: Opened, key: str) -> None:
    async with opened(size=(80, 24), steps=1_000_000) as ui:
        ui.app.runner.toggle()
        await ui.until(lambda: ui.session.step > 3)
        await ui.tap(key, lambda: ui.app.screen is not ui.train)
        assert not ui.app.runner.playing
        assert ui.snapshot.position.step == ui.session.step
