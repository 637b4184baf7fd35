"""Losses side by side in the app. Must not know how they are computed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.widgets import OptionList

Opened = Callable[..., Any]


def rows(ui: Any) -> dict[str, list[str]]:
    """What stands behind each prediction."""
    found = [str(option.prompt).split() for option in ui.app.screen.query_one(OptionList).options]
    return {cells[-7]: cells[-6:] for cells in found}


async def test_a_sample_stands_among_them_and_the_target_turns(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("f3")
        assert rows(ui)["0.1"] == ["0.81", "-1.8", "2.303", "-10", "0.9", "-1"]
        assert rows(ui)["0.95"] == ["0.0025", "-0.1", "0.05129", "-1.053", "0.05", "-1"]
        assert len(rows(ui)) == 9
        box = ui.app.screen.query_one(".dialog").region
        assert box.contains_region(ui.app.screen.query_one(".keys").region)
        await ui.press("space")
        assert "y = 0" in ui.told("#target")
        assert rows(ui)["0.1"][:2] == ["0.01", "+0.2"]
        await ui.press("f3", "enter", "f3")
        own = f"{ui.snapshot.network.layers[-1].data[0]:.4g}"
        assert rows(ui)[own][0] == f"{(ui.snapshot.network.layers[-1].data[0] - 1.0) ** 2:.4g}"
        assert len(rows(ui)) == 10
