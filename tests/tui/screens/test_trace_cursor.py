"""The cursor of the Trace screen goes where it should, and so does what is done to its line. Must not know rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chainstep.engine.training.commands import Forward, SetParameter, SetSample
from support.screen.sessions import after
from support.screen.trace import DOWN_TO_NEURON_2, coming, here, text
from support.sessions import numbers_of

Opened = Callable[..., Any]


# --- the cursor


async def test_the_cursor_moves_and_changes_nothing(opened: Opened) -> None:
    async with opened(size=(120, 36)) as ui:
        await ui.press("x", "s", "s")
        before = numbers_of(ui.session)
        seen = []
        for key in ("down", "up", "home", "end", "pageup", "pagedown", "o", "O", "O"):
            await ui.press(key)
            seen.append(ui.trace.listing.cursor)
        assert seen[:6] == [5, 4, 0, 19, 0, 19]
        assert numbers_of(ui.session) == before


async def test_the_cursor_follows_until_it_is_moved_away(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", "s", "s", "s")
        listing = ui.trace.listing
        assert listing.line == ui.snapshot.trace.current == 3
        await ui.press("down", "down")
        assert listing.line == 5
        ui.trace.runner.send(Forward("op"))
        await ui.pilot.pause()
        assert listing.line == 5
        await ui.press("s")
        assert listing.line == ui.snapshot.trace.current == 5


async def test_folding_hides_the_ops_and_opening_shows_them(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", *DOWN_TO_NEURON_2)
        assert "x0*w0" not in text(ui)
        await ui.press("o")
        assert "  8  " in text(ui)
        assert "▾ neuron 2" in text(ui)
        await ui.press("down", "down", "o")
        assert "x0*w0" not in text(ui)
        await ui.press("O")
        assert len(ui.trace.listing._outline) == 75 + 3 + 9 + 1
        await ui.press("O")
        assert "x0*w0" not in text(ui)


async def test_a_click_moves_the_cursor_and_a_second_one_folds(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x")
        for _ in range(2):
            await ui.pilot.click("#trace", offset=(12, 4))
        assert ui.trace.listing.place == "L1.n2"
        assert "▾ neuron 2" in text(ui)


async def test_find_opens_what_hides_it_and_goes_on(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", ";")
        assert ui.messages == ["/ finds a line by what it computes or reads"]
        await ui.press("/")
        await ui.type("tanh")
        lines = [ui.trace.listing.line + 1]
        for _ in range(9):
            await ui.press(";")
            lines.append(ui.trace.listing.line + 1)
        assert lines == [7, 14, 21, 28, 37, 46, 55, 64, 73, 7]
        assert "L1.n1 = tanh" in text(ui)
        await ui.press("/")
        await ui.type("nowhere")
        assert ui.messages[-1] == "no line here has 'nowhere'"
        assert ui.trace.listing.line == 6


# --- what needs the line under the cursor


async def test_run_to_the_cursor_and_back_to_it(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", *DOWN_TO_NEURON_2, "o", "down", "down", "down", "h")
        assert here(ui) == (0, 9)
        assert coming(ui).startswith("▷ 10 x0*w0 + x1*w1")
        await ui.press("h")
        assert here(ui) == (0, 9 + 73)
        assert ui.snapshot.position.sample == 2
        await ui.press("H")
        assert here(ui) == (0, 9)


async def test_run_to_a_neuron_stops_before_it(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", *DOWN_TO_NEURON_2, "down", "h")
        assert here(ui) == (0, 14)


async def test_a_breakpoint_is_set_shown_hit_and_cleared(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", *DOWN_TO_NEURON_2, "o", "down", "down", "down", "b")
        assert [item.text for item in ui.session.snapshot().breakpoints] == ["line 10"]
        (row,) = [row for row in ui.rows("trace") if "●" in row]
        assert "x0*w0 + x1*w1" in row
        await ui.press("c")
        assert here(ui) == (0, 9)
        assert "stopped: breakpoint 1: line 10  ▷ next: x0*w0 + x1*w1" in ui.rows("chain-rule")[-1]
        await ui.press("c")
        assert ui.snapshot.position.sample == 2
        await ui.press("C")
        assert here(ui) == (0, 9)
        await ui.press("b")
        assert ui.session.snapshot().breakpoints == ()
        assert "●" not in text(ui)


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (("home",), "layer 1"),
        (DOWN_TO_NEURON_2, "L1.n2"),
        (("end",), "line 74"),
        (("enter", "enter"), "L1.n1"),
        (("enter", "enter", "s", "down"), "parameter L1.n1.w2"),
        (("enter", "enter", "enter", "home"), "batch line 1"),
    ],
)
async def test_every_row_is_a_place(opened: Opened, keys: tuple[str, ...], place: str) -> None:
    async with opened() as ui:
        await ui.press("x", *keys)
        assert ui.trace.listing.place == place
        await ui.press("b")
        (breakpoint_,) = ui.session.snapshot().breakpoints
        assert breakpoint_.text == place
        assert "●" in text(ui)
        await ui.press("b")
        assert ui.session.snapshot().breakpoints == ()


async def test_a_value_is_pinned_and_let_go(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", *DOWN_TO_NEURON_2, "D")
        assert [watch.name for watch in ui.snapshot.watches] == ["L1.n2"]
        assert "L1.n2" in ui.rows("trace")[1]
        await ui.press(*"nn")
        data = ui.session.snapshot({"network"}).network.layers[0].data[1]
        assert ui.snapshot.watches[0].data == data
        await ui.press(*DOWN_TO_NEURON_2, "D")
        assert ui.snapshot.watches == ()


# --- edits


@pytest.mark.parametrize("key", ["e", "E"])
async def test_a_line_that_reads_nothing_to_edit_says_so(opened: Opened, key: str) -> None:
    async with opened() as ui:
        await ui.press("x", "s", "s", key)
        assert ui.app.screen is ui.trace
        assert ui.messages == ["this line reads no parameter, input or target: move the cursor to one that does"]


async def test_edit_puts_a_number_into_the_lines_parameter(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", "s", "e")
        await ui.type("0.5")
        assert numbers_of(ui.session) == numbers_of(after(Forward("op"), SetParameter(1, 0.5)))
        await ui.press("u")
        assert numbers_of(ui.session) == numbers_of(after(Forward("op")))
        await ui.press("U")
        assert ui.session.parameters[1] == 0.5


async def test_edit_input_changes_the_sample_of_the_line(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", "s", "E")
        await ui.type("-2")
        assert numbers_of(ui.session) == numbers_of(after(Forward("op"), SetSample(0, 1, -2.0)))


async def test_a_parameters_line_edits_it(opened: Opened) -> None:
    async with opened("expression") as ui:
        await ui.press("x", "enter", "down", "e")
        await ui.type("7")
        assert ui.session.parameters[1] == 7.0
