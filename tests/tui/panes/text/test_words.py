"""What stands in words is the session's own: header, knobs and chain rule. Must not know how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainstep.tui.render.canvas import numbers

Opened = Callable[..., Any]


# --- header and knobs


async def test_the_header_says_where_it_stands(opened: Opened) -> None:
    async with opened(size=(120, 36)) as ui:
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
        assert "space play" in ui.line("keys")
        await ui.tap("space", lambda: "playing" in ui.line("header"))
        await ui.until(lambda: "space pause" in ui.line("keys"))
        await ui.tap("space", lambda: "playing" not in ui.line("header"))
        assert f"step {ui.session.step} " in ui.line("header")


async def test_the_knobs_show_what_acts_and_mark_what_waits(opened: Opened) -> None:
    async with opened(size=(120, 36)) as ui:
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


# --- chain rule


async def test_the_hint_stands_there_before_anything_was_run(opened: Opened) -> None:
    async with opened() as ui:
        assert "→ runs one op" in ui.line("chain-rule")
        await ui.press("right")
        assert "→ runs one op" not in ui.line("chain-rule")


async def test_a_gradient_goes_from_what_it_was_to_what_it_is(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("enter", "enter", "enter")
        gradients = ui.session.run.gradients
        while gradients == ui.session.run.gradients:
            await ui.press("right")
        (index,) = [k for k, grad in enumerate(ui.session.run.gradients) if grad != gradients[k]]
        text = ui.line("chain-rule")
        assert "backward › sample 1 › layer 3 › neuron 1" in text
        assert f"{numbers.plain(gradients[index])} → {numbers.plain(ui.session.run.gradients[index])}" in text


async def test_an_update_shows_the_optimisers_own_numbers(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press(*["enter"] * 4)
        before, gradients = ui.session.parameters, ui.session.run.gradients
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
    async with opened("moons", size=(120, 36), lr=1e200) as ui:
        await ui.press(*"]" * 5, "right", "right", "right")
        fault = ui.session.snapshot().fault
        assert fault is not None
        assert f"first not finite at step {fault.step}, {fault.phase}" in ui.line("chain-rule")
        assert fault.expression in ui.line("chain-rule")
