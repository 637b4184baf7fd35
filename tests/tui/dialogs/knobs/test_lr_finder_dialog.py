"""The range test on the screen: it goes on beside the session, says a rate, and sets it. Keys to session."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import thread_time
from typing import Any

import pytest
from textual.widgets import Static

from chainstep.engine.training.analysis.lr_finder import RangeTest
from chainstep.tui.dialogs.knobs.lr_finder import RangeTestDialog
from support.screen.drawing import paint_always
from support.sessions import numbers_of

Opened = Callable[..., Any]


async def complete(ui: Any) -> RangeTestDialog:
    """The dialog, once the test is complete."""
    await ui.press("T")
    dialog = ui.app.screen
    assert isinstance(dialog, RangeTestDialog)
    await ui.until(lambda: dialog._test.complete and "step" not in said(dialog))
    return dialog


def said(dialog: RangeTestDialog) -> str:
    return str(dialog.query_one("#there", Static).content)


async def test_enter_sets_the_rate_that_is_suggested(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("right", "right")
        before = numbers_of(ui.session)
        dialog = await complete(ui)
        assert (numbers_of(ui.session), list(ui.session.log)[1:]) == (before, [])
        straight = RangeTest(ui.session.run)
        for _ in straight.work(lambda: 1000):
            pass
        assert straight.suggestion is not None
        rate = float(f"{straight.suggestion.rate:.2g}")
        assert said(dialog).startswith(f"suggested lr {rate:g}")
        await ui.press("enter")
        assert ui.app.screen is ui.train
        assert ui.session.settings.lr == rate
        await ui.press("u")
        assert ui.session.settings.lr == 0.1


async def test_another_rate_is_chosen_along_the_curve(opened: Opened) -> None:
    async with opened() as ui:
        dialog = await complete(ui)
        assert "from the first weights" in str(dialog.query_one(".title", Static).content)
        suggested = dialog.rate
        await ui.press("right", "right", "left")
        assert dialog.rate is not None
        assert suggested is not None
        assert dialog.rate > suggested
        assert f"chosen lr {dialog.rate:g}" in said(dialog)
        chosen = dialog.rate
        await ui.press("enter")
        assert ui.session.settings.lr == chosen


async def test_escape_leaves_everything(opened: Opened) -> None:
    async with opened("spiral") as ui:
        before = numbers_of(ui.session)
        await ui.tap("T", lambda: isinstance(ui.app.screen, RangeTestDialog))
        await ui.tap("enter", lambda: ui.told(".error") == "the test goes on")
        await ui.tap("escape", lambda: ui.app.screen is ui.train)
        await ui.pilot.pause()
        assert (numbers_of(ui.session), list(ui.session.log)) == (before, [])


async def test_where_nothing_falls_there_is_nothing_to_set(opened: Opened) -> None:
    async with opened("wonderland") as ui:
        dialog = await complete(ui)
        assert said(dialog) == "no rate made the loss fall, so none is suggested"
        await ui.press("enter")
        assert str(dialog.query_one(".error", Static).content) == "there is no rate to set: ← → choose one"
        assert ui.session.settings.lr == 1.0


async def test_it_never_holds_the_loop_for_long(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    paint_always(monkeypatch)
    async with opened("spiral") as ui:
        await ui.tap("T", lambda: isinstance(ui.app.screen, RangeTestDialog))
        late: list[float] = []
        dialog = ui.app.screen
        while not dialog._test.complete:
            # What this thread works, not what others make it wait: a busy machine does not decide.
            began = thread_time()
            await asyncio.sleep(0.001)
            late.append(thread_time() - began)
        assert sorted(late)[len(late) * 95 // 100] < 0.008


async def test_it_goes_no_further_once_it_is_closed(opened: Opened) -> None:
    async with opened("spiral") as ui:
        await ui.tap("T", lambda: isinstance(ui.app.screen, RangeTestDialog))
        dialog = ui.app.screen
        assert dialog._work.busy
        dialog.action_close()
        assert not dialog._work.busy
        await ui.until(lambda: ui.app.screen is ui.train)
