"""Nudging a parameter in the app: the table, other parameters, and a nudge for good. Must not know what measures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.widgets import OptionList

from chainstep.tui.dialogs.debugger.nudge import Nudge

Opened = Callable[..., Any]


def rows(ui: Any) -> list[list[str]]:
    return [str(option.prompt).split() for option in ui.app.screen.query_one(OptionList).options]


async def test_the_table_and_a_nudge_for_good(opened: Opened) -> None:
    async with opened("parabola") as ui:
        await ui.press("K")
        assert isinstance(ui.app.screen, Nudge)
        await ui.until(lambda: len(rows(ui)[-1]) == 5)
        assert rows(ui)[0] == ["1", "37", "17", "17", "14"]
        assert rows(ui)[3] == ["0.001", "20.014003", "0.014003", "14.003", "0.014"]
        assert rows(ui)[17][2:4] == ["0", "0"]
        await ui.press("down")
        assert "(21.43 − 20) / 0.1 = 14.3" in ui.told("#quotient")
        box = ui.app.screen.query_one(".dialog").region
        assert box.contains_region(ui.app.screen.query_one(".keys").region)
        await ui.press("enter")
        assert ui.session.parameters == (3.1,)
        assert "nudged by 0.1" in ui.messages[-1]
        await ui.press("u")
        assert ui.session.parameters == (3.0,)


async def test_other_parameters_and_both_sides(opened: Opened) -> None:
    async with opened("lecture") as ui:
        await ui.press("K", "right", "Q")
        await ui.until(lambda: len(rows(ui)[-1]) == 5)
        assert ui.told("#here").startswith("L1.n1.w1 = ")
        assert "change/2h" in ui.told("#heading")
        await ui.press("left", "left")
        assert ui.told("#here").startswith("L3.n1.b = ")


async def test_on_the_trace_screen_it_is_the_lines_own(opened: Opened) -> None:
    async with opened("expression") as ui:
        await ui.press("x", "K")
        await ui.until(lambda: isinstance(ui.app.screen, Nudge))
        assert ui.told("#here").startswith("a = 2.0, the value is ")
