"""Where the panes go at every size: inside, apart, and without a hole. Must not know what is in them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from textual.geometry import Region
from textual.widgets import OptionList

from chainstep.tui.panes.arrangement.places import NAMES, SMALLEST, arrange, arrange_beside_lesson
from chainstep.tui.panes.lesson.room import uncovered
from support.cases import each

Opened = Callable[..., Any]

widths, heights = st.integers(1, 220), st.integers(1, 70)
alone = st.sampled_from(NAMES)
SECOND_ROW = {"trace", "graph"}
ALWAYS = {*NAMES} - {"samples"}


@given(widths, heights, st.booleans(), alone, st.sampled_from([0, 1, 4, 100_000]), st.booleans())
@example(*SMALLEST, False, "network", 4, True)
@example(*SMALLEST, True, "network", 0, False)
@example(1, 1, False, "loss", 4, True)
@example(220, 70, True, "loss", 0, False)
def test_panes_are_inside_and_apart_and_leave_no_hole(
    width: int, height: int, graph: bool, alone: str, samples: int, listed: bool
) -> None:
    places = arrange(width, height, graph=graph, alone=alone, samples=0 if graph else samples, listed=listed)
    whole = Region(0, 0, width, height)
    assert places.keys() <= {*NAMES, *SECOND_ROW}
    assert all(whole.contains_region(place) and place.area for place in places.values())
    regions = list(places.values())
    assert not any(a.overlaps(b) for k, a in enumerate(regions) for b in regions[:k])
    assert sum(place.area for place in regions) == whole.area


@given(widths, heights, st.booleans(), alone)
def test_nothing_is_missing_where_there_is_room(width: int, height: int, graph: bool, alone: str) -> None:
    places = arrange(width, height, graph=graph, alone=alone)
    if width >= SMALLEST[0] and height >= SMALLEST[1]:
        assert places.keys() - SECOND_ROW == ALWAYS
        # A graph has what is in the table, too: that has one row where both have little room.
        assert all(place.width >= 30 and place.height >= 4 - graph for place in places.values())
    else:
        assert alone in places


@given(widths, heights, alone, st.booleans(), st.booleans(), st.booleans())
@example(*SMALLEST, "network", True, True, False)
@example(80, 21, "network", False, True, True)
@example(200, 57, "network", True, True, True)
def test_map_and_neuron_take_the_place_of_others(
    width: int, height: int, alone: str, mapped: bool, turned: bool, close: bool
) -> None:
    places = arrange(width, height, graph=False, alone=alone, mapped=mapped, turned=turned, close=close)
    usual = arrange(width, height, graph=False, alone=alone)
    regions = list(places.values())
    assert not any(a.overlaps(b) for k, a in enumerate(regions) for b in regions[:k])
    assert sum(place.area for place in regions) == sum(place.area for place in usual.values())
    beside = mapped and width >= 170 and height >= SMALLEST[1]
    assert ("map" in places) == (beside or (turned and "network" in usual))
    assert ("network" in places) == ("network" in usual and ("map" not in places or beside))
    assert ("neuron" in places) == (close and "parameters" in usual)
    assert "loss" in places or "loss" not in usual


@given(st.integers(170, 300), st.integers(47, 90), alone, st.booleans())
@example(170, 47, "network", True)
@example(200, 57, "network", False)
def test_a_huge_terminal_has_the_trace_its_graph_and_the_map_in_a_second_row(
    width: int, height: int, alone: str, mapped: bool
) -> None:
    places = arrange(width, height, graph=False, alone=alone, mapped=mapped)
    upper, lower = ["network", "parameters", "loss"], ["trace", "graph", *(["map"] if mapped else [])]
    for row in (upper, lower):
        assert sorted(row, key=lambda name: places[name].x) == row
        assert len({(places[name].y, places[name].bottom) for name in row}) == 1
        assert all(places[name].width >= 50 and places[name].height >= 20 for name in row)
    assert places["network"].bottom == places["trace"].y
    assert places["chain-rule"].y == places["trace"].bottom
    # The graph of a neuron with four inputs is drawn where the map leaves it the room.
    assert places["graph"].width >= (86 if not mapped or width >= 200 else 60)


@given(st.integers(170, 300), st.integers(47, 90), alone)
def test_an_expression_gets_the_trace_but_no_second_graph(width: int, height: int, alone: str) -> None:
    places = arrange(width, height, graph=True, alone=alone)
    assert places.keys() == {*ALWAYS, "trace"}
    assert places["trace"].y == places["parameters"].y == places["network"].bottom
    assert places["trace"].width >= 50


@given(st.integers(1, 169), st.integers(1, 46), st.booleans(), alone)
def test_elsewhere_the_trace_is_a_screen_of_its_own(width: int, height: int, graph: bool, alone: str) -> None:
    for size in ((width, 90), (300, height)):
        assert not SECOND_ROW & arrange(*size, graph=graph, alone=alone).keys()


@given(st.integers(112, 169), st.integers(21, 70), st.sampled_from([1, 4, 9, 100]))
@example(120, 33, 4)
@example(112, 21, 100)
def test_the_samples_share_the_column_of_the_curve_and_take_what_they_need(
    width: int, height: int, samples: int
) -> None:
    usual = arrange(width, height, graph=False, alone="network")["loss"]
    places = arrange(width, height, graph=False, alone="network", samples=samples)
    if usual.height >= 14:
        assert places["loss"].union(places["samples"]) == usual
        assert places["samples"].height == min(samples + 3, usual.height // 2)
    else:
        assert "samples" not in places


@given(st.integers(80, 111), st.integers(21, 70), st.booleans(), st.booleans())
@example(80, 21, True, True)
def test_where_that_is_narrow_they_take_the_place_of_the_parameters(
    width: int, height: int, turned: bool, close: bool
) -> None:
    usual = arrange(width, height, graph=False, alone="network")
    places = arrange(width, height, graph=False, alone="network", samples=4, listed=True, turned=turned, close=close)
    instead = "neuron" if close else "samples"
    assert places.keys() == {"map" if turned else "network", "loss", instead}
    assert places[instead] == usual["parameters"].union(usual["chain-rule"])


async def test_every_pane_has_its_turn_on_a_small_terminal(opened: Opened) -> None:
    async with opened(size=(60, 20)) as ui:
        for key in ("tab", "shift+tab"):
            seen = []
            for _ in NAMES:
                await ui.press(key)
                await ui.until(lambda: {name for name in NAMES if ui.region(name)} == {ui.alone, "chain-rule"})
                assert ui.region(ui.alone).width == 60
                seen.append(ui.alone)
            assert sorted(seen) == sorted(NAMES)


async def test_tab_goes_round_all_panes_on_a_large_one(opened: Opened) -> None:
    async with opened() as ui:
        focused = []
        for _ in NAMES:
            await ui.press("tab")
            focused.append(ui.app.focused and ui.app.focused.id)
        assert set(focused) == ALWAYS - {"chain-rule"}


async def test_an_expression_gets_its_own_arrangement_and_gives_it_back(opened: Opened) -> None:
    async with opened() as ui:
        before = {name: ui.region(name) for name in ALWAYS}
        for subject, same in (("parabola", False), ("xor", True)):
            await ui.press("o")
            options = ui.app.screen.query_one(OptionList)
            options.highlighted = options.get_option_index(subject)
            await ui.press("enter")
            assert ui.session.subject.name == subject
            await ui.until(lambda same=same: ({name: ui.region(name) for name in ALWAYS} == before) is same)


async def test_a_terminal_that_changes_its_size_keeps_every_row_filled(opened: Opened) -> None:
    async with opened() as ui:
        for width, height in ((200, 60), (80, 24), (60, 20), (30, 8), (5, 3), (120, 36)):
            await ui.pilot.resize_terminal(width, height)
            await ui.until(lambda width=width: ui.region("header").width == width)
            for pane in ("header", *NAMES, "knobs", "keys"):
                await ui.until(lambda pane=pane: filled(ui, pane))


def filled(ui: Any, pane: str) -> bool:
    """Whether a pane's rows are as wide as its place, if it has one."""
    widget, region = ui.train.query_one(f"#{pane}"), ui.region(pane)
    rows = [widget.render_line(y).cell_length for y in range(widget.size.height)]
    return not region or rows == [region.width] * region.height


