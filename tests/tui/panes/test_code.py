"""The code comes by its key, follows each op and goes again. Knows the app from outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Opened = Callable[..., Any]


async def test_f2_shows_the_line_of_each_op_and_the_parameters_again(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("f2")
        await ui.until(lambda: ui.region("code") and "terms = " in ui.line("code"))
        assert not ui.region("parameters")
        await ui.press("enter", "enter", "enter", "enter")
        await ui.until(lambda: "▷ p.data -= lr * p.grad" in ui.line("code"))
        await ui.press("f2")
        await ui.until(lambda: ui.region("parameters") and not ui.region("code"))
        assert "code" not in ui.train.parts()
