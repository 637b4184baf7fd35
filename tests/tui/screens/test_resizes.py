"""Another size of the terminal changes what there is room for, and nothing that the user has chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.containers import VerticalScroll
from textual.widgets import Input, OptionList

Opened = Callable[..., Any]

FIRST, *OTHERS = (200, 60), (60, 20), (120, 36), (80, 24), (200, 60)


async def resized(ui: Any, size: tuple[int, int]) -> None:
    """Another size, and all that follows from it."""
    await ui.pilot.resize_terminal(*size)
    await ui.until(lambda: ui.region("header").width == size[0] and ui.app.screen.size == size)
    await ui.pilot.pause()


@pytest.mark.parametrize("tabs", [0, 1, 2])
async def test_focus_and_selection_stay(opened: Opened, tabs: int) -> None:
    async with opened("moons", size=FIRST) as ui:
        await ui.press(*["down"] * 40, *["tab"] * tabs)
        focused = ui.app.focused
        assert focused.id == ("parameters", "samples", "network")[tabs]
        for size in OTHERS:
            await resized(ui, size)
            assert ui.app.focused is focused
            assert ui.region(focused.id)
            assert ui.train.selected == 40
            chosen = [row for row in ui.rows("parameters") if "▸" in row]
            assert not ui.region("parameters") or ["L1.n14.w1" in row for row in chosen] == [True]


async def test_what_is_shown_of_it_stays(opened: Opened) -> None:
    async with opened("moons", size=FIRST) as ui:
        await ui.press("p", "d", "l", "y", "O", "M")
        train = ui.train
        before = train.picture, train.gradients, train.log_scale, train.close, train.order, train.beside, train.turned
        for size in OTHERS:
            await resized(ui, size)
        now = train.picture, train.gradients, train.log_scale, train.close, train.order, train.beside, train.turned
        assert now == before
        assert ui.region("neuron")
        assert not ui.region("map")


async def test_the_enlarged_pane_stays_enlarged(opened: Opened) -> None:
    async with opened(size=FIRST) as ui:
        await ui.press("tab", "Z")
        focused = ui.app.focused
        for size in OTHERS:
            await resized(ui, size)
            assert ui.app.focused is focused
            assert ui.region(focused.id) == ui.region("panes")
        await ui.press("Z")
        await ui.until(lambda: ui.region("trace") and ui.region("graph"))


async def test_cursor_folds_and_focus_of_the_trace_stay(opened: Opened) -> None:
    async with opened(size=FIRST) as ui:
        await ui.press("x", "O", "end", "o", *["up"] * 3)
        place = ui.trace.listing.place
        assert place == "L2.n4"
        for size in OTHERS:
            await resized(ui, size)
            listing = ui.trace.listing
            assert ui.app.focused is listing
            assert listing.place == place
            assert any("neuron 4" in row for row in ui.rows("trace"))
        assert sum(row.count("▸") for row in ui.rows("trace")) == 9
        assert any("ŷ - y" in row for row in ui.rows("trace"))


@pytest.mark.parametrize("screen", [(), ("x",)], ids=["train", "trace"])
async def test_a_prompt_stays_open_with_what_was_typed(opened: Opened, screen: tuple[str, ...]) -> None:
    async with opened(size=FIRST) as ui:
        await ui.press(*screen, "g", *"123")
        dialog, prompt = ui.app.screen, ui.app.focused
        for size in OTHERS:
            await resized(ui, size)
            assert ui.app.screen is dialog
            assert ui.app.focused is prompt
            assert isinstance(prompt, Input)
            assert prompt.value == "123"
            assert dialog.region.contains_region(prompt.region)
        await ui.press("enter")
        await ui.until(lambda: ui.snapshot.position.step == 123)


async def test_a_list_keeps_its_row_and_a_page_stays_where_it_was(opened: Opened) -> None:
    async with opened(size=FIRST) as ui:
        await ui.press("o", "down", "down")
        options = ui.app.screen.query_one(OptionList)
        row = options.highlighted
        for size in OTHERS:
            await resized(ui, size)
            assert options.highlighted == row
            assert ui.app.screen.region.contains_region(options.region)
        await ui.press("escape")
        await resized(ui, (60, 20))
        await ui.press("?")
        page = ui.app.screen.query(VerticalScroll).first()
        await ui.until(lambda: page.max_scroll_y > 5)
        await ui.press("pagedown")
        await ui.until(lambda: page.scroll_y > 5)
        await ui.pilot.pause()
        await resized(ui, (80, 24))
        assert page.scroll_y > 5


async def test_the_trace_and_its_graph_come_and_go_with_the_room(opened: Opened) -> None:
    async with opened(size=(120, 36)) as ui:
        await ui.press("right", "right")
        assert ui.snapshot.trace is None
        await resized(ui, (200, 60))
        await ui.until(lambda: "▷  3  " in "".join(ui.rows("trace")))
        assert "L1.n1" in ui.rows("graph")[0]
        await ui.press("right")
        assert "line 4/75" in ui.line("trace")
        await resized(ui, (80, 24))
        await ui.press("right")
        assert ui.snapshot.trace is None
        assert not ui.region("trace")
        await resized(ui, (200, 60))
        await ui.until(lambda: "line 5/75" in ui.line("trace"))
        await ui.press("Z")
        await ui.until(lambda: not ui.region("trace"))
        await ui.press("right")
        assert ui.snapshot.trace is None
        await ui.press("Z")
        await ui.until(lambda: "line 6/75" in ui.line("trace"))
        # The Trace screen has panes of these names too, and rules of its own for them.
        await ui.press("x", "right", "x")
        await ui.until(lambda: ui.region("graph") and "line 7/75" in ui.line("trace"))


async def test_the_trace_on_the_train_screen_is_only_looked_at(opened: Opened) -> None:
    async with opened(size=FIRST) as ui:
        await ui.press("right")
        await ui.until(lambda: "line 2/75" in ui.line("trace"))
        before = ui.rows("trace")
        await ui.pilot.click("#trace", offset=(12, 6))
        await ui.press("down")
        assert ui.app.focused.id == "parameters"
        assert ui.rows("trace") == before
        assert ui.train.selected == 1
