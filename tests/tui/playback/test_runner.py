"""The runner: what stops it, what it says, and the gradient check in the background. Must not know panes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chainstep.engine.training.commands import (
    AddBreakpoint,
    Back,
    Fork,
    Forward,
    Goto,
    RunTo,
    SetGradcheck,
    SetKnob,
    SetNeuron,
    SetParameter,
)
from chainstep.engine.training.debugger import early_stop
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.playback import checking, frames, quantum, runner, slices
from support.sessions import numbers_of

Opened = Callable[..., Any]


# --- where it stops, and what it says


async def test_play_ends_at_a_breakpoint_and_the_header_says_so(opened: Opened) -> None:
    async with opened(steps=1_000_000) as ui:
        ui.session.apply(AddBreakpoint("step 50"))
        await ui.tap("space", lambda: ui.session.stopped and not ui.train.playing)
        assert not ui.train.playing
        assert (ui.session.step, ui.session.op) == (50, 0)
        assert ui.messages == []
        assert "■ breakpoint 1: step 50 step 50" in ui.line("header")
        await ui.press("right")
        assert "■" not in ui.line("header")


@pytest.mark.parametrize("keys", ["", "]]]]]<"])
async def test_an_early_stop_goes_back_to_the_best_step_and_says_so(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    monkeypatch.setattr(early_stop, "PATIENCE", 1)
    monkeypatch.setattr(runner, "SPEEDS", (1e9, None))
    async with opened("moons", batch_size=20, validation=0.2, steps=1_000_000) as ui:
        await ui.press(*keys)
        await ui.tap("space", lambda: ui.messages and not ui.train.playing)
        losses = dict(ui.session.run.history.validations)
        best = min(losses, key=losses.__getitem__)
        assert ui.session.step == best < max(losses)
        assert ui.messages == [f"early stop at step {max(losses)}: back to {best}, the best on what is held out"]
        assert f"step {best}" in ui.line("header")


async def test_very_many_test_samples_are_measured_beside_what_is_shown(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "MOST_TESTED", 10)
    async with opened("moons") as ui:
        await ui.until(lambda: ui.snapshot.test_loss is not None)
        await ui.press(*"]" * 5)
        await ui.tap("right", lambda: ui.snapshot.test_step == 1)
        assert (ui.snapshot.test_loss, ui.snapshot.test_accuracy) == ui.session.test()


async def test_playing_slowly_ends_there_too(opened: Opened) -> None:
    async with opened() as ui:
        ui.session.apply(AddBreakpoint("loss"))
        await ui.press(*"]]]]", ">", "<")
        await ui.tap("space", lambda: ui.session.stopped and not ui.train.playing)
        assert not ui.train.playing
        assert ui.snapshot.position.phase == "loss"


async def test_a_step_that_is_cut_short_says_so(opened: Opened) -> None:
    async with opened() as ui:
        ui.session.apply(AddBreakpoint("backward"))
        await ui.press(*"]" * 5, "right")
        assert ui.snapshot.position.phase == "backward"
        assert ui.messages == []


@pytest.mark.parametrize("key", ["g", "e", "i", "o", "A"])
async def test_a_dialog_that_pauses_says_so_behind_it(opened: Opened, key: str) -> None:
    async with opened(steps=1_000_000) as ui:
        await ui.tap("space", lambda: "playing" in ui.line("header") and ui.session.step > 3)
        await ui.press(key)
        await ui.until(lambda: ui.app.screen.is_modal)
        assert not ui.train.playing
        assert f"step {ui.session.step}" in ui.line("header")
        assert "playing" not in ui.line("header")
        assert "space play" in ui.line("keys")


async def test_a_refused_command_says_what_it_has_ended(opened: Opened) -> None:
    async with opened(steps=1_000_000) as ui:
        await ui.tap("space", lambda: "playing" in ui.line("header") and ui.session.step > 3)
        assert ui.app.runner.attempt(RunTo("nowhere"))
        await ui.until(lambda: "playing" not in ui.line("header"))
        assert f"step {ui.session.step}" in ui.line("header")


async def test_to_look_at_a_neuron_ends_nothing(opened: Opened) -> None:
    async with opened("moons") as ui:
        ui.app.runner.send(Goto(100_000))
        assert ui.app.runner.send(SetNeuron((0, 0)))
        assert ui.app.runner.working
        ui.app.runner.pause()
        assert ui.session.inspector.neuron == (0, 0)


async def test_the_check_goes_on_behind_a_dialog(opened: Opened) -> None:
    async with opened("moons", size=(80, 24), hidden=(4,)) as ui:
        ui.app.runner.send(SetGradcheck(True))
        assert not ui.app.runner.still
        await ui.press("g")
        await ui.until(lambda: ui.app.runner.still)
        assert "check: no grads yet" in ui.line("parameters")


async def test_continue_plays_to_the_next_breakpoint_with_pictures(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One is due after every slice: a fast machine would be there before the first.
    monkeypatch.setattr(frames, "LATEST", 0.0)
    async with opened("moons", steps=1_000_000) as ui:
        await ui.press("<")
        ui.session.apply(AddBreakpoint("step 16"))
        seen: list[bool] = []
        publish = ui.app.runner.publish
        ui.app.runner.publish = lambda picture, status: (seen.append(status.playing), publish(picture, status))
        await ui.tap("c", lambda: ui.session.stopped and not ui.train.playing)
        assert (ui.session.step, ui.session.op) == (16, 0)
        assert seen.count(True) >= 2
        assert not ui.train.playing
        assert ui.messages == []


async def test_space_pauses_what_continues(opened: Opened) -> None:
    async with opened(steps=1_000_000) as ui:
        ui.session.apply(AddBreakpoint("step 900000"))
        await ui.tap("c", lambda: ui.session.step > 5 and ui.train.playing)
        await ui.tap("space", lambda: not ui.train.playing)
        step = ui.session.step
        await ui.pilot.pause()
        assert ui.session.step == step
        assert ui.messages == []


async def test_back_to_a_breakpoint_says_where_it_is(opened: Opened) -> None:
    async with opened() as ui:
        for command in (AddBreakpoint("step 2"), Goto(5)):
            ui.session.apply(command)
        await ui.press("C")
        assert ui.session.step == 2
        assert "■ breakpoint 1: step 2" in ui.line("header")
        await ui.press("C")
        assert (ui.session.step, ui.session.op) == (0, 0)
        assert "■ the start" in ui.line("header")


@pytest.mark.parametrize("command", [SetKnob("lr", 0.5), SetParameter(0, 1.0)])
async def test_a_fork_that_comes_by_itself_is_told(opened: Opened, command: Any) -> None:
    async with opened() as ui:
        for there in (Goto(6), Goto(3)):
            ui.session.apply(there)
        assert ui.app.runner.send(command)
        await ui.pilot.pause()
        assert ui.messages == ["forked: what was ahead is kept as main"]
        assert {fork.name: fork.step for fork in ui.snapshot.forks} == {"main": 3, "fork 1": 3}
        assert "lecture → fork 1" in ui.line("header")


async def test_a_fork_that_was_asked_for_is_not_told_twice(opened: Opened) -> None:
    async with opened() as ui:
        ui.app.runner.send(SetKnob("lr", 0.5))
        ui.app.runner.send(Fork())
        await ui.pilot.pause()
        assert ui.messages == []


# --- the gradient check


async def test_the_check_runs_while_it_stands_and_starts_anew_where_it_moves(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press(*["enter"] * 4, "a")
        for _ in range(3):
            await ui.until(lambda: ui.app.runner.still)
            view = ui.snapshot.parameters
            assert None not in view.numeric
            assert view.numeric == tuple(ui.session.inspector.gradcheck.of(ui.session.run).numeric)
            assert max(view.errors) < 1e-5
            await ui.press(*["enter"] * 5)
        assert ui.session.step == 3


async def test_pictures_of_a_long_check_come_while_it_goes_on(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "APART", 0.01)
    async with opened("moons") as ui:
        known: list[int] = []

        def count(snapshot: Any) -> None:
            known.append(sum(slope is not None for slope in snapshot.parameters.numeric or ()))

        ui.train.watch(ui.train, "snapshot", count, init=False)
        ui.app.runner.send(SetGradcheck(True))
        await ui.until(lambda: len(set(known)) > 3)
        assert known == sorted(known)
        assert 0 < known[-1] < 337
        assert "check" in ui.rows("parameters")[0]
        ui.app.runner.send(SetGradcheck(False))
        assert ui.app.runner.still


@pytest.mark.parametrize("key", ["right", "space", "plus", "a"])
async def test_a_command_ends_the_check_that_goes_on(opened: Opened, key: str) -> None:
    async with opened("moons", steps=1_000_000) as ui:
        await ui.tap("a", lambda: ui.session.inspector.gradcheck.on)
        task = ui.app.runner.checking.background.task
        await ui.tap(key, lambda: task.done())
        assert task.cancelled()


def test_the_check_is_done_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 0.0

    def tick() -> float:
        nonlocal clock
        clock += 0.0005
        return clock

    monkeypatch.setattr(slices, "perf_counter", tick)
    done = 0

    def pieces() -> Any:
        nonlocal done
        for _ in range(99):
            done += 1
            yield 1

    work = pieces()
    for most in (5, 10, 15):
        assert slices.worked(work)
        assert done <= most
    while slices.worked(work):
        pass
    assert done == 99


def test_a_slice_has_whole_batches_where_one_fits_and_grows_no_more_than_fourfold() -> None:
    learnt = quantum.Quantum()
    sizes = []
    for _ in range(6):
        learnt.learn(learnt(), learnt() * quantum.SLICE / 230, batch=100)
        sizes.append(learnt())
    assert sizes == [4, 16, 64, 200, 200, 200]
    learnt.learn(200, 50 * quantum.SLICE, batch=100)
    assert learnt() == 4
    learnt.learn(4, 0.0, batch=100)
    assert learnt() == 4


def test_a_slice_may_be_longer_where_no_key_waits_for_it() -> None:
    learnt = quantum.Quantum(0.1)
    for _ in range(8):
        learnt.learn(learnt(), learnt() * 0.1 / 230, batch=100)
    assert learnt() == 200


async def test_nothing_is_checked_while_it_plays_or_where_nobody_sees_it(opened: Opened) -> None:
    async with opened("moons", steps=1_000_000) as ui:
        await ui.tap("x", lambda: ui.app.stage is not ui.train)
        ui.app.runner.send(SetGradcheck(True))
        assert ui.session.inspector.gradcheck.of(ui.session.run) is None
        await ui.tap("x", lambda: ui.app.stage is ui.train)
        await ui.until(lambda: ui.session.inspector.gradcheck.of(ui.session.run))
        await ui.tap("space", lambda: ui.session.step > 2)
        assert ui.session.inspector.gradcheck.of(ui.session.run) is None
        assert not ui.app.runner.checking.busy


async def test_a_picture_of_the_check_says_the_same_as_stepping_on_from_it(opened: Opened) -> None:
    async with opened() as ui:
        ui.app.runner.send(SetGradcheck(True))
        ui.app.runner.send(Forward("step", 2))
        await ui.until(lambda: ui.app.runner.still)
        bits = numbers_of(ui.session)
        ui.app.runner.send(SetGradcheck(False))
        assert numbers_of(ui.session) == bits


async def test_steps_wait_for_a_longer_one_and_none_is_lost(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "AT_ONCE", 0.0)
    async with opened("moons") as ui:
        await ui.press(*"]" * 3)
        for _ in range(6):
            ui.app.runner.send(Forward())
        for _ in range(2):
            ui.app.runner.send(Back())
        await ui.until(lambda: not ui.app.runner.working)
        straight, _ = open_subject("moons")
        straight.apply(Forward("sample", 4))
        assert numbers_of(ui.session) == numbers_of(straight)


# --- what goes on in the background


async def test_a_long_way_forwards_is_shown_and_space_ends_it(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "LATEST", 0.02)
    async with opened("moons") as ui:
        assert ui.app.runner.send(Goto(10**14))
        assert ui.app.runner.working
        seen: set[int] = set()
        await ui.until(lambda: seen.add(ui.snapshot.position.step) or len(seen) > 2)
        assert "working… space stops" in ui.line("header")
        await ui.tap("space", lambda: not ui.app.runner.working)
        assert not ui.train.playing
        assert "working" not in ui.line("header")
        assert ui.snapshot.position.step == ui.session.step > 0


async def test_escape_ends_it_and_on_the_trace_screen_leaves_only_then(opened: Opened) -> None:
    async with opened("moons") as ui:
        await ui.tap("x", lambda: ui.app.stage is not ui.train)
        ui.app.runner.send(Goto(10**14))
        await ui.tap("escape", lambda: not ui.app.runner.working)
        assert ui.app.stage is not ui.train
        await ui.tap("escape", lambda: ui.app.stage is ui.train)
        ui.app.runner.send(Goto(10**14))
        await ui.tap("escape", lambda: not ui.app.runner.working)


async def test_on_the_way_back_only_the_message_is_shown(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "AT_ONCE", 0.0)
    monkeypatch.setattr(frames, "LATEST", 0.0)
    async with opened("moons") as ui:
        ui.session.apply(Goto(3))
        ui.app.runner.show()
        seen: list[tuple[int, bool]] = []
        publish = ui.app.runner.publish
        ui.app.runner.publish = lambda picture, status: (
            seen.append((picture.position.step, status.working)),
            publish(picture, status),
        )
        ui.app.runner.send(Goto(2, 9))
        await ui.until(lambda: not ui.app.runner.working)
        assert (3, True) in seen
        assert {step for step, working in seen if working} == {3}
        assert seen[-1] == (2, False)


@pytest.mark.parametrize(("size", "large"), [((80, 24), 3), ((120, 36), 4), ((200, 60), 5)])
async def test_at_full_speed_the_large_parts_that_are_shown_take_turns(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], large: int
) -> None:
    monkeypatch.setattr("chainstep.tui.playback.frames.LATEST", 0.0)
    async with opened("moons", size=size) as ui:
        pictures: list[Any] = []
        monkeypatch.setattr(ui.app.runner, "publish", lambda snapshot, _: pictures.append(snapshot))
        ui.app.runner.play()
        await ui.until(lambda: len(pictures) > 2 * large)
        ui.app.runner.pause()
    names = ("network", "parameters", "curve", "samples", "trace")
    had = [[name for name in names if getattr(picture, name) is not None] for picture in pictures[1 : 1 + 2 * large]]
    assert all(len(parts) == 1 for parts in had)
    assert had[:large] == had[large:]
    assert {part for (part,) in had} == set(names[:large])
