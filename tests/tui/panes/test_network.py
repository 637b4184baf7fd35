"""Network, card and graph show the session's own numbers. Must not know how they are drawn."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from chainstep.tui.render.canvas import numbers
from support.screen.table import squeezed

Opened = Callable[..., Any]


def by_hand(parameters: tuple[float, ...], inputs: tuple[float, ...], sizes: tuple[int, ...]) -> list[list[float]]:
    """Outputs of each layer of a tanh network: a reader's pocket calculator."""
    left, layers = list(parameters), []
    values = list(inputs)
    for size in sizes:
        outputs = []
        for _ in range(size):
            weights, left = left[: len(values)], left[len(values) :]
            total = sum((w * x for w, x in zip(weights, values, strict=True)), 0.0) + left.pop(0)
            outputs.append(math.tanh(total))
        values = outputs
        layers.append(outputs)
    return layers


@pytest.mark.parametrize("picture", ["wires", "grid"])
async def test_units_show_what_they_hold(opened: Opened, picture: str) -> None:
    async with opened(size=(200, 60)) as ui:
        ui.train.picture = picture
        await ui.press(*"]" * 3, "right")
        text = ui.line("network")
        assert "on sample 1" in text
        inputs = ui.session.subject.train_inputs[0]
        for layer in ([*inputs], *by_hand(ui.session.parameters, inputs, (4, 4, 1))):
            for value in layer:
                assert numbers.signed(value, 7).strip() in text


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_the_network_says_which_way_it_goes(opened: Opened, size: tuple[int, int]) -> None:
    async with opened("moons", size=size) as ui:
        assert not set("▶◀") & set(ui.rows("network")[0])
        await ui.press("right")
        assert "forward ▶" in ui.rows("network")[0]
        await ui.press(*["enter"] * 3, "]", "right", "right", "right")
        assert "◀ backward" in ui.rows("network")[0]
        await ui.press("d")
        title = ui.rows("network")[0]
        assert "gradients" in title
        assert "◀" in title
        assert "…" not in title


async def test_a_step_by_layer_lights_all_of_the_layer(opened: Opened) -> None:
    async with opened("moons", size=(120, 36)) as ui:
        await ui.press("]", "]", "right", "right")
        assert sum("▶" in row for row in ui.rows("network")[1:]) == 16
        await ui.press("[", "left")
        assert sum("▶" in row for row in ui.rows("network")[1:]) == 1


async def test_gradients_take_the_place_of_data(opened: Opened) -> None:
    async with opened(size=(200, 60)) as ui:
        await ui.press(*["enter"] * 4)
        data = ui.line("network")
        await ui.press("d")
        assert "gradients" in ui.rows("network")[0]
        for layer in ui.session.snapshot().network.layers:
            assert all(numbers.signed(grad, 7).strip() in ui.line("network") for grad in layer.grad)
        await ui.press("d")
        assert ui.line("network") == data


async def test_the_card_decides_and_so_does_its_table(opened: Opened) -> None:
    async with opened("wonderland", size=(120, 36)) as ui:
        weights = ui.session.parameters
        assert weights == (5.0, 2.0, 4.0, -3.0)
        assert "f(x) = 1×5 + 0×2 + 1×4 − 3 = 6 6 > 0 → Yes, we're going!" in without_frame(ui)
        await ui.press("1", "3")
        assert "f(x) = 0×5 + 0×2 + 0×4 − 3 = -3".replace("-", "−") in without_frame(ui)
        assert "No, we stay at home." in without_frame(ui)
        await ui.press("e")
        await ui.type("-6")
        weights = ui.session.parameters
        assert weights == (-6.0, 2.0, 4.0, -3.0)
        rows = squeezed(ui.rows("network"))
        for answers, target in zip(product((0, 1), repeat=3), ui.session.subject.train_targets, strict=True):
            total = float(sum(w * x for w, x in zip(weights, answers, strict=False)) + weights[3])
            right = (total > 0) == bool(target)
            wanted = f"{''.join(map(str, answers))} {numbers.signed(total, 6).strip()} {'Yes' if total > 0 else 'No'}"
            assert any(f"{wanted} {'✓' if right else '✗ wrong'}" in row for row in rows), wanted
        await ui.press("right")
        assert [row[:3] for row in ui.rows("network")[1:4]] == ["│▶1", "│▷2", "│ 3"]


async def test_where_the_card_has_little_room_no_row_of_its_table_is_missing(opened: Opened) -> None:
    async with opened("wonderland") as ui:
        assert "1×5 + 0×2 + 1×4 − 3 = 6 > 0 → Yes" in without_frame(ui)
        assert all(f"{answers:03b} " in without_frame(ui) for answers in range(8))


def without_frame(ui: Any) -> str:
    return " ".join(" ".join(row.strip("│") for row in ui.rows("network")).split())


async def test_the_graph_of_an_expression_computes(opened: Opened) -> None:
    async with opened("expression") as ui:
        await ui.press("enter", "enter", "enter", "enter")
        a, b, c, f = 2.0, -3.0, 10.0, -2.0
        data = [a * b, a * b + c, (a * b + c) * f]
        grads = [b * f, a * f, f, a * b + c]
        text = ui.line("network")
        for number in (*data, *grads):
            assert numbers.signed(number, 7).strip() in text
        assert ui.session.run.gradients == tuple(grads)


async def test_a_tables_column_is_chosen_with_its_weights_and_unfolds(opened: Opened) -> None:
    async with opened("penguins", size=(200, 60)) as ui:
        await ui.press("right")
        inputs = ui.session.subject.train_inputs[ui.snapshot.network.row]
        said = ui.snapshot.subject.answers(inputs)
        rows = ui.rows("network")
        assert sum("Dream" in row or "Torgersen" in row or "Biscoe" in row for row in rows) == 1
        for name, answer in zip(("island", "sex", "year"), (said[0], said[5], said[6]), strict=True):
            assert any(f" {name}" in f" {row[1:]}" and str(answer).removesuffix(".0") in row for row in rows)
        y = next(y for y, row in enumerate(rows) if "island" in row)
        ui.app.screen.query_one("#network").clicked(rows[y].index("island"), y - 1)
        await ui.press("down")
        telling = ui.snapshot.network.columns[0].telling
        assert ui.train.selected == telling + 1
        ui.app.screen.query_one("#network").focus()
        await ui.press("up")
        shown = ui.line("network")
        assert all(island in shown for island in ("Bisc", "Drea", "Torg"))
