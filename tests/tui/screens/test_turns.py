"""Backward that is fired op by op in an order of one's own, with the keys of the Trace screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainstep.engine.training.commands import RunTo
from support.screen.trace import text

Opened = Callable[..., Any]


async def test_an_op_is_fired_out_of_its_turn_and_what_is_right_stands_beside(opened: Opened) -> None:
    async with opened("lecture", size=(120, 36)) as ui:
        await ui.press("x", "exclamation_mark")
        assert "enter goes there" in ui.messages[-1]
        ui.session.apply(RunTo("backward sample 1"))
        ui.app.runner.show()
        await ui.press("down", "up", "up", "exclamation_mark")
        fired = ui.snapshot.trace
        assert len(fired.fired) == 1
        assert fired.right.wrong == fired.fired[0]
        await ui.until(lambda: "your grad" in text(ui) and "✗" in text(ui))
        assert "BROKEN: backward out of order" in ui.line("header")
        assert "had told it nothing yet" in ui.messages[-1]
        await ui.press("at")
        assert ui.session.settings.order == fired.fired
        await ui.press("enter", "at")
        assert ui.session.settings.order == ()
        await ui.press("u", "u", "u")
        assert ui.session.settings.order == ()
        assert ui.snapshot.trace.fired == ()
