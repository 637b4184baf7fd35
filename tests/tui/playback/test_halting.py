"""Playing stops where numbers leave the finite ones, and says so; a second time it plays on. Must not know where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Opened = Callable[..., Any]


@pytest.mark.parametrize("slower", [0, 1])
async def test_playing_stops_at_the_fault_and_space_plays_on(opened: Opened, slower: int) -> None:
    async with opened("lecture", activation="linear", lr=100.0, steps=200, size=(120, 36)) as ui:
        runner = ui.app.runner
        await ui.press("]", "]", "]", "]", "]", *"<" * slower)
        await ui.press("space")
        await ui.until(lambda: not runner.playing)
        fault = ui.snapshot.fault
        assert (ui.session.step, ui.session.op) == (fault.step, fault.op + 1)
        said = f"stopped: {ui.session.stopped}; N says why, space plays on"
        assert ui.messages[-1] == said
        assert f"{fault.result}: N says why" in ui.line("header")
        await ui.press("right")
        assert ui.session.step == fault.step + 1, "a step is a step"
        await ui.press(*">" * slower, "space")
        await ui.until(lambda: not runner.playing)
        assert ui.session.step == 200
        assert ui.messages[-1] != said


async def test_a_breakpoint_that_stops_there_says_so_too(opened: Opened) -> None:
    async with opened("lecture", activation="linear", lr=100.0) as ui:
        await ui.press("b", *"nan", "enter", "escape", "c")
        await ui.until(lambda: not ui.app.runner.playing)
        assert ui.messages[-1] == "stopped: breakpoint 1: nan; N says why, space plays on"
