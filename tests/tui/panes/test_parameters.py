"""The table of parameters shows the session's own numbers. Must not know how rows are drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chainstep.tui.render.canvas import numbers
from support.screen.table import row_of, squeezed

Opened = Callable[..., Any]


@pytest.mark.parametrize("keys", [(), ("enter",) * 3 + ("right",) * 12, ("enter",) * 4, ("]",) * 5 + ("right",) * 3])
async def test_parameters_are_the_sessions(opened: Opened, keys: tuple[str, ...]) -> None:
    async with opened(size=(200, 60)) as ui:
        await ui.press("Z", *keys)
        await ui.until(lambda: len(ui.rows("parameters")) > 50)
        rows = squeezed(ui.rows("parameters"))
        for index in range(len(ui.session.labels)):
            wanted = " ".join(row_of(ui.session, index).split())
            assert any(wanted in row for row in rows), wanted


async def test_the_change_is_that_of_the_last_update(opened: Opened) -> None:
    async with opened(size=(200, 60)) as ui:
        await ui.press("Z", *"]" * 5, "right")
        before = ui.session.parameters
        await ui.press("right")
        await ui.until(lambda: ui.region("parameters").width == 200)
        rows = squeezed(ui.rows("parameters"))
        for index, (then, now) in enumerate(zip(before, ui.session.parameters, strict=True)):
            wanted = f"{row_of(ui.session, index)} {numbers.signed(now - then, 8)}"
            assert any(" ".join(wanted.split()) in row for row in rows)


async def test_the_selected_parameter_is_in_view(opened: Opened) -> None:
    async with opened("moons", size=(80, 24)) as ui:
        for key, index in (("pagedown", 10), ("pagedown", 20), ("up", 19), ("pagedown", 29)):
            await ui.press(key)
            label = ui.session.labels[index]
            rows = ui.rows("parameters")
            assert f"{label}  {index + 1}/337" in rows[0]
            assert any(f"▸{label}" in row and numbers.signed(ui.session.parameters[index], 8) in row for row in rows)