async def test_a_pane_that_comes_to_have_room_at_the_very_end_is_not_made(opened: Opened) -> None:
    async with opened() as ui:
        ui.train.panes.close = True
        ui.app.exit(return_code=0)
        ui.train.add_panes()
    assert ui.app.return_code == 0


@each("size", [(60, 12), (80, 21), (80, 27), (100, 37), (119, 21), (120, 33), (170, 45), (200, 57)])
@each("graph", [False, True])
@each(
    "lit",
    [
        (),
        ("network",),
        ("parameters", "loss"),
        ("network", "loss", "parameters"),
        ("map",),
        ("samples",),
        ("network", "map"),
        ("map", "loss"),
    ],
)
def test_a_lesson_covers_no_pane_and_what_it_lights_is_seen(
    size: tuple[int, int], graph: bool, lit: tuple[str, ...]
) -> None:
    if graph and "samples" in lit:
        return  # an expression has none
    there = {*NAMES, "map", "lesson"}
    places = arrange_beside_lesson(*size, lit, there, graph=graph, alone=lit[0] if lit else "network")
    cells = [cell for place in places.values() for cell in product(place.column_range, place.line_range)]
    assert len(cells) == len(set(cells)), "nothing lies over anything"
    assert set(cells) <= set(product(range(size[0]), range(size[1])))
    assert places["lesson"].height >= min(7, size[1] // 2)
    single = size[0] < 80 or size[1] < 21
    assert set(lit[:1] if single else lit) <= set(places)
    assert single or {"chain-rule", "samples"} & set(places)


def test_a_lesson_is_a_column_where_eighty_columns_are_left() -> None:
    assert arrange_beside_lesson(120, 33, (), {"lesson"}, graph=False, alone="network")["lesson"] == Region(
        80, 0, 40, 33
    )
    assert arrange_beside_lesson(119, 33, (), {"lesson"}, graph=False, alone="network")["lesson"].width == 119
    huge = arrange_beside_lesson(200, 57, (), {"lesson"}, graph=False, alone="network")
    assert {"trace", "graph"} <= set(huge), "a huge terminal keeps its second row"


def test_code_that_a_lesson_lights_takes_the_place_of_the_parameters() -> None:
    usual = {"network": Region(0, 0, 44, 10), "parameters": Region(44, 0, 36, 10)}
    assert uncovered(usual, {"network", "code"}, {"code"}) == {
        "network": usual["network"],
        "code": usual["parameters"],
    }
    assert uncovered(usual, {"code"}, ()) == usual, "it is made first"
