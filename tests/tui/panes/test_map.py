"""The map and the neuron close up, at the keyboard: what they show is the session's. Must not know how."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chainstep.engine.training.snapshot.plots.map import MapView
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.render.canvas import numbers

Opened = Callable[..., Any]
BY_STEP = ("]",) * 5


def exact(ui: Any) -> bool:
    """The map that is drawn is that of the parameters of now, as fine as its pane."""
    pane = ui.train.query_one("#map")
    shown: MapView | None = pane.drawn.plot if pane.drawn else None
    grid = pane.grid()
    if shown is None or grid != (shown.columns, shown.rows):
        return False
    return ui.session.inspector.plotting.view is shown and ui.session.plotting(*grid) is None


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (60, 20)])
async def test_the_map_takes_the_networks_place_and_gives_it_back(opened: Opened, size: tuple[int, int]) -> None:
    async with opened("moons", size=size) as ui:
        for _ in range(2):
            await ui.press("M")
            await ui.until(lambda: exact(ui))
            assert not ui.region("network")
            assert "● +1" in ui.rows("map")[0]
            assert all(any(sign in row for row in ui.rows("map")[1:]) for sign in "○✗")
            await ui.press("M")
            await ui.until(lambda: ui.region("network") and not ui.region("map"))


async def test_where_there_is_room_the_map_stands_beside_the_others(opened: Opened) -> None:
    async with opened("xor", size=(200, 60)) as ui:
        await ui.until(lambda: exact(ui))
        assert all(ui.region(pane) for pane in ("network", "parameters", "loss", "map", "chain-rule"))
        await ui.press("M")
        await ui.until(lambda: not ui.region("map"))
        await ui.press("M")
        await ui.until(lambda: ui.region("map") and exact(ui))
        await ui.pilot.resize_terminal(120, 36)
        await ui.until(lambda: not ui.region("map"))
        await ui.pilot.resize_terminal(220, 50)
        await ui.until(lambda: ui.region("map") and exact(ui))


async def test_each_step_leads_to_the_map_of_its_parameters(opened: Opened) -> None:
    async with opened("moons") as ui:
        await ui.press("M", *BY_STEP)
        seen = []
        for key in ("right", "right", "left"):
            await ui.press(key)
            await ui.until(lambda: exact(ui))
            seen.append(ui.session.inspector.plotting.view.values)
            wrong, of = ui.session.inspector.plotting.view.tally(test=False)
            assert wrong == round((1 - ui.session.final_loss()[1]) * of)
            assert f"wrong {wrong}/{of}" in ui.rows("map")[0]
        assert seen[0] == seen[2] != seen[1]


async def test_it_is_live_and_exact_where_it_pauses(opened: Opened) -> None:
    async with opened("moons", steps=1_000_000, hidden=(4,)) as ui:
        await ui.press("M")
        await ui.until(lambda: exact(ui))
        maps = {id(ui.session.inspector.plotting.view)}

        def several() -> bool:
            maps.add(id(ui.session.inspector.plotting.view))
            return len(maps) > 2

        await ui.tap("space", several)
        await ui.tap("space", lambda: not ui.train.playing)
        await ui.until(lambda: exact(ui))


@pytest.mark.parametrize("what", ["lecture", "iris"])
async def test_of_classes_over_many_inputs_there_is_no_plot_and_it_says_so(opened: Opened, what: str) -> None:
    async with opened(what, size=(200, 60)) as ui:
        await ui.press("M")
        assert "data of one or two inputs, and any whose target is a number" in ui.messages[-1]
        assert not ui.region("map")
        assert ui.region("network")


@pytest.mark.parametrize("keys", ["3", "14", "123"])
async def test_whatever_the_inputs_are_made_of_the_map_is_over_the_datas_two(opened: Opened, keys: str) -> None:
    async with opened("circles", size=(200, 60)) as ui:
        await ui.press("k", *keys, "escape", "right", "y")
        await ui.until(lambda: exact(ui) and ui.session.inspector.plotting.view.features == ("x0", "x1"))
        assert "wrong" in ui.rows("map")[0]
        await ui.until(lambda: ui.session.inspector.plotting.view.neuron == (0, 0) and ui.region("neuron"))


@pytest.mark.parametrize("keys", ["", "3"])
async def test_the_sample_that_is_stepped_is_marked_whatever_the_inputs_are_made_of(opened: Opened, keys: str) -> None:
    async with opened("circles", size=(200, 60)) as ui:
        if keys:
            await ui.press("k", *keys, "escape")
        assert not any("◉" in row for row in ui.rows("map"))
        await ui.press("right")
        await ui.until(lambda: exact(ui) and sum(row.count("◉") for row in ui.rows("map")) == 1)


async def test_with_inputs_made_of_the_answers_there_is_no_card(opened: Opened) -> None:
    async with opened("and", size=(200, 60)) as ui:
        await ui.press("k", "5", "escape", "1", "right")
        assert len(ui.snapshot.network.inputs) == 3
        assert not any("f(x)" in row for row in ui.rows("network"))


async def test_another_example_does_not_inherit_the_map(opened: Opened) -> None:
    async with opened("moons", size=(200, 60)) as ui:
        await ui.until(lambda: exact(ui))
        before = ui.session.inspector.plotting.view
        ui.train.open(open_subject("xor")[0])
        await ui.until(lambda: exact(ui))
        assert ui.session.inspector.plotting.view is not before
        assert "wrong" in ui.rows("map")[0]
        assert "/4" in ui.rows("map")[0]


async def test_a_card_beside_its_map_still_has_answers_to_turn_round(opened: Opened) -> None:
    async with opened("and", size=(200, 60)) as ui:
        await ui.until(lambda: exact(ui))
        before = ui.session.inspector.probe
        await ui.press("1")
        assert ui.session.inspector.probe == (1.0 - before[0], before[1])


# --- a function of one variable, and predictions


async def test_the_curve_is_measured_by_keys_and_walks_down_as_it_trains(opened: Opened) -> None:
    async with opened("parabola") as ui:

        def says(*texts: str) -> bool:
            return all(text in ui.line("map") for text in ("Curve f(x)", *texts))

        def trail() -> int:
            return "".join(ui.rows("map")[1:]).count("•")

        await ui.until(lambda: ui.region("map") and says("slope 14 at x = 3"))
        assert not ui.region("network")
        assert says("(f(3.001) − f(3)) / 0.001", "= (20.014003 − 20) / 0.001 = 14.003", "backprop 14 off by 0.003")
        await ui.press("}")
        await ui.until(lambda: says("= 14.0003"))
        await ui.press("Q")
        await ui.until(lambda: says("h 0.0001 central"))
        await ui.press(*"}" * 13, "Q")
        await ui.until(lambda: says("h 1e-17 forward", "= 0 ", "x + h is x"))
        await ui.press("}", *"{" * 20)
        await ui.until(lambda: says("h 1 forward", "= 17", "◇"))
        await ui.press(*BY_STEP, "right", "right")
        await ui.until(lambda: says("at x = 1.04") and trail() == 2)
        await ui.press("left")
        await ui.until(lambda: says("at x = 1.6") and trail() == 1)
        await ui.press("M")
        await ui.until(lambda: ui.region("network") and not ui.region("map"))


async def test_of_several_leaves_the_selected_one_is_drawn_beside_the_graph(opened: Opened) -> None:
    async with opened("expression", size=(120, 36)) as ui:
        await ui.until(lambda: ui.region("map") and "Curve f(a)" in ui.rows("map")[0])
        assert all(ui.region(pane) for pane in ("network", "loss", "parameters", "chain-rule"))
        await ui.press("down")
        await ui.until(lambda: "Curve f(b)" in ui.rows("map")[0] and "slope -4 at b = -3" in ui.rows("map")[0])


async def test_m_goes_round_what_there_is_of_a_regression(opened: Opened) -> None:
    async with opened("sine") as ui:
        await ui.press("Q", "M")
        await ui.until(lambda: ui.region("map") and "y over x" in ui.rows("map")[0])
        await ui.until(lambda: "central" in ui.rows("map")[-1])
        await ui.press("M")
        await ui.until(lambda: "R²" in ui.rows("map")[0])
        assert "{" not in ui.rows("map")[-1]
        await ui.press("Q")
        assert "curve of one variable" in ui.messages[-1]
        await ui.press("M")
        await ui.until(lambda: ui.region("network") and not ui.region("map"))


# --- the neuron


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60), (60, 20)])
async def test_the_selected_neuron_shows_how_its_sum_is_made(opened: Opened, size: tuple[int, int]) -> None:
    async with opened(size=size) as ui:
        await ui.press("enter", "pagedown", "y")
        await ui.until(lambda: ui.region("neuron") and "Neuron L1.n3 tanh" in ui.rows("neuron")[0])
        layer = ui.session.snapshot().network.layers[0]
        text = " ".join(ui.line("neuron").replace("×", " ").replace("=", " ").split())
        inputs = ui.session.snapshot().network.inputs
        for name, x, weight in zip(("x0", "x1", "x2"), inputs, layer.weights[2], strict=True):
            told = " ".join(numbers.signed(number, 6).strip() for number in (x, weight, x * weight))
            assert f"{name} {told}" in text
        written = (numbers.signed(number, 6).strip() for number in (layer.biases[2], layer.sums[2], layer.data[2]))
        bias, total, output = written
        assert f"3 bias {bias} {total}" in text
        assert f"4 activate tanh → {output}" in text
        await ui.press("down", "down")
        await ui.until(lambda: "Neuron L1.n4 tanh" in ui.rows("neuron")[0])
        await ui.press("y")
        await ui.until(lambda: ui.region("parameters") and not ui.region("neuron"))
        assert ui.session.inspector.neuron is None


async def test_a_neurons_map_is_made_for_it_alone_too(opened: Opened) -> None:
    async with opened("moons", size=(120, 36)) as ui:
        await ui.press("y")
        await ui.until(
            lambda: ui.session.inspector.plotting.view and ui.session.inspector.plotting.view.neuron == (0, 0)
        )
        assert not ui.region("map")
        await ui.press(*["pagedown"] * 6)
        await ui.until(lambda: ui.session.inspector.plotting.view.neuron == (1, 0))
        pane = ui.train.query_one("#neuron")
        await ui.until(lambda: pane.drawn.plot is ui.session.inspector.plotting.view)


async def test_the_neuron_goes_along_while_it_trains(opened: Opened) -> None:
    async with opened("moons", steps=1_000_000) as ui:
        await ui.press("y")
        seen = set()

        def moving() -> bool:
            seen.add(tuple(ui.rows("neuron")))
            return len(seen) > 3

        await ui.tap("space", moving)
        await ui.tap("space", lambda: not ui.train.playing)


async def test_an_expression_that_is_no_neuron_has_none(opened: Opened) -> None:
    async with opened("expression") as ui:
        await ui.press("y")
        assert ui.messages[-1] == "this expression is no neuron: none of its sums is one of products"
        assert ui.region("parameters")
