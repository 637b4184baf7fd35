"""One pane alone at full size, and back. Must not know what a pane shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region

from chainstep.tui.panes.arrangement.arrangement import Arrangement
from chainstep.tui.panes.arrangement.places import NAMES, arrange

Opened = Callable[..., Any]

PANES = (*NAMES, "map", "neuron")


def shown(ui: Any) -> dict[str, Region]:
    """The panes that have a place."""
    return {name: ui.region(name) for name in PANES if ui.region(name)}


def whole(ui: Any) -> Region:
    """All the room that panes have."""
    region: Region = ui.train.query_one(Arrangement).region
    return region


@given(st.integers(1, 220), st.integers(1, 70), st.booleans(), st.sampled_from(NAMES), st.tuples(*[st.booleans()] * 3))
def test_the_enlarged_pane_has_all_the_room(
    width: int, height: int, graph: bool, alone: str, others: tuple[bool, bool, bool]
) -> None:
    mapped, turned, close = others
    places = arrange(width, height, graph=graph, alone=alone, enlarged=True, mapped=mapped, turned=turned, close=close)
    stands_in = {"network": "map" if turned else "network", "parameters": "neuron" if close else "parameters"}
    assert places == {stands_in.get(alone, alone): Region(0, 0, width, height)}


@pytest.mark.parametrize("size", [(200, 60), (120, 36), (60, 20)])
async def test_the_pane_with_the_focus_is_alone_and_all_come_back(opened: Opened, size: tuple[int, int]) -> None:
    async with opened("moons", size=size) as ui:
        before = shown(ui)
        await ui.press("down", "down", "Z")
        await ui.until(lambda: shown(ui) == {"parameters": whole(ui)})
        assert ui.app.focused.id == "parameters"
        assert ui.train.selected == 2
        await ui.press("Z")
        await ui.until(lambda: shown(ui) == before)
        assert ui.app.focused.id == "parameters"
        assert ui.train.selected == 2


async def test_a_resize_keeps_it(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("Z")
        for width, height in ((200, 60), (80, 24), (40, 12), (120, 36)):
            await ui.pilot.resize_terminal(width, height)
            await ui.until(lambda width=width: ui.region("header").width == width)
            await ui.until(lambda: shown(ui) == {"parameters": whole(ui)})
        assert len(ui.rows("parameters")[5]) == 120


async def test_tab_goes_on_to_the_next_pane_at_full_size(opened: Opened) -> None:
    async with opened() as ui:
        before = shown(ui)
        await ui.press("Z")
        seen = []
        for _ in NAMES:
            await ui.press("tab")
            await ui.until(lambda: shown(ui) == {ui.alone: whole(ui)})
            seen.append(ui.alone)
        assert sorted(seen) == sorted(NAMES)
        await ui.press("Z")
        await ui.until(lambda: shown(ui) == before)


async def test_the_map_and_the_neuron_are_looked_at_alone(opened: Opened) -> None:
    async with opened("moons", size=(200, 60)) as ui:
        before = shown(ui)
        await ui.press("Z", "y")
        await ui.until(lambda: shown(ui) == {"neuron": whole(ui)})
        await ui.press("M")
        await ui.until(lambda: shown(ui) == {"map": whole(ui)})
        await ui.press("M")
        await ui.until(lambda: shown(ui) == {"network": whole(ui)})
        await ui.press("Z", "y")
        await ui.until(lambda: shown(ui) == before)
