"""The quiz beside the panes: its keys, its line of text, and what it leaves to the panes. Must not know how it is
drawn, or how an answer is judged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual.widgets import Input

from chainstep.tui.commands import ENTRIES
from support.sessions import numbers_of

Opened = Callable[..., Any]


async def begin(ui: Any) -> None:
    """The quiz, before the first op of backward."""
    await ui.press("z", "enter")
    await ui.until(lambda: ui.app.stage.lesson.stage == "ask")


async def test_it_asks_in_its_own_pane_and_takes_no_key_before_one_goes_there(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("z")
        assert "Predict each gradient of backward" in ui.line("lesson")
        assert "▷ enter on to backward" in ui.line("lesson")
        await ui.press("enter")
        await ui.until(lambda: "What will loss.grad be?" in ui.line("lesson"))
        assert ui.train.focused.id == "parameters"
        before, op = numbers_of(ui.session), ui.session.op
        await ui.press("z", *"4-/+2 x")
        assert ui.train.query_one(Input).value == "4-/+2 x", "text is text, blanks and keys of the panes too"
        await ui.press("left", "backspace", "home", "delete")
        assert ui.train.query_one(Input).value == "-/+2x"
        await ui.press("end", "ctrl+u")
        await ui.press("x")
        assert ui.line("keys").startswith("enter answers escape back to the panes")
        await ui.press("enter")
        assert "'x' is neither a number" in ui.line("lesson")
        assert numbers_of(ui.session) == before
        assert ui.train.focused.id == "answer", "it is tried again"
        await ui.press("escape")
        assert ui.train.focused.id == "parameters"
        assert "play" in ui.line("keys")
        await ui.press("right", "left")
        assert ui.session.op == op
        await ui.press("z", "1", "enter")
        assert "✓ Right: 1.0." in ui.line("lesson")
        assert ui.train.focused.id == "parameters", "what is answered gives the keys back"
        assert ui.session.op == op, "nor has it moved"
        await ui.press("enter")
        assert ui.session.op == op + 1, "enter goes to the next question, and not past all of them"
        assert "What will" in ui.line("lesson")
        await ui.press("ctrl+t")
        assert "hint" in ui.line("lesson")
        await ui.press("ctrl+y")
        assert "It is" in ui.line("lesson")
        await ui.press("G")
        assert not ui.region("lesson")
        assert ui.messages[-1].startswith("quiz over: 1 of 2 right")
        await ui.until(lambda: ui.region("loss"))  # the panes have their room again
        await ui.press("backspace")
        key = next(entry.keys for entry in ENTRIES if entry.id == "lessons")
        assert ui.messages[-1] == f"there is no lesson here: {key} lists them"


async def test_it_may_be_sent_away_before_its_pane_is_there(opened: Opened) -> None:
    async with opened() as ui:
        mount = ui.train.seats.mount

        def mounted(*widgets: Any) -> Any:
            making = mount(*widgets)
            ui.train.action_coach()
            return making

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ui.train.seats, "mount", mounted)
            await ui.press("z")
        assert ui.messages[-1].startswith("quiz over")
        assert ui.train.page is None


async def test_what_says_the_same_again_is_not_shown_anew(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else each picture would lead to the next one, for ever."""
    async with opened() as ui:
        await ui.press("z", "right", "right")
        shown = list[object]()
        monkeypatch.setattr(ui.app.runner, "show", shown.append)
        for _ in range(20):
            await asyncio.sleep(0)
        await ui.pilot.pause()
        assert shown == []


@pytest.mark.parametrize("size", [(40, 12), (60, 15), (80, 24), (120, 36), (200, 60)])
async def test_it_stands_beside_the_panes_on_both_screens_at_any_size(opened: Opened, size: tuple[int, int]) -> None:
    async with opened("neuron", size=size) as ui:
        await begin(ui)
        for panes in (("network", "parameters"), ("trace",)):
            await ui.until(lambda: ui.region("lesson").area and "What will" in ui.line("lesson"))
            page, places = ui.region("lesson"), [ui.region(name) for name in ("chain-rule", *panes)]
            assert not any(map(page.overlaps, places))
            assert max(place.height for place in places[1:]) >= 5, "what it speaks of has rows, too"
            await ui.press("z")
            line = ui.app.stage.query_one(Input)
            # Where the terminal is slow to lay it out, the line still has the place that it had on the other screen.
            await ui.until(lambda line=line, page=page: line.region.height == 1 and page.contains_region(line.region))
            await ui.press("escape", "x")
        assert ui.app.stage is ui.train
        await ui.pilot.resize_terminal(80, 24)
        await ui.until(lambda: ui.region("lesson").width == 80)


async def test_keys_in_its_frame_and_on_its_page_can_be_clicked(opened: Opened) -> None:
    async with opened() as ui:
        await begin(ui)
        place = ui.region("lesson")
        row = next(y for y, text in enumerate(ui.rows("lesson")) if "▷ z" in text)
        await ui.pilot.click(offset=(4, place.y + row))
        await ui.until(lambda: ui.train.focused.id == "answer")
        await ui.press("escape")
        column = ui.rows("lesson")[-1].index("ctrl+y")
        await ui.pilot.click(offset=(column, place.bottom - 1))
        await ui.until(lambda: "It is" in ui.line("lesson"))
        assert "?" not in ui.line("chain-rule")


async def test_who_leads_through_the_first_minute_gives_way(opened: Opened) -> None:
    async with opened("neuron") as ui:
        await ui.press("G")
        assert ui.train.coach is not None
        await ui.press("z")
        await ui.until(lambda: ui.train.lesson is not None)
        assert ui.train.coach is None
        await ui.press("G", "G")
        assert ui.train.lesson is None
        assert ui.train.coach is not None


async def test_a_terminal_without_unicode_is_shown_none(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chainstep.tui.theme.shows_unicode", lambda: False)
    async with opened() as ui:
        await begin(ui)
        await ui.press("z")
        assert [row for row in ui.rows("lesson") if not row.isascii()] == []
        await ui.press("1", "enter")
        assert [row for row in ui.rows("lesson") if not row.isascii()] == []
