"""Freezing, editing samples, checking gradients, forks and undo from the keys of the Train screen. Must not know how a
pane draws them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.widgets import Input

from chainstep.engine.training.commands import Forward, Goto, SetKnob, SetSample
from support.screen.sessions import after
from support.sessions import numbers_of

Opened = Callable[..., Any]

ONE_STEP = (*"]" * 5, "right")


# --- freezing


async def test_a_frozen_parameter_stays_what_it_is_until_it_learns_again(opened: Opened) -> None:
    async with opened() as ui:
        first = ui.session.parameters
        await ui.press("down", "down", "f", *ONE_STEP)
        assert ui.session.settings.frozen == (2,)
        assert [k for k, pair in enumerate(zip(first, ui.session.parameters, strict=True)) if pair[0] == pair[1]] == [2]
        assert "L1.n1.w2❆" in ui.line("parameters")
        await ui.press("f", "right")
        assert ui.session.settings.frozen == ()
        assert ui.session.parameters[2] != first[2]
        assert ui.messages == ["L1.n1.w2 is frozen: updates leave it alone", "L1.n1.w2 learns again"]


async def test_a_neuron_freezes_whole(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("pagedown", "f", "F")
        assert ui.session.labels[10] == "L1.n3.w2"
        assert ui.session.settings.frozen == (8, 9, 10, 11)
        await ui.press("F")
        assert ui.session.settings.frozen == ()
        assert ui.messages[1:] == ["L1.n3 is frozen: updates leave it alone", "L1.n3 learns again"]


async def test_an_expression_freezes_leaves(opened: Opened) -> None:
    async with opened("expression") as ui:
        await ui.press("F")
        assert ui.messages == ["an expression has no neurons: f freezes a leaf"]
        await ui.press("f")
        assert ui.session.settings.frozen == (0,)


async def test_freezing_while_it_plays_goes_on_playing(opened: Opened) -> None:
    async with opened(steps=1_000_000) as ui:
        await ui.tap("space", lambda: ui.session.step > 3)
        await ui.tap("f", lambda: ui.session.settings.frozen == (0,))
        assert ui.train.playing


# --- samples


@pytest.mark.parametrize(
    ("keys", "text", "command"),
    [
        ((), "x1 = 0.5", SetSample(0, 1, 0.5)),
        (("]",) * 3 + ("right", "right"), "x0=-1e-1", SetSample(1, 0, -0.1)),
        ((), " 3 :  x2 = 7 ", SetSample(2, 2, 7.0)),
        ((), "4: y = -1", SetSample(3, None, 0.0)),
        ((), "2: y = +1", SetSample(1, None, 1.0)),
        ((), "y = 0", SetSample(0, None, 0.0)),
    ],
)
async def test_a_sample_is_edited(opened: Opened, keys: tuple[str, ...], text: str, command: SetSample) -> None:
    async with opened() as ui:
        await ui.press(*keys, "E")
        await ui.type(text)
        assert ui.app.screen is ui.train
        wanted = after(Forward("sample", 2), command) if keys else after(command)
        assert numbers_of(ui.session) == numbers_of(wanted)
        assert ui.session.run.stepper.program.samples == wanted.run.stepper.program.samples
        assert [entry for entry in ui.session.log if isinstance(entry, SetSample)] == [command]


async def test_a_sample_is_edited_by_the_names_of_its_columns(opened: Opened) -> None:
    async with opened("wonderland") as ui:
        await ui.press("E")
        await ui.type("not busy = 0.5")
        assert ui.session.run.stepper.program.samples[0][0] == (0.0, 0.5, 0.0)
        await ui.press("E")
        await ui.type("go = Yes")
        assert ui.session.run.stepper.program.samples[0][1] == (1.0,)


async def test_nonsense_is_one_line_in_the_dialog(opened: Opened) -> None:
    nonsense = (
        ("", "write x0 = 2.0, not ''"),
        ("0.5", "write x0 = 2.0, not '0.5'"),
        ("x9 = 1", "there is no 'x9': there is x0, x1, x2, y"),
        ("x0 = much", "'much' is no number"),
        ("x0 = inf", "inf is not finite"),
        ("9: x0 = 1", "there is no sample 9: there are 4"),
        ("0: x0 = 1", "there is no sample 0: there are 4"),
        ("y = 0.5", "0.5 is no class: they are 0 to 1"),
    )
    async with opened(size=(80, 24)) as ui:
        before, log = numbers_of(ui.session), list(ui.session.log)
        for text, wanted in nonsense:
            await ui.press("E", "backspace")
            await ui.type(text)
            assert ui.told(".error") == wanted
            assert ui.app.screen.query_one(".error").region.height == 1
            await ui.press("escape")
            assert (numbers_of(ui.session), list(ui.session.log)) == (before, log), text


async def test_an_expression_has_no_samples(opened: Opened) -> None:
    async with opened("expression") as ui:
        await ui.press("E")
        assert ui.messages == ["an expression has no samples: e edits its leaves"]


# --- the gradient check


async def test_the_check_is_turned_on_and_off(opened: Opened) -> None:
    async with opened(size=(200, 60)) as ui:
        await ui.press("Z", *["enter"] * 4, "a")
        assert ui.session.inspector.gradcheck.on
        await ui.until(lambda: "check: right" in ui.rows("parameters")[0])
        assert "numeric" in ui.rows("parameters")[1]
        await ui.until(lambda: "".join(ui.rows("parameters")).count("✓") == 41)
        await ui.press("a")
        assert not ui.session.inspector.gradcheck.on
        assert "numeric" not in ui.line("parameters")


async def test_h_is_asked_for(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("A")
        await ui.type("1e-3")
        assert (ui.session.inspector.gradcheck.on, ui.session.inspector.gradcheck.asked.h) == (True, 1e-3)
        await ui.press("A", "backspace", "enter")
        assert (ui.session.inspector.gradcheck.on, ui.session.inspector.gradcheck.asked.h) == (True, None)


async def test_forward_differences_have_the_lectures_number(opened: Opened) -> None:
    async with opened("parabola", size=(120, 36)) as ui:
        await ui.press(*["enter"] * 4, "A")
        await ui.type("0.001 forward")
        await ui.until(lambda: "+14.003" in ui.line("parameters"))
        await ui.press("A")
        assert ui.app.screen.query_one(Input).value == "0.001 forward"
        await ui.type("0.001")
        await ui.until(lambda: "check: right" in ui.rows("parameters")[0])
        assert "+14.003" not in ui.line("parameters")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("0", "h must be above 0, not 0"), ("small", "'small' is no number"), ("nan", "nan is not finite")],
)
async def test_no_h_is_one_line_in_the_dialog(opened: Opened, text: str, wanted: str) -> None:
    async with opened() as ui:
        await ui.press("A")
        await ui.type(text)
        assert ui.told(".error") == wanted
        await ui.press("escape")
        assert not ui.session.inspector.gradcheck.on


async def test_a_bad_h_shows_wrong_gradients(opened: Opened) -> None:
    async with opened(size=(200, 60)) as ui:
        await ui.press("Z", *["enter"] * 4, "A")
        await ui.type("1e-17")
        await ui.until(lambda: "check: 41 wrong" in ui.rows("parameters")[0])
        await ui.until(lambda: "".join(ui.rows("parameters")).count("✗") == 41)


# --- forks and undo


async def test_both_futures_of_a_fork_are_drawn(opened: Opened) -> None:
    async with opened(size=(200, 60)) as ui:
        for command in (Goto(30), Goto(10)):
            ui.session.apply(command)
        await ui.press("w")
        ui.app.runner.send(SetKnob("lr", 0.001))
        ui.app.runner.send(Goto(20))
        await ui.until(lambda: ui.app.runner.still)
        assert [fork.name for fork in ui.snapshot.forks] == ["main", "fork 1"]
        text = ui.rows("loss")
        assert any("fork 1 + main" in row for row in text)
        assert sum(row.count("+") for row in text) > 10
        assert text[-2].split()[-2] == "29"


async def test_undo_and_redo(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("f", "u")
        assert ui.session.settings.frozen == ()
        await ui.press("U")
        assert ui.session.settings.frozen == (0,)
        await ui.press("u", "u")
        assert ui.messages[-1] == "there is nothing to undo"
