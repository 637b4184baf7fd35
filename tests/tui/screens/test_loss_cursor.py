"""The cursor on the loss curve: keys and mouse, what it says, and that it stays on its step. Keys to screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.widgets import Static

from chainstep.engine.training.commands import AddBreakpoint, Continue, Goto, Restart, SetKnob
from chainstep.tui.dialogs.debugger.scrub import Scrub
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.render.canvas import numbers
from support.forgetful import forgetful

Opened = Callable[..., Any]

LEFT = 7
"""Cells before the first column: the frame, the labels and the axis."""


async def at(ui: Any, step: int) -> None:
    ui.train.runner.send(Goto(step))
    await ui.until(lambda: ui.snapshot.curve is not None and ui.snapshot.curve.length == step)


def said(ui: Any) -> str:
    """The words at the left of the lower edge; none while the pane has no room yet."""
    edge = "".join(ui.rows("loss")[-1:])
    return str(edge[3:].partition(" ─")[0]) if edge.startswith("╰─ ") else ""


def line(ui: Any) -> int | None:
    """The column, from 0, in which the cursor's line stands."""
    found = [row[LEFT:-1].find("│") for row in ui.rows("loss")[1:-3]]
    return max(found) if max(found) >= 0 else None


async def test_keys_move_it_and_it_leaves_behind_the_last_step(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("comma", "full_stop")
        assert ui.train.cursor is None
        await at(ui, 12)
        assert line(ui) is None
        await ui.press("comma")
        assert (ui.train.cursor, said(ui).split()[:2]) == (11, ["step", "11"])
        await ui.press("comma", "comma", "comma", "full_stop")
        assert ui.train.cursor == 9
        assert said(ui).startswith("step 9  ")
        assert numbers.loss(ui.session.losses[9]) in said(ui)
        assert line(ui) is not None
        await ui.press(*["full_stop"] * 3)
        assert (ui.train.cursor, line(ui), said(ui)) == (None, None, "log shows more")
        await ui.press("full_stop", "comma")
        assert ui.train.cursor == 0
        await ui.press("escape")
        assert (ui.train.cursor, line(ui)) == (None, None)


async def test_what_happened_in_a_column_is_not_stepped_over(opened: Opened) -> None:
    async with opened() as ui:
        ui.train.runner.send(AddBreakpoint("step 41"))
        for step in (20, 40, 41):
            ui.train.runner.send(Continue())
            await ui.until(lambda step=step: ui.session.step == step)
        await at(ui, 133)
        ui.train.runner.send(SetKnob("lr", 0.02))
        await at(ui, 400)
        seen = {}
        await ui.press("full_stop")
        while ui.train.cursor is not None:
            seen[ui.train.cursor] = said(ui)
            await ui.press("full_stop")
        assert "■ step 41" in seen[41]
        assert "◆ lr 0.02" in seen[133]
        assert len(seen) == ui.train.query_one("#loss").size.width - LEFT - 1


async def test_it_stays_on_its_step(opened: Opened) -> None:
    async with opened() as ui:
        await at(ui, 150)
        await ui.press("shift+tab", *["comma"] * 6)
        step, words = ui.train.cursor, said(ui)
        places = {line(ui)}
        for keys in ("L", "L", "l", "Z", "Z"):
            await ui.press(keys)
            assert ui.train.cursor == step
            assert said(ui).startswith(words[:8])
            places.add(line(ui))
        await at(ui, 240)
        assert said(ui).startswith(words[:8])
        assert line(ui) is None
        ui.train.runner.send(Restart())
        await ui.until(lambda: said(ui) == "")
        assert ui.train.cursor == step
        await at(ui, 150)
        await ui.until(lambda: said(ui) == words)
        assert len(places) > 1


async def test_keys_of_the_screen_stay_what_they_were(opened: Opened) -> None:
    async with opened() as ui:
        await at(ui, 5)
        await ui.press("tab", "tab", "comma", "enter")
        assert (ui.session.step, ui.snapshot.position.phase) == (5, "loss")
        await ui.press("right", "left")
        assert ui.train.cursor == 4


async def test_the_scrubber_opens_at_the_cursor_and_enter_jumps_there(opened: Opened) -> None:
    async with opened() as ui:
        await at(ui, 12)
        await ui.press("comma", "comma", "comma", "v")
        assert isinstance(ui.app.screen, Scrub)
        assert ui.app.screen.cursor == 9
        await ui.press("enter")
        assert (ui.session.step, ui.session.op) == (9, 0)


async def test_the_mouse_shows_numbers_and_a_click_keeps_them(opened: Opened) -> None:
    async with opened() as ui:
        await at(ui, 100)
        await ui.pilot.hover("#loss", offset=(LEFT, 5))
        assert said(ui).startswith("step 0  ")
        await ui.pilot.hover("#network", offset=(5, 5))
        assert said(ui) == "log shows more"
        right = ui.train.query_one("#loss").size.width - 2
        for cursor in (99, None):
            await ui.pilot.click("#loss", offset=(right, 5))
            assert ui.train.cursor == cursor


async def test_it_brings_the_curve_where_one_pane_has_room(opened: Opened) -> None:
    async with opened("expression", size=(60, 20)) as ui:
        await at(ui, 6)
        await ui.press("comma", "comma")
        await ui.until(lambda: said(ui).startswith("step 4  value "))
        assert ui.alone == "loss"


async def test_without_unicode_it_is_still_there(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chainstep.tui.theme.shows_unicode", lambda: False)
    async with opened() as ui:
        await at(ui, 5)
        ui.train.runner.send(SetKnob("lr", 0.2))
        await at(ui, 9)
        await ui.press(*["comma"] * 4)
        assert "".join(ui.rows("loss")).isascii()
        assert "step 5" in ui.rows("loss")[-1]
        assert "^ lr 0.2" in ui.rows("loss")[-1]


@pytest.mark.parametrize("size", [(80, 24), (112, 30), (120, 36), (200, 60)])
async def test_the_edges_are_never_cut(opened: Opened, size: tuple[int, int]) -> None:
    async with opened("moons", size=size, split=0.2) as ui:
        await at(ui, 30)
        await ui.press("comma")
        rows = ui.rows("loss")
        assert "…" not in rows[0] + rows[-1]
        assert "test " in rows[0]
        assert "step 29" in rows[-1]


async def test_a_loss_of_long_ago_is_told_by_its_stretch_and_then_exactly(opened: Opened) -> None:
    true, _ = open_subject("lecture")
    true.apply(Goto(3_000))
    with forgetful():
        async with opened(size=(120, 36)) as ui:
            await at(ui, 3_000)
            await ui.press(*["full_stop"] * 6)
            step = ui.train.cursor
            assert step is not None
            assert not ui.session.run.history.is_exact(step, step + 1)
            loss = numbers.loss(true.losses[step])
            await ui.until(lambda: said(ui).startswith(f"step {step}  loss {loss}  "))
            assert ui.session.step == 3_000
            await ui.press("v", *"300")
            assert isinstance(ui.app.screen, Scrub)
            exact = f"step 300   loss {numbers.loss(true.losses[300])}   "
            told = ui.app.screen.query_one("#there", Static)
            await ui.until(lambda: str(told.content).startswith(exact))
            await ui.press("escape")
            await ui.until(lambda: said(ui).startswith(f"step {step}  loss {loss}  "))
            await ui.press("escape", "v", *"300", "escape")
            await ui.until(lambda: ui.session.inspector.cursor.step is None)


async def test_a_step_becomes_one_of_long_ago_while_the_cursor_is_on_it(opened: Opened) -> None:
    with forgetful():
        async with opened(size=(120, 36)) as ui:
            await at(ui, 30)
            await ui.press("comma")
            told = said(ui)
            assert told == f"step 29  {numbers.loss(ui.session.losses[29])}  lr 0.1  100%"
            await at(ui, 300)
            assert not ui.session.run.history.is_exact(29, 30)
            await ui.until(lambda: said(ui) == told)
