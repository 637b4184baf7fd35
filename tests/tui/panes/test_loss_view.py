"""The loss curve at the keyboard: its newest steps, its average, and the true loss above. Must not know how."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from chainstep.engine.training.commands import Goto
from chainstep.tui.panes.loss import LossPane
from chainstep.tui.render.canvas import numbers
from support.sessions import numbers_of

Opened = Callable[..., Any]


def ends(ui: Any) -> tuple[str, str]:
    """The first and the last step on the curve's axis."""
    labels = ui.rows("loss")[-2].strip("│ ").split()
    return labels[0], labels[-1]


async def at(ui: Any, step: int) -> None:
    ui.train.runner.send(Goto(step))
    await ui.until(lambda: ui.snapshot.curve is not None and ui.snapshot.curve.length - step in (0, 1))


async def test_the_newest_steps_come_nearer_key_by_key(opened: Opened) -> None:
    async with opened() as ui:
        await at(ui, 150)
        whole = ui.rows("loss")
        recorded = ui.snapshot.curve.length
        for said, last in (("last 1000", 1000), ("last 100", 100), ("last 30", 30)):
            await ui.press("L")
            assert said in ui.rows("loss")[0]
            assert ends(ui) == (str(max(0, recorded - last)), str(recorded - 1))
        await ui.press("L")
        assert ui.rows("loss") == whole


async def test_the_newest_steps_go_along(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press(*"LLL")
        for step in (40, 60, 45):
            await at(ui, step)
            recorded = ui.snapshot.curve.length
            await ui.until(lambda recorded=recorded: ends(ui) == (str(recorded - 30), str(recorded - 1)))


async def test_the_average_is_drawn_and_the_true_loss_said(opened: Opened) -> None:
    async with opened(size=(160, 40), batch_size=1) as ui:
        await at(ui, 60)
        there = numbers_of(ui.session)
        rough = ui.rows("loss")
        true = numbers.loss(ui.snapshot.loss)
        seen = [rough[1:]]
        for weight in ("0.9", "0.98"):
            await ui.press("V")
            assert f"smoothed {weight}" in ui.rows("loss")[0]
            assert f"Loss {true}" in ui.rows("loss")[0]
            assert ui.rows("loss")[1:] not in seen
            seen.append(ui.rows("loss")[1:])
        await ui.press("V")
        assert ui.rows("loss") == rough
        assert numbers_of(ui.session) == there


async def test_where_there_is_little_room_the_curve_still_says_what_it_shows(opened: Opened) -> None:
    async with opened("moons", size=(80, 24), split=0.2) as ui:
        await at(ui, 3)
        await ui.press("L", "L", "V", "l")
        assert "~0.9 last 100 log" in ui.rows("loss")[0]
        assert f"Loss {numbers.loss(ui.snapshot.loss)} " in ui.rows("loss")[0]
        await ui.pilot.resize_terminal(200, 60)
        await ui.until(lambda: "smoothed 0.9 last 100 log test" in ui.rows("loss")[0])


async def test_a_key_while_the_curve_is_being_drawn_counts(opened: Opened) -> None:
    async with opened() as ui:
        await at(ui, 150)
        plain = ui.rows("loss")
        await ui.press(*"LLL")
        recent = ui.rows("loss")
        await ui.press("L")
        ui.app.runner.show()
        pane = ui.train.query_one(LossPane)
        drawing = asyncio.create_task(pane.prepare())
        await asyncio.sleep(0)
        ui.train.last = 30
        await drawing
        pane.redraw()
        assert ui.rows("loss") == recent != plain
