"""The coach on the screen: where it stands, and when it goes for good. Must not know how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chainstep.tui.files import coached as memory
from chainstep.tui.files.coached import remember
from chainstep.tui.screens.pieces.coaching import Coaching
from chainstep.tui.terminal import process

Opened = Callable[..., Any]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is remembered, by somebody who sees it for the first time."""
    kept: list[str] = []
    monkeypatch.setattr(memory, "coached", lambda: bool(kept))
    monkeypatch.setattr(memory, "remember", lambda: kept.append("done") or remember())
    return kept


async def test_it_leads_and_is_gone_for_good(opened: Opened, kept: list[str]) -> None:
    async with opened("lecture", size=(60, 15)) as ui:
        await ui.until(lambda: ui.train.coach is not None)
        assert ui.alone == "loss", "where there is room for one pane, it is the coach's"
        assert "+1 -1 -1 +1." in ui.line("loss")
        assert "▷ → neuron 1, op by op" in ui.line("loss")
        await ui.pilot.resize_terminal(80, 24)
        await ui.press("right", "right")
        assert "▷ → neuron 1, op by op: 2 done" in ui.line("loss")
        await ui.press("enter", "enter", "enter", "right_square_bracket", "right", "right", "right")
        assert "▷ space train 20 steps" in ui.line("loss")
        assert "│41 parameters here; GPT-3 has │ │175 000 000 000: the same five │" in ui.line("loss")
        assert not kept
        await ui.tap("space", lambda: kept)
        assert "answer" not in ui.line("loss")
        assert ui.train.coach is None
    async with opened("lecture") as ui:
        await ui.pilot.pause()
        assert "no loss yet" in ui.line("loss")
        await ui.press("right", "G")
        assert "▷ → neuron 1, op by op: 1 done" in ui.line("loss"), "one key brings it back, where training stands"
        await ui.press("G")
        assert "no loss yet" in ui.line("loss")


@pytest.mark.parametrize("first", [True, False])
async def test_where_all_is_loaded_it_is_there_from_the_start(opened: Opened, kept: list[str], first: bool) -> None:
    if not first:
        kept.append("done")
    panes = ("loss", "samples", "parameters", "network", "chain-rule", "keys")
    async with opened("lecture", size=(120, 36)) as ui:
        await ui.until(lambda: (ui.train.coach is not None) == first and "2.0 ×" in ui.line("chain-rule"))
        await ui.until(lambda: ui.train.samples is not None and "Σ" in ui.line("samples"))
        shown = {pane: ui.rows(pane) for pane in panes}
    loaded = process.loaded.set(True)
    try:
        async with opened("lecture", size=(120, 36)) as ui:
            await ui.until(lambda: {pane: ui.rows(pane) for pane in panes} == shown)
            assert (ui.train.coach is not None) == first
    finally:
        process.loaded.reset(loaded)


async def test_training_goes_before_it_and_it_can_be_called(opened: Opened, kept: list[str]) -> None:
    async with opened("parabola") as ui:
        await ui.until(lambda: ui.train.coach is not None)
        assert "▷ → one op of it" in ui.line("loss")
        await ui.tap("space", lambda: ui.session.step == 20 and not ui.app.runner.playing)
        assert "one op" not in ui.line("loss")
        assert not kept, "it has not led to the end"
        await ui.press("G")
        assert "▷ → one op of it" in ui.line("loss")


async def test_what_is_said_of_a_curve_is_not_said_of_whoever_stands_in_its_place(opened: Opened) -> None:
    async with opened("lecture") as ui:
        await ui.tap("space", lambda: ui.session.step == 20 and not ui.app.runner.playing)
        await ui.until(lambda: "log shows more" in ui.line("loss"))
        await ui.press("G")
        await ui.until(lambda: "Four samples" in ui.line("loss"))
        assert "log shows more" not in ui.line("loss")
        await ui.press("G")
        await ui.until(lambda: "log shows more" in ui.line("loss"))


async def test_another_subject_begins_anew(opened: Opened, kept: list[str]) -> None:
    async with opened("lecture") as ui:
        await ui.until(lambda: ui.train.coach is not None)
        await ui.press("enter")
        assert "▷ enter on to its error, the loss" in ui.line("loss")
        assert isinstance(ui.train, Coaching)
        await ui.app._open("xor")
        await ui.until(lambda: "answer -1 +1 +1 -1." in ui.line("loss"))
        assert "▷ → neuron 1, op by op" in ui.line("loss")
