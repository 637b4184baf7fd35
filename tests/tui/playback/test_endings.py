"""Where playing ends: at the step that is set, as many steps further each time, at a breakpoint, or where it is paused.
Must not know panes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.widgets import Input

from chainstep.engine.training.commands import AddBreakpoint, Back, Forward, Goto, SetKnob, ToggleBreakpoint
from chainstep.engine.training.setup.settings import ENDLESS, Settings, SettingsError
from chainstep.tui.dialogs.knobs.knob_table import notch, read, shown
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.playback import slices
from support.cases import each
from support.sessions import numbers_of

Opened = Callable[..., Any]


# --- the step at which it pauses


@each(
    ("step", "steps", "end"),
    [(0, 20, 20), (19, 20, 20), (20, 20, 40), (23, 20, 40), (40, 20, 60), (5, 1, 6), (3, 0, 3), (7, ENDLESS, ENDLESS)],
)
def test_it_pauses_at_each_multiple_of_the_steps(step: int, steps: int, end: int) -> None:
    session, _ = open_subject("lecture", overrides={"steps": steps})
    session.apply(Goto(step))
    assert session.limit == end


async def test_space_behind_the_end_goes_on_for_as_many_steps_and_says_how_once(opened: Opened) -> None:
    async with opened(steps=5) as ui:
        for end in (5, 10, 15):
            before = len(ui.messages)
            await ui.tap("space", lambda end=end: ui.session.step >= end and not ui.train.playing)
            assert (ui.session.step, ui.session.op) == (end, 0)
            said = [f"paused at step {end}" + (": space goes on, k sets another end" if end == 5 else "")]
            assert ui.messages[before:] == ([f"playing to step {end}"] if end > 5 else []) + said


async def test_after_no_steps_it_does_not_play_and_says_why(opened: Opened) -> None:
    async with opened(steps=0) as ui:
        await ui.press("space")
        assert (ui.train.playing, ui.session.step) == (False, 0)
        assert ui.messages == ["it is to pause after 0 steps: k sets another end"]


async def test_until_it_is_paused_is_a_value_of_the_knob(opened: Opened) -> None:
    async with opened(steps=5) as ui:
        ui.app.runner.send(SetKnob("steps", ENDLESS))
        await ui.tap("space", lambda: ui.session.step > 20)
        assert ui.train.playing
        await ui.tap("space", lambda: not ui.train.playing)
        assert ui.messages == []


async def test_another_end_counts_while_it_plays(opened: Opened) -> None:
    async with opened(steps=ENDLESS) as ui:
        await ui.tap("space", lambda: ui.session.step > 5)
        ui.app.runner.send(SetKnob("steps", 1_000))
        await ui.until(lambda: not ui.train.playing)
        assert ui.session.step % 1_000 == 0


async def test_the_knob_is_turned_and_typed_to_its_end(opened: Opened) -> None:
    async with opened(steps=2_000_000) as ui:
        await ui.press("k", *["down"] * 4, "right")
        assert ui.session.settings.steps == ENDLESS
        await ui.press("right")
        assert ui.session.settings.steps == ENDLESS
        await ui.press("left", "enter")
        ui.app.screen.query_one(Input).value = "until paused"
        await ui.press("enter")
        assert ui.session.settings.steps == ENDLESS


def test_the_notches_of_steps_have_two_ends() -> None:
    settings = Settings(steps=1)
    up = [settings.steps]
    while (following := notch(settings, "steps", 1)) != settings.steps:
        settings = settings.replace(steps=following)
        up.append(settings.steps)
    assert up[:12] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30]
    assert up[-4:] == [500_000, 1_000_000, 2_000_000, ENDLESS]
    for steps in reversed(up[:-1]):
        settings = settings.replace(steps=notch(settings, "steps", -1))
        assert settings.steps == steps
    assert notch(settings, "steps", -1) == 1


@each("text", ["until paused", " Until I pause", "endless", "∞"])
def test_no_end_has_words(text: str) -> None:
    settings = Settings().replace(steps=read("steps", text))
    assert shown(settings, "steps") == "until paused"
    with pytest.raises(SettingsError):
        read("horizon", text)


# --- breakpoints


@pytest.mark.parametrize(("key", "where"), [("c", "to run to"), ("C", "to go back to")])
async def test_without_a_breakpoint_it_says_where_to_set_one_and_stays(opened: Opened, key: str, where: str) -> None:
    async with opened() as ui:
        ui.session.apply(Goto(3))
        await ui.press(key)
        assert (ui.train.playing, ui.session.step) == (False, 3)
        ui.session.apply(AddBreakpoint("step 2"))
        ui.session.apply(ToggleBreakpoint(1))
        await ui.press(key)
        assert (ui.train.playing, ui.session.step) == (False, 3)
        assert ui.messages == [
            f"there is no breakpoint {where}: b sets one",
            f"no breakpoint {where} is on: b lists them, and space there switches one on",
        ]


async def test_continuing_behind_the_end_pauses_at_the_next_one_and_says_so(opened: Opened) -> None:
    async with opened(steps=5) as ui:
        for command in (AddBreakpoint("step 8"), Goto(9)):
            ui.session.apply(command)
        await ui.tap("c", lambda: len(ui.messages) == 2)
        assert (ui.session.step, ui.train.playing) == (10, False)
        assert ui.messages == ["playing to step 10", "paused at step 10: space goes on, k sets another end"]


# --- a step that is still under way


@pytest.mark.parametrize("command", [Forward("epoch"), Back("step")])
async def test_space_plays_though_a_step_is_under_way(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, command: Any
) -> None:
    monkeypatch.setattr(slices, "AT_ONCE", 0.0)
    async with opened("moons", steps=6) as ui:
        ui.session.apply(Goto(3))
        ui.app.runner.send(command)
        assert ui.app.runner.status.stepping
        ui.app.runner.show()
        ui.app.runner.toggle()
        assert (ui.app.runner.playing, ui.app.runner.status.stepping) == (True, False)
        await ui.until(lambda: ui.messages)
        straight, _ = open_subject("moons")
        straight.apply(Goto(6))
        assert numbers_of(ui.session) == numbers_of(straight)


async def test_the_header_names_the_key_that_ends_a_step(opened: Opened) -> None:
    async with opened("moons") as ui:
        ui.app.runner.send(Forward("step", 10**9))
        await ui.until(lambda: "working… escape stops" in ui.line("header"))
        await ui.tap("escape", lambda: not ui.app.runner.working)
        assert not ui.app.runner.playing
