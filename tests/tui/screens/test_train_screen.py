"""Each command of the Train screen does to the session what it says. Must not know how a pane draws it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from chainstep.engine.training.commands import Back, Forward, Goto, Reseed, SetKnob, SetParameter
from chainstep.engine.training.session import Session
from chainstep.engine.training.step.timeline import GRANULARITIES, PHASES
from chainstep.tui.playback.runner import SPEEDS
from support.screen.sessions import after
from support.sessions import numbers_of

Opened = Callable[..., Any]


def same(left: Session, right: Session) -> bool:
    return numbers_of(left) == numbers_of(right) and left.settings == right.settings


# --- stepping


async def test_opens_paused_on_the_first_weights(opened: Opened) -> None:
    async with opened() as ui:
        assert not ui.train.playing
        assert same(ui.session, after())


async def test_play_ends_where_it_is_told_to_and_can_go_on(opened: Opened) -> None:
    async with opened(steps=7) as ui:
        await ui.tap("space", lambda: ui.messages)
        assert not ui.train.playing
        assert same(ui.session, after(Goto(7), steps=7))
        assert ui.messages == ["paused at step 7: space goes on, k sets another end"]
        ui.app.runner.send(SetKnob("steps", 1_000_000))
        await ui.tap("space", lambda: ui.session.step > 20)
        assert ui.train.playing
        await ui.tap("space", lambda: not ui.train.playing)
        there = ui.session.step, ui.session.op
        await ui.press("l")
        assert (ui.session.step, ui.session.op) == there
        assert same(ui.session, after(Goto(*there), steps=1_000_000, horizon=7))


async def test_playing_slowly_goes_by_the_granularity(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press(*"<<")
        assert ui.train.speed == 30
        await ui.tap("space", lambda: ui.session.op >= 2)
        await ui.tap("space", lambda: not ui.train.playing)
        assert same(ui.session, after(Goto(0, ui.session.op)))


@pytest.mark.parametrize("granularity", GRANULARITIES)
async def test_forward_and_back_go_by_the_granularity(opened: Opened, granularity: str) -> None:
    async with opened() as ui:
        await ui.press(*"]" * GRANULARITIES.index(granularity))
        assert ui.session.granularity == granularity
        await ui.press("right", "right", "right")
        assert same(ui.session, after(Forward(granularity, 3)))
        await ui.press("left", "left")
        assert same(ui.session, after(Forward(granularity, 3), Back(granularity, 2)))
        assert same(ui.session, after(Forward(granularity)))


async def test_back_at_the_very_beginning_stays_there(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("left")
        assert same(ui.session, after())


async def test_granularity_stops_at_both_ends(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("[")
        assert ui.session.granularity == GRANULARITIES[0]
        await ui.press(*"]" * 10)
        assert ui.session.granularity == GRANULARITIES[-1]
        await ui.press("[")
        assert ui.session.granularity == GRANULARITIES[-2]


async def test_enter_goes_from_phase_to_phase(opened: Opened) -> None:
    async with opened() as ui:
        for phase in (*PHASES[1:], PHASES[0]):
            await ui.press("enter")
            assert ui.snapshot.position.phase == phase
        assert ui.session.step == 1
        assert ui.session.granularity == "op"


async def test_a_step_key_pauses_what_plays(opened: Opened) -> None:
    for key in ("right", "left", "enter"):
        async with opened(steps=1_000_000) as ui:
            await ui.tap("space", lambda ui=ui: ui.session.step > 3)
            await ui.tap(key, lambda ui=ui: not ui.train.playing)


async def test_go_to_a_step_and_back(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("g")
        await ui.type("12")
        assert same(ui.session, after(Goto(12)))
        await ui.press("g")
        await ui.type("3")
        assert same(ui.session, after(Goto(3)))


async def test_restart_brings_the_same_weights_and_reseed_others(opened: Opened) -> None:
    async with opened() as ui:
        first = ui.session.parameters
        await ui.press("enter", "enter", "enter", "enter", "enter", "right")
        assert ui.session.parameters != first
        await ui.press("ctrl+r")
        assert (ui.session.step, ui.session.op) == (0, 0)
        assert ui.session.parameters == first
        await ui.press("I")
        assert (ui.session.step, ui.session.op) == (0, 0)
        assert same(ui.session, after(Reseed()))
        assert ui.session.parameters != first
        assert ui.messages[-1] == "step 0, with other first weights: u takes it back"


async def test_one_key_leads_back_to_where_one_restarted(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("enter", "enter", "enter", "right")
        before = numbers_of(ui.session)
        for key in ("ctrl+r", "I"):
            await ui.press(key)
            assert ui.session.op == 0
            await ui.press("u")
            assert numbers_of(ui.session) == before


async def test_the_debuggers_keys_step_here_as_in_the_trace(opened: Opened) -> None:
    async with opened() as ui:
        # A neuron of three inputs: three products, three sums, the bias's among them, and tanh.
        for keys, op in (("n", 7), ("s", 8), ("n", 9), ("r", 14), ("S", 13), ("B", 12), ("R", 7), ("B", 0)):
            await ui.press(keys)
            assert ui.session.op == op, keys


async def test_speed_goes_down_and_up_and_ends(opened: Opened) -> None:
    async with opened() as ui:
        seen = [ui.train.speed]
        for _ in SPEEDS:
            await ui.press("<")
            seen.append(ui.train.speed)
        assert seen == [*reversed(SPEEDS), SPEEDS[0]]
        for _ in SPEEDS:
            await ui.press(">")
        assert ui.train.speed is None


# --- knobs


async def test_the_learning_rate_climbs_its_ladder(opened: Opened) -> None:
    async with opened() as ui:
        rates = [ui.session.settings.lr]
        for key in ("+", "=", "+"):
            await ui.press(key)
            rates.append(ui.session.settings.lr)
        assert rates == [0.1, 0.3, 1.0, 3.0]
        for _ in range(5):
            await ui.press("-")
            rates.append(ui.session.settings.lr)
        assert rates[4:] == [1.0, 0.3, 0.1, 0.03, 0.01]


async def test_a_rate_between_two_rungs_goes_to_the_nearest(opened: Opened) -> None:
    async with opened(lr=0.05) as ui:
        await ui.press("+")
        assert ui.session.settings.lr == 0.1
    async with opened(lr=0.05) as ui:
        await ui.press("-")
        assert ui.session.settings.lr == 0.03


async def test_a_rate_turned_in_the_middle_of_training_acts_there(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press(*"]" * 5, "right", "right", "+", "right")
        assert same(ui.session, after(Forward("step", 2), SetKnob("lr", 0.3), Forward("step")))


async def test_turning_while_it_plays_goes_on_playing(opened: Opened) -> None:
    async with opened(steps=1_000_000) as ui:
        await ui.tap("space", lambda: ui.session.step > 3)
        await ui.tap("plus", lambda: ui.session.settings.lr == 0.3)
        assert ui.train.playing


async def test_edit_puts_a_number_into_the_selected_parameter(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("down", "down", "e")
        await ui.type("-1.5")
        assert same(ui.session, after(SetParameter(2, -1.5)))


async def test_edit_proposes_the_number_as_it_is(opened: Opened) -> None:
    async with opened() as ui:
        before = numbers_of(ui.session)
        await ui.press("e", "enter")
        assert numbers_of(ui.session) == before


# --- looking


async def test_selection_moves_within_the_parameters(opened: Opened) -> None:
    async with opened() as ui:
        for key, index in (("down", 1), ("pagedown", 11), ("up", 10), ("pageup", 0), ("end", 40), ("home", 0)):
            await ui.press(key)
            assert ui.train.selected == index
        await ui.press(*["pagedown"] * 6)
        assert ui.train.selected == len(ui.session.parameters) - 1


async def test_selecting_and_looking_change_nothing_of_the_session(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("right", "right")
        before, log = numbers_of(ui.session), list(ui.session.log)
        await ui.press("down", "p", "d", "l", "t", "tab", "shift+tab", ">", "p", "p")
        assert (numbers_of(ui.session), list(ui.session.log)) == (before, log)


async def test_a_smaller_network_keeps_the_selection_inside(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press(*["pagedown"] * 5)
        ui.train.runner.send(SetKnob("hidden", (2,)))
        await ui.pilot.pause()
        assert ui.train.selected == len(ui.session.parameters) - 1


async def test_the_picture_goes_round(opened: Opened) -> None:
    async with opened() as ui:
        seen = []
        for _ in range(3):
            await ui.press("p")
            seen.append(ui.train.picture)
        assert seen == ["grid", "wires", "grid"]
    async with opened("wonderland") as ui:
        seen = []
        for _ in range(4):
            await ui.press("p")
            seen.append(ui.train.picture)
        assert seen == ["wires", "grid", "card", "wires"]


async def test_a_prediction_says_what_the_network_makes_of_it(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("i")
        await ui.type("2, 3 -1")
        assert ui.session.inspector.probe == (2.0, 3.0, -1.0)
        # The lecture's first sample: stepping through it ends in the same number.
        session = after(Forward("sample"))
        (output,) = session.snapshot().network.layers[-1].data  # type: ignore[union-attr]
        assert ui.snapshot.probe.outputs == (output,)
        assert ui.messages == [f"ŷ = f(2, 3, -1) = {output:.4f}: {'+1' if output > 0 else '-1'}"]


async def test_an_expression_has_no_input_to_predict(opened: Opened) -> None:
    async with opened("parabola") as ui:
        await ui.press("i")
        assert ui.messages == ["an expression has no input: e edits its leaves"]


async def test_digits_turn_the_answers_of_wonderland(opened: Opened) -> None:
    async with opened("wonderland") as ui:
        probes = [ui.session.inspector.probe]
        for key in "1231":
            await ui.press(key)
            probes.append(ui.session.inspector.probe)
        assert all(sum(a != b for a, b in zip(*pair, strict=True)) == 1 for pair in pairwise(probes))
        assert probes[-1] == (1.0, 1.0, 0.0)
        sums = [w * x for w, x in zip(ui.session.parameters, probes[-1], strict=False)]
        assert ui.snapshot.probe.sums == (sum(sums) + ui.session.parameters[-1],)


async def test_digits_mean_nothing_elsewhere(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("1")
        assert ui.session.inspector.probe is None
        assert len(ui.messages) == 1


# --- program


async def test_theme_turns_light_and_back(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("t")
        assert not ui.app.current_theme.dark
        await ui.press("t")
        assert ui.app.current_theme.dark
