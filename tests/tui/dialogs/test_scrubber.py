"""The scrubber: a cursor on the whole recorded curve, and the jump to it. Must not know how the curve is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainstep.engine.training.commands import Forward, Goto, SetKnob
from chainstep.tui.dialogs.debugger.scrub import CursorCurve, Scrub
from support.sessions import numbers_of

Opened = Callable[..., Any]

RECORDED = SetKnob("lr", 0.03), Forward("step", 200)


def tell(ui: Any, *commands: object) -> None:
    for command in commands:
        ui.session.apply(command)


def cursor(ui: Any) -> int:
    assert isinstance(ui.app.screen, Scrub)
    return ui.app.screen.cursor


async def test_enter_jumps_to_what_was_typed(opened: Opened) -> None:
    async with opened() as ui:
        tell(ui, *RECORDED)
        there = ui.session.losses[123]
        await ui.press("v", *"123")
        assert cursor(ui) == 123
        assert ui.told("#there").startswith(f"step 123   loss {there:#.4g}")
        assert "lr 0.03" in ui.told("#there")
        await ui.press("enter")
        assert ui.app.screen is ui.train
        assert (ui.session.step, ui.session.op) == (123, 0)


async def test_the_future_that_was_recorded_can_be_reached(opened: Opened) -> None:
    async with opened() as ui:
        tell(ui, *RECORDED)
        bits = numbers_of(ui.session)
        tell(ui, Goto(50))
        await ui.press("v")
        assert (cursor(ui), ui.told("#there")[:14]) == (50, "step 50 (here)")
        await ui.press("end")
        assert ui.told("#there") == "step 200   not measured yet"
        await ui.press("enter")
        assert numbers_of(ui.session) == bits


async def test_keys_move_by_columns_steps_and_to_the_ends(opened: Opened) -> None:
    async with opened() as ui:
        tell(ui, *RECORDED, Goto(100))
        await ui.press("v", "right")
        column = cursor(ui) - 100
        assert 2 <= column <= 4
        await ui.press("left")
        assert abs(cursor(ui) - 100) <= column
        await ui.press("home", "pagedown")
        assert 25 <= cursor(ui) <= 35
        await ui.press("shift+left")
        assert cursor(ui) == 0
        await ui.press("left", "down")
        assert cursor(ui) == 0
        await ui.press("up", "up", "down")
        assert cursor(ui) == 1
        await ui.press("end", "right", "up")
        assert cursor(ui) == 200
        await ui.press("escape")
        assert ui.session.step == 100


async def test_a_click_on_the_curve_moves_the_cursor_there(opened: Opened) -> None:
    async with opened() as ui:
        tell(ui, *RECORDED)
        await ui.press("v")
        width = ui.app.screen.query_one(CursorCurve).size.width
        await ui.pilot.click(CursorCurve, offset=(width - 1, 5))
        assert cursor(ui) == 199
        await ui.pilot.click(CursorCurve, offset=(6, 5))
        assert cursor(ui) == 0


async def test_the_cursor_stands_where_its_step_is_drawn(opened: Opened) -> None:
    async with opened() as ui:
        tell(ui, *RECORDED)
        await ui.press("v")
        curve = ui.app.screen.query_one(CursorCurve)
        for step, column in ((100, 6 + (curve.size.width - 6) // 2), (199, curve.size.width - 1)):
            await ui.press(*str(step), "down", "up")
            assert [row[column] for row in ui.text(curve)[3:6]] == ["│"] * 3


async def test_a_step_that_is_not_recorded_is_one_line(opened: Opened) -> None:
    async with opened() as ui:
        tell(ui, *RECORDED)
        before = numbers_of(ui.session)
        await ui.press("v", *"9999")
        assert ui.told(".error") == "step 9999 is not recorded, only 0 to 200: g goes further"
        assert "typed: 9999" in ui.told("#there")
        assert cursor(ui) == 99
        await ui.press("enter")
        assert isinstance(ui.app.screen, Scrub)
        assert numbers_of(ui.session) == before
        await ui.press("backspace", "backspace")
        assert (cursor(ui), ui.told(".error")) == (99, "")


async def test_without_a_step_there_is_nothing_to_move_along(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("v", "right", "left", "pagedown", "end", "home", "up")
        assert cursor(ui) == 0
        await ui.press("enter")
        assert (ui.session.step, ui.session.op) == (0, 0)


async def test_a_knob_that_was_turned_is_named(opened: Opened) -> None:
    async with opened() as ui:
        tell(ui, Forward("step", 5), SetKnob("lr", 0.2), Forward("step", 5))
        await ui.press("v", "5")
        assert "turned: lr 0.2" in ui.told("#there")
