"""The graph of the Trace screen: it is reached, enlarged and scrolled, and follows what is stepped. Must not know how
it is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.events import MouseScrollDown

Opened = Callable[..., Any]


def shown(ui: Any) -> set[str]:
    """The panes that have a place."""
    return {name for name in ("trace", "graph", "chain-rule", "next") if ui.region(name)}


async def test_where_one_has_room_tab_shows_the_graph_in_place_of_the_listing(opened: Opened) -> None:
    async with opened(size=(80, 24)) as ui:
        await ui.press("x", "right")
        assert shown(ui) == {"trace", "chain-rule"}
        assert "tab pane" in ui.rows("trace")[-1]
        await ui.press("tab")
        await ui.until(lambda: shown(ui) == {"graph", "chain-rule"} and ui.app.focused.id == "graph")
        assert "L1.n1" in ui.rows("graph")[0]
        await ui.press("Z")
        await ui.until(lambda: shown(ui) == {"graph"})
        assert "x0 +2.00" in ui.line("graph")
        await ui.press("right", "right")
        assert ui.snapshot.position.op == 3
        await ui.press("left", "enter")
        assert ui.snapshot.position.phase == "loss"
        await ui.press("tab")
        await ui.until(lambda: shown(ui) == {"trace"} and ui.app.focused.id == "trace")
        await ui.press("Z")
        await ui.until(lambda: shown(ui) == {"trace", "chain-rule"})


async def test_a_graph_larger_than_its_room_is_scrolled_and_follows_again_with_the_next_step(opened: Opened) -> None:
    async with opened("iris", size=(50, 20)) as ui:

        def rows() -> list[str]:
            return ui.rows("graph")[1:-1]

        await ui.press("x", "right", "tab")
        await ui.until(lambda: ui.app.focused.id == "graph")
        first = rows()
        assert any(row.endswith("→│") for row in first)
        assert "shift+→ scroll" in ui.rows("graph")[-1]
        await ui.press("pagedown")
        assert any(row.startswith("│←") for row in rows())
        await ui.press("home")
        assert rows() == first
        await ui.press("shift+right")
        across = rows()
        assert across != first
        await ui.pilot._post_mouse_events([MouseScrollDown], widget="#graph")
        assert rows() != across  # nothing is below, so the wheel goes on
        await ui.press("end")
        assert "tanh" in ui.line("graph")
        assert not any("▷" in row for row in rows())
        await ui.press("right")
        assert any("▷" in row for row in rows())
        assert any("│    ·" in row for row in rows())
        await ui.press("d")
        assert not any("│    ·" in row for row in rows())
        await ui.pilot.resize_terminal(80, 24)
        await ui.press("d")
        await ui.until(lambda: any("↓" in row for row in rows()))
        await ui.press("down")
        assert any("↑" in row for row in rows())


@pytest.mark.parametrize("size", [(120, 36), (200, 60)])
async def test_beside_the_listing_either_is_enlarged(opened: Opened, size: tuple[int, int]) -> None:
    async with opened(size=size) as ui:
        await ui.press("x", "right")
        both = {"trace", "graph", "chain-rule", "next"}
        assert shown(ui) == both
        assert "tanh" in ui.line("graph")
        assert "tab pane" not in ui.rows("trace")[-1] + ui.rows("graph")[-1]
        await ui.press("Z")
        await ui.until(lambda: shown(ui) == {"trace"})
        await ui.press("tab")
        await ui.until(lambda: shown(ui) == {"graph"} and ui.app.focused.id == "graph")
        await ui.press("Z")
        await ui.until(lambda: shown(ui) == both)
        cursor = ui.trace.listing.cursor
        await ui.press("down", "shift+tab")
        await ui.until(lambda: ui.app.focused.id == "trace")
        assert ui.trace.listing.cursor == cursor
        await ui.press("down")
        assert ui.trace.listing.cursor == cursor + 1


async def test_the_foot_says_that_tab_leads_on_where_one_of_the_two_has_all_the_room(opened: Opened) -> None:
    async with opened("expression", size=(80, 24)) as ui:
        # No pane comes behind the first frame of an expression, and yet what comes next has its numbers.
        assert "next: a*b = 2.0 × (-3.0)" in ui.rows("chain-rule")[-1]
        await ui.press("x")
        await ui.pilot.resize_terminal(120, 36)
        await ui.until(lambda: shown(ui) == {"trace", "graph", "chain-rule", "next"})
        assert "tab pane" not in ui.line("keys")
        await ui.press("Z")
        await ui.until(lambda: "tab pane" in ui.line("keys"))
        await ui.press("Z")
        await ui.until(lambda: "tab pane" not in ui.line("keys"))
        for _ in range(4):  # shared again before it was laid out
            await ui.press("Z", "Z")
            await ui.until(lambda: "tab pane" not in ui.line("keys"))
