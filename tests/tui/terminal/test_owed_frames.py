"""Frames that waited for the terminal and are painted when it is heard of. Must not know what is on them."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from typing import Any

from textual.widgets import Static


async def test_a_thread_that_does_not_know_the_app_can_have_it_painted(opened: Callable[..., Any]) -> None:
    async with opened(size=(80, 24)) as ui:
        await ui.press("k")
        ui.app._owed.append(ui.app.screen.size.region)
        for widget in ui.app.screen.query(Static):
            widget._dirty_regions.add(widget.size.region)
            widget._styles_cache.clear()
        Context().run(ui.app.wake)
        assert not ui.app._owed
