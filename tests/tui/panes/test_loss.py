"""The curve's pane shows the session's own losses. Must not know how a curve is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainstep.tui.render.canvas import numbers

Opened = Callable[..., Any]


async def test_the_loss_stands_over_its_curve(opened: Opened) -> None:
    async with opened() as ui:
        assert ui.rows("loss")[0].startswith("╭ Loss ─")
        assert "no loss yet" in ui.line("loss")
        await ui.press(*"]" * 5)
        for _ in range(3):
            await ui.press("right")
            title = ui.rows("loss")[0]
            right = round(ui.session.snapshot().accuracy * 4)
            assert f"Loss {numbers.loss(ui.session.losses[-1])}  accuracy {right}/4 " in title
        assert "no loss yet" not in ui.line("loss")


async def test_an_expression_has_a_value_and_no_loss(opened: Opened) -> None:
    async with opened("expression", size=(120, 36)) as ui:
        assert ui.rows("loss")[0].startswith("╭ Value ─")
        assert "no value yet: press → or space" in ui.line("loss")


async def test_test_numbers_stand_beside_it(opened: Opened) -> None:
    async with opened("moons", size=(200, 60)) as ui:
        await ui.press(*"]" * 5, "right", "right")
        loss, accuracy = ui.session.test()
        assert f"test {numbers.loss(loss)}  {accuracy:.0%}" in ui.rows("loss")[0]


async def test_the_axis_can_be_logarithmic(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press(*"]" * 5, "right", "right", "right")
        linear = ui.rows("loss")
        await ui.press("l")
        assert "log" in ui.rows("loss")[0]
        assert ui.rows("loss")[1:] != linear[1:]
        await ui.press("l")
        assert ui.rows("loss") == linear
