"""The helper that finds what is wrong with a screen's geometry finds it. Must not know chainstep."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.containers import Container, VerticalScroll
from textual.widgets import OptionList, Static

from support.screen.geometry import faults


def shown(*widgets: Any, css: str = "") -> App[None]:
    class Shown(App[None]):
        CSS = f"Screen {{ overflow: hidden; }} {css}"

        def compose(self) -> ComposeResult:
            yield from widgets

    return Shown()


async def found(app: App[None]) -> list[str]:
    async with app.run_test(size=(20, 10)) as pilot:
        await pilot.pause()
        return faults(app.screen)


async def test_nothing_is_wrong_with_what_has_room_or_scrolls() -> None:
    tall = Static("one\n" * 30)
    fine = shown(
        Static("short"), OptionList("one", "two", "three"), VerticalScroll(tall), css="OptionList {height: 5;}"
    )
    assert await found(fine) == []


@pytest.mark.parametrize(
    ("css", "said"),
    [
        ("#inner { width: 30; }", "leaves"),
        ("#inner { height: 1; width: 4; }", "needs"),
        ("#inner { offset: 0 4; } #outer { height: 3; }", "leaves"),
    ],
)
async def test_what_is_cut_is_found(css: str, said: str) -> None:
    faulty = shown(Container(Static("one two three", id="inner"), id="outer"), css=css)
    assert any(said in fault for fault in await found(faulty))


async def test_what_lies_over_another_is_found() -> None:
    faulty = shown(Static("one"), Static("two", id="over"), css="#over { offset: 0 -1; }")
    assert any("overlaps" in fault for fault in await found(faulty))


async def test_a_row_that_is_broken_and_a_title_that_is_shortened_are_found() -> None:
    faulty = shown(OptionList("one two three four five six"), Static("╭ A titl… ─╮"))
    assert [fault.split()[1] for fault in await found(faulty)] == ["breaks", "shortens"]
