"""The dialogs: what is typed reaches the session or says why not, and nothing leaks. Must not know the panes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.widgets import Input, OptionList

from chainstep.engine.training.commands import Forward, Goto, SetKnob
from chainstep.tui.app import ChainstepApp
from chainstep.tui.dialogs.base.prompt import Prompt
from chainstep.tui.dialogs.knobs.knob_table import KNOBS, shown
from chainstep.tui.dialogs.program.examples import Examples, Saved
from support.runs.saved import saved
from support.screen.sessions import after
from support.sessions import numbers_of

Opened = Callable[..., Any]


def complaint(ui: Any) -> str:
    """What the prompt on the screen has against the text."""
    assert isinstance(ui.app.screen, Prompt)
    return ui.told(".error")


async def choose(ui: Any, name: str) -> None:
    """Go to one of the knobs in their list."""
    if not ui.app.screen.is_modal:
        await ui.press("k")
    ui.app.screen.query_one(OptionList).highlighted = [knob.name for knob in KNOBS].index(name)
    await ui.pilot.pause()


# --- prompts


@pytest.mark.parametrize(
    ("key", "texts"),
    [
        ("g", ("banana", "-1", "1.5", "", "1e999")),
        ("e", ("banana", "nan", "inf", "1e999", "", "1 2")),
        ("i", ("1 2", "1 2 3 4", "a b c", "", "1 2 nan")),
    ],
)
async def test_nonsense_stays_in_the_prompt_with_one_line(opened: Opened, key: str, texts: tuple[str, ...]) -> None:
    async with opened() as ui:
        before = numbers_of(ui.session)
        for text in texts:
            await ui.press(key)
            ui.app.screen.query_one(Input).value = text
            await ui.press("enter")
            assert complaint(ui), text
            assert "\n" not in complaint(ui)
            await ui.press("escape")
            assert ui.app.screen is ui.train
        assert (numbers_of(ui.session), ui.session.inspector.probe) == (before, None)


async def test_a_prompt_takes_the_text_once_it_is_right(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("g")
        await ui.type("x")
        assert complaint(ui) == "'x' is no whole number"
        ui.app.screen.query_one(Input).value = ""
        await ui.type("4")
        assert ui.app.screen is ui.train
        assert ui.session.step == 4


async def test_escape_changes_nothing(opened: Opened) -> None:
    async with opened() as ui:
        for key in "gei":
            await ui.press(key, *"7", "escape")
            assert ui.app.screen is ui.train
        assert list(ui.session.log) == []


async def test_what_is_pressed_twice_closes_once(opened: Opened) -> None:
    async with opened() as ui:
        for keys in ("o enter enter enter", "g 5 enter enter", "b escape escape escape"):
            for key in keys.split():
                ui.app.simulate_key(key)
            await ui.pilot.pause()
            await ui.until(lambda: ui.app.screen is ui.train)
        ui.app.simulate_key("right")
        await ui.pilot.pause()


@pytest.mark.parametrize("key", ["ctrl+p", "o", "question_mark"])
async def test_what_is_dismissed_twice_closes_once(opened: Opened, key: str) -> None:
    async with opened() as ui:
        await ui.press(key)
        screen = ui.app.screen
        for _ in range(3):
            screen.dismiss()
        await ui.until(lambda: ui.app.screen is ui.train)
        await ui.pilot.pause()


async def test_a_dialog_that_a_key_opens_before_the_app_is_ready_looks_as_ever(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = ChainstepApp.on_ready
    monkeypatch.setattr(ChainstepApp, "on_ready", lambda app: None)
    async with opened() as ui:
        await ui.press("k")
        ready(ui.app)
        assert ui.app.screen.query_one(".dialog").styles.border_top[0] == "round"


async def test_whoever_has_left_opens_no_other_example(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("right")
        ui.app._hand_over()
        await ui.app._open("wonderland")
        assert ui.session.subject.name == "lecture"


async def test_keys_behind_the_one_that_leaves_are_nobodys(opened: Opened) -> None:
    async with opened() as ui:
        for key in ("right", "q", *"q?om", "ctrl+p", "ctrl+q", "right"):
            ui.app.simulate_key(key)
        while ui.app.is_running:
            await ui.pilot.pause(0)
            ui.app.simulate_key("x")
    assert ui.app.return_code == 0


# --- the knobs


async def test_the_list_shows_every_knob_as_it_stands(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("k")
        options = ui.app.screen.query_one(OptionList)
        prompts = [str(options.get_option_at_index(index).prompt) for index in range(options.option_count)]
        for prompt, knob in zip(prompts, KNOBS, strict=True):
            assert knob.label in prompt
            if knob.name != "features":
                assert shown(ui.session.settings, knob.name) in prompt


async def test_arrows_turn_a_knob_by_a_notch(opened: Opened) -> None:
    turns: tuple[tuple[str, tuple[str, ...], object], ...] = (
        ("lr", ("right",), 0.3),
        ("lr", ("-", "-", "left"), 0.01),
        ("schedule", ("right",), "linear"),
        ("optimizer", ("right", "right"), "adam"),
        ("batch_size", ("left",), 128),
        ("l2", ("right",), 1e-5),
        ("activation", ("right",), "relu"),
        ("maximise", ("right",), True),
        ("beta1", ("left",), 0.8),
        ("beta2", ("right",), 0.9999),
        ("eps", ("right",), 1e-7),
        ("hidden", ("+",), (4, 5)),
        ("seed", ("=",), 1338),
        ("steps", ("right",), 30),
    )
    async with opened() as ui:
        for name, keys, value in turns:
            await choose(ui, name)
            await ui.press(*keys)
            # Some knobs wait for the next step.
            ui.session.apply(Forward("step"))
            assert getattr(ui.session.settings, name) == value


async def test_a_typed_value_is_set(opened: Opened) -> None:
    typed: tuple[tuple[str, str, object], ...] = (
        ("lr", "0.025", 0.025),
        ("momentum", "0.5", 0.5),
        ("batch_size", "3", 3),
        ("batch_size", "all", None),
        ("hidden", "3,2", (3, 2)),
        ("hidden", "8 8 4", (8, 8, 4)),
        ("hidden", "none", ()),
        ("beta2", "0.5", 0.5),
        ("eps", "1e-4", 1e-4),
        ("maximise", "yes", True),
        ("optimizer", "momentum", "momentum"),
        ("seed", "7", 7),
        ("steps", "33", 33),
    )
    straight = after()
    async with opened() as ui:
        for name, text, value in typed:
            await choose(ui, name)
            await ui.press("enter")
            ui.app.screen.query_one(Input).value = text
            await ui.press("enter")
            straight.apply(SetKnob(name, value))
            for session in (ui.session, straight):
                session.apply(Forward("step"))
            assert getattr(ui.session.settings, name) == value, text
            assert ui.session.settings == straight.settings, text
            assert numbers_of(ui.session) == numbers_of(straight), text


async def test_turning_goes_on_while_it_plays(opened: Opened) -> None:
    async with opened(steps=1_000_000) as ui:
        await ui.press("k")
        ui.train.runner.toggle()
        await ui.until(lambda: ui.session.step > 3)
        await ui.tap("right", lambda: ui.session.settings.lr == 0.3)
        there = ui.session.step
        await ui.until(lambda: ui.session.step > there)
        ui.train.runner.pause()


# --- examples


async def test_another_example_is_opened_and_this_one_kept(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press(*"]" * 5, "right", "down")
        left = ui.session
        await ui.press("o")
        options = ui.app.screen.query_one(OptionList)
        assert options.highlighted == 0
        await ui.press("down", "enter")
        assert ui.session.subject.name == "wonderland"
        assert ui.session.parameters == after(what="wonderland").parameters
        assert ui.train.selected == 0
        assert not ui.train.playing
        kept, source = saved()
        assert source.name == "lecture"
        assert numbers_of(kept) == numbers_of(left)


async def test_every_example_can_be_opened_from_any_other(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("o")
        names = [option.id for option in ui.app.screen.query_one(OptionList).options]
        await ui.press("escape")
        for place in range(1, len(names)):
            await ui.press("o", "down", "enter", "right")
            assert ui.session.subject.name == names[place]
            assert ui.session.op == 1


async def test_giving_up_the_choice_stays(opened: Opened) -> None:
    async with opened() as ui:
        session = ui.session
        for key in ("escape", "q"):
            await ui.press("o", "down", key)
            assert ui.app.screen is ui.train
            assert ui.session is session


async def test_runs_that_are_read_when_it_is_closed_are_for_nobody(opened: Opened) -> None:
    async with opened() as ui:
        dialog = Examples("lecture", list)
        await ui.app.push_screen(dialog)
        await dialog.query_one(".title").remove()  # as where it is taken down, piece by piece
        closing = dialog.dismiss(None)
        assert dialog.is_attached
        await dialog._add_runs(lambda: [Saved("moons-1", "moons, step 3")])
        await closing
        assert ui.app.screen is ui.train


async def test_a_key_that_is_held_closes_a_dialog_once(opened: Opened) -> None:
    async with opened() as ui:
        for key in ("enter", "escape"):
            await ui.press("g", "3")
            for _ in range(3):
                ui.app.simulate_key(key)
            await ui.until(lambda: ui.app.screen is ui.train)
        await ui.press("g")
        dialog = ui.app.screen
        for _ in range(3):
            dialog.dismiss(5)
        await ui.until(lambda: ui.session.step == 5)
        assert ui.app.screen is ui.train


# --- what a dialog keeps to itself


@pytest.mark.parametrize("dialog", ["g", "e", "i", "k", "o", "?", "ctrl+p"])
async def test_no_key_reaches_the_screen_behind(opened: Opened, dialog: str) -> None:
    async with opened() as ui:
        await ui.press(dialog)
        shown = ui.app.screen
        assert shown is not ui.train
        bits, log = numbers_of(ui.session), list(ui.session.log)
        looks = ui.train.selected, ui.train.picture, ui.train.log_scale, ui.train.speed, ui.app.theme
        for key in ("space", "n", "ctrl+r", "I", "[", "]", "down", "p", "d", "l", "t", "1", "<", "tab"):
            await ui.press(key)
        assert (numbers_of(ui.session), list(ui.session.log)) == (bits, log)
        assert looks == (ui.train.selected, ui.train.picture, ui.train.log_scale, ui.train.speed, ui.app.theme)
        assert not ui.train.playing
        await ui.press("ctrl+p")
        await ui.train.run_action("breakpoints")
        assert ui.app.screen is shown


async def test_letters_are_typed_and_not_carried_out(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("g", *"qrk?+-=[]")
        assert ui.app.screen.query_one(Input).value == "qrk?+-=[]"


# --- leaving


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_quitting_saves_what_resume_opens_to_the_bit(opened: Opened, key: str) -> None:
    async with opened() as ui:
        await ui.press(*"]" * 5, "right", "right", *"[" * 5, "right", "+", "right", "right")
        await ui.press(key)
        assert ui.app.return_code == 0
    session, source = saved()
    assert source.name == "lecture"
    assert numbers_of(session) == numbers_of(ui.session)
    assert session.settings == ui.session.settings
    assert session.granularity == "op"
    for moved in (session, ui.session):
        moved.apply(Goto(9))
    assert numbers_of(session) == numbers_of(ui.session)


@pytest.mark.parametrize("dialog", ["g", "k", "o", "?"])
async def test_ctrl_q_leaves_from_inside_a_dialog(opened: Opened, dialog: str) -> None:
    async with opened() as ui:
        await ui.press("right", "right", dialog)
        await ui.press("ctrl+q")
        assert ui.app.return_code == 0
    session, _ = saved()
    assert session.op == 2
