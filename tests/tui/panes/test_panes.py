"""Each pane shows the session's own numbers, and resends only rows that differ. Must not know how rows are drawn."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from textual.geometry import Region
from textual.strip import Strip

from chainstep.engine.training.commands import SetKnob, SetParameter
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.debugger import Fault
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.engine.training.step.timeline import PHASES
from chainstep.tui.panes.strip_pane import StripPane
from chainstep.tui.panes.text.chain_rule import described
from chainstep.tui.render.canvas import numbers

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


# --- header and knobs


async def test_the_header_says_where_it_stands(opened: Opened) -> None:
    async with opened() as ui:
        assert "lecture MLP 3-4-4-1 tanh 41 parameters seed 1337 step 0" in ui.line("header")
        for keys in (("right",) * 3, ("enter",), ("right",), ("enter", "enter"), ("right",), ("enter",) * 4):
            await ui.press(*keys)
            position, line = ui.session.snapshot().position, ui.line("header")
            assert f"step {ui.session.step} " in line
            assert line.endswith(f"{position.phase} op {position.op}/{position.ops}")
            assert (f"sample {position.sample}/4" in line) is (position.sample is not None)
        assert ui.session.step == 1


async def test_header_and_keys_say_that_it_plays(opened: Opened) -> None:
    async with opened(steps=1_000_000) as ui:
        assert ui.line("keys").startswith("space play")
        await ui.tap("space", lambda: "playing" in ui.line("header"))
        await ui.until(lambda: ui.line("keys").startswith("space pause"))
        await ui.tap("space", lambda: "playing" not in ui.line("header"))
        assert f"step {ui.session.step} " in ui.line("header")


async def test_the_knobs_show_what_acts_and_mark_what_waits(opened: Opened) -> None:
    async with opened() as ui:
        assert ui.line("knobs").startswith("lr 0.1 optimiser sgd batch all")
        await ui.press("right", "+", "]", "<")
        assert ui.line("knobs").startswith("lr 0.3 ")
        assert ui.line("knobs").endswith("speed 100/s step by neuron")
        ui.train.turn("batch_size", 2)
        await ui.pilot.pause()
        assert "batch all*" in ui.line("knobs")
        await ui.press(*["enter"] * 5)
        assert "batch 2 " in ui.line("knobs")


async def test_the_rate_shown_is_the_effective_one(opened: Opened) -> None:
    async with opened("moons") as ui:
        await ui.press(*"]" * 5, "right", "right", "right")
        assert ui.line("knobs").startswith(f"lr {1.0 * (1 - 0.9 * 3 / 100):.4g} linear")


# --- parameters


def row_of(session: Session, index: int) -> str:
    data, grad = (numbers.signed(x, 8) for x in (session.parameters[index], session.gradients[index]))
    return f"{session.labels[index]} {data} {grad}"


def squeezed(rows: list[str]) -> list[str]:
    return [" ".join(row.split()) for row in rows]


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


# --- chain rule


async def test_the_hint_stands_there_before_anything_was_run(opened: Opened) -> None:
    async with opened() as ui:
        assert "→ runs one op" in ui.line("chain-rule")
        await ui.press("right")
        assert "→ runs one op" not in ui.line("chain-rule")


async def test_a_gradient_goes_from_what_it_was_to_what_it_is(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("enter", "enter", "enter")
        gradients = ui.session.gradients
        while gradients == ui.session.gradients:
            await ui.press("right")
        (index,) = [k for k, grad in enumerate(ui.session.gradients) if grad != gradients[k]]
        text = ui.line("chain-rule")
        assert "backward › sample 1 › layer 3 › neuron 1" in text
        assert f"{numbers.plain(gradients[index])} → {numbers.plain(ui.session.gradients[index])}" in text


async def test_an_update_shows_the_optimisers_own_numbers(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press(*["enter"] * 4)
        before, gradients = ui.session.parameters, ui.session.gradients
        for index in range(3):
            await ui.press("right")
            old, new = before[index], ui.session.parameters[index]
            assert new == old - 0.1 * gradients[index]
            text = ui.line("chain-rule")
            assert text.startswith("╭ Chain rule")
            assert f"update › layer 1 › neuron 1 › {ui.session.labels[index]} " in text
            assert f"{numbers.plain(old)} → {numbers.plain(new)}" in text
            assert numbers.plain(gradients[index]) in text


async def test_what_left_the_finite_numbers_is_named(opened: Opened) -> None:
    async with opened("moons", lr=1e200) as ui:
        await ui.press(*"]" * 5, "right", "right", "right")
        fault = ui.session.snapshot().fault
        assert fault is not None
        assert f"first not finite at step {fault.step}, {fault.phase}" in ui.line("chain-rule")
        assert fault.expression in ui.line("chain-rule")


# --- loss


async def test_the_loss_stands_over_its_curve(opened: Opened) -> None:
    async with opened() as ui:
        assert ui.rows("loss")[0].startswith("╭ Loss ─")
        assert "no loss yet" in ui.line("loss")
        await ui.press(*"]" * 5)
        for _ in range(3):
            await ui.press("right")
            title = ui.rows("loss")[0]
            right = round(ui.session.snapshot().accuracy * 4)
            assert f"Loss {numbers.loss(ui.session.losses[-1])}  accuracy {right}/4 " in title
        assert "no loss yet" not in ui.line("loss")


async def test_test_numbers_stand_beside_it(opened: Opened) -> None:
    async with opened("moons", size=(200, 60)) as ui:
        await ui.press(*"]" * 5, "right", "right")
        loss, accuracy = ui.session.test()
        assert f"test {numbers.loss(loss)}  {accuracy:.0%}" in ui.rows("loss")[0]


async def test_the_axis_can_be_logarithmic(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press(*"]" * 5, "right", "right", "right")
        linear = ui.rows("loss")
        await ui.press("l")
        assert "log" in ui.rows("loss")[0]
        assert ui.rows("loss")[1:] != linear[1:]
        await ui.press("l")
        assert ui.rows("loss") == linear


# --- network, card and graph


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
    async with opened("moons") as ui:
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
    async with opened("wonderland") as ui:
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
        assert ui.session.gradients == tuple(grads)


# --- resending


def watched(panes: list[StripPane], monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Region]]:
    """What the panes ask to be repainted, from now on."""
    seen: list[tuple[str, Region]] = []
    for pane in panes:

        def spy(*regions: Region, pane: StripPane = pane, **_: object) -> StripPane:
            seen.extend((str(pane.id), region) for region in regions or (Region(0, 0, *pane.size),))
            return pane

        monkeypatch.setattr(pane, "refresh", spy)
    return seen


async def test_an_unchanged_picture_repaints_nothing(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    for what in ("lecture", "wonderland", "parabola"):
        async with opened(what) as ui:
            await ui.press("right", "right")
            # The second picture after an op marks nothing as changed any more.
            ui.train.runner.show()
            seen = watched(list(ui.train.query(StripPane)), monkeypatch)
            ui.train.runner.show()
            ui.train.redraw()
            assert seen == []


async def test_only_the_rows_that_differ_are_repainted(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as ui:
        pane = ui.train.query_one("#parameters")
        before = ui.rows("parameters")
        seen = watched([pane], monkeypatch)
        ui.train.selected = 5
        differ = [y for y, (old, new) in enumerate(zip(before, ui.rows("parameters"), strict=True)) if old != new]
        assert [y for _, region in seen for y in range(region.y, region.bottom)] == differ
        assert differ == [0, 2, 7]


async def test_an_op_leaves_most_rows_alone(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as ui:
        await ui.press(*["enter"] * len(PHASES), *["right"] * 3)
        seen = watched(list(ui.train.query(StripPane)), monkeypatch)
        await ui.press("right")
        height = {pane: sum(region.height for name, region in seen if name == pane) for pane, _ in seen}
        assert set(height) <= {"header", "network", "parameters", "chain-rule"}
        assert height["header"] == 1
        assert height.get("parameters", 0) <= 4


class Counting(StripPane):
    """A pane whose frame says how many rows it has drawn."""

    drawn_rows = 0

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        return "Rows", str(self.drawn_rows)

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        self.drawn_rows = height
        return [Strip.blank(width)] * height


async def test_the_frame_is_of_what_is_drawn_in_it(opened: Opened) -> None:
    async with opened() as ui:
        pane = Counting("counting")
        pane.styles.height = 5
        await ui.train.mount(pane)
        await ui.until(lambda: pane.size.height == 5)
        pane.snapshot = ui.snapshot
        await ui.until(lambda: pane.drawn_rows)
        assert pane.render_line(0).text.rstrip(" ╮").endswith(" 3")


# --- while it plays


async def test_large_parts_take_turns_and_a_pause_shows_all_of_them(opened: Opened) -> None:
    async with opened("moons", steps=1_000_000) as ui:
        seen: set[tuple[bool, bool, bool]] = set()

        def in_turns() -> bool:
            snapshot = ui.snapshot
            seen.add((snapshot.network is not None, snapshot.parameters is not None, snapshot.curve is not None))
            return ui.session.step > 0 and {(True, False, False), (False, True, False), (False, False, True)} <= seen

        await ui.tap("space", lambda: in_turns() and ui.session.step)
        await ui.tap("space", lambda: "playing" not in ui.line("header"))
        assert None not in (ui.snapshot.network, ui.snapshot.parameters, ui.snapshot.curve)
        assert f"step {ui.session.step} " in ui.line("header")
        assert numbers.loss(ui.session.losses[-1]) in ui.rows("loss")[0]
        rows = squeezed(ui.rows("parameters"))
        for index in range(10):
            assert any(" ".join(row_of(ui.session, index).split()) in row for row in rows)
        shown = {pane: ui.rows(pane) for pane in ("network", "parameters", "loss")}
        ui.train.redraw()
        assert {pane: ui.rows(pane) for pane in shown} == shown


FAULT = Fault(3, "forward", "sample 1 › layer 1", "exp(x*y + z)", (("x", 1e308), ("y", -2.5e-7)), float("inf"))


@pytest.mark.parametrize("width", range(1, 110))
def test_a_fault_is_told_with_whole_numbers_in_any_width(width: int) -> None:
    text = described(FAULT, width)
    assert len(text) <= width
    found = re.findall(r"= ([^ ,…]+)", text)
    assert found == ["inf", numbers.plain(1e308), numbers.plain(-2.5e-7)][: len(found)]
    assert width < 7 or found


async def test_marks_and_undo_name_parameters_by_their_labels(opened: Opened) -> None:
    async with opened() as ui:
        ui.app.runner.send(SetParameter(0, 1.0))
        ui.app.runner.send(SetKnob("frozen", (0, 3)))
        labels = ui.session.labels
        assert [what for _, what in ui.snapshot.curve.marks] == [labels[0], f"frozen {labels[0]}, {labels[3]}"]
        assert ui.snapshot.undo == f"frozen {labels[0]}, {labels[3]}"


async def test_the_title_tells_the_error_that_has_no_room_in_the_row(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press(*["enter"] * 4, "a")
        await ui.until(lambda: ui.app.runner.still)
        await ui.pilot.pause()
        error = ui.snapshot.parameters.errors[0]
        assert f"error {error:.0e}" in ui.rows("parameters")[0]
