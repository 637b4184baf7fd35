"""Each command of the Trace screen does to the session what it says, and the cursor goes where it should."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chainstep.engine.training.commands import Back, Command, Forward, Goto, SetParameter, SetSample
from chainstep.engine.training.session import Session
from chainstep.tui.files.subjects import open_subject
from support.sessions import numbers_of

Opened = Callable[..., Any]

DOWN_TO_NEURON_2 = ("home", "down", "down")


def after(*commands: Command, what: str = "lecture") -> Session:
    """A session that was told so without a screen."""
    session, _ = open_subject(what)
    for command in commands:
        session.apply(command)
    return session


def here(ui: Any) -> tuple[int, int]:
    return ui.session.step, ui.session.op


def text(ui: Any) -> str:
    """The listing, without the frame."""
    return "\n".join(row[1:-1].rstrip() for row in ui.rows("trace"))


def lit(ui: Any) -> str:
    """The row with the arrow."""
    (row,) = [row for row in ui.rows("trace") if "▶" in row or "◀" in row]
    return " ".join(row.strip("│ ").split())


# --- there and back


async def test_x_opens_it_and_x_or_escape_returns(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("right", "right")
        for key in ("x", "escape"):
            await ui.press("x")
            assert ui.app.screen is ui.trace
            assert ui.snapshot.trace.current == 2
            await ui.press(key)
            assert ui.app.screen is ui.train
            assert ui.snapshot.network is not None
            assert ui.session.op == 2


async def test_what_was_done_there_is_seen_on_the_train_screen(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", "s", "s", "s", "x")
        assert ui.train.snapshot.position.op == 3
        assert ui.line("header").endswith("forward op 3/292")


async def test_help_and_theme_come_back_to_it(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", "?", "escape", "s", "S")
        assert ui.app.screen is ui.trace
        dark = text(ui)
        await ui.press("t", "s", "S")
        assert not ui.app.current_theme.dark
        assert text(ui) == dark


# --- stepping


async def test_into_and_back_into_go_by_one_op(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", *"sss")
        assert here(ui) == (0, 3)
        assert lit(ui).startswith("▶ 4 x2*w2")
        await ui.press(*"SS")
        assert here(ui) == (0, 1)
        assert numbers_of(ui.session) == numbers_of(after(Forward("op")))


async def test_what_is_folded_is_stepped_over_as_one_line(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x")
        assert lit(ui).startswith("▶ ▸ neuron 1 7 ops")
        await ui.press("n")
        assert here(ui) == (0, 7)
        assert lit(ui).startswith("▶ ▸ neuron 2 7 ops")
        await ui.press("s", "n")
        assert here(ui) == (0, 9)
        await ui.press("N", "S", "N")
        assert here(ui) == (0, 0)


async def test_what_there_is_room_for_is_open_and_yet_stepped_over_as_one_line(opened: Opened) -> None:
    async with opened(size=(200, 60)) as ui:
        await ui.press("x")
        await ui.until(lambda: "L1.n4 = tanh(…)" in text(ui))
        assert lit(ui).startswith("▶ 1 x0*w0")
        assert text(ui).count("▸") == 5
        await ui.press("n")
        assert here(ui) == (0, 7)
        await ui.press("s", "n")
        assert here(ui) == (0, 9)
        await ui.press("N", "S", "N")
        assert here(ui) == (0, 0)
        await ui.press("O")
        assert lit(ui).startswith("▶ ▸ neuron 1 7 ops")
        assert text(ui).count("▸") == 10


async def test_a_folded_layer_is_one_line(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", "home", "o", "n")
        assert here(ui) == (0, 28)
        await ui.press("N")
        assert here(ui) == (0, 0)


async def test_out_goes_to_the_end_of_the_neuron_and_in_the_loss_of_the_sample(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", "s", "s", "r")
        assert here(ui) == (0, 7)
        await ui.press("s", "s", "R")
        assert here(ui) == (0, 7)
        await ui.press("enter", "s", "r")
        assert numbers_of(ui.session) == numbers_of(after(Forward("phase"), Forward("sample")))


async def test_arrows_enter_and_granularity_are_as_on_the_train_screen(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", "]", "right", "right", "left", "enter", "right")
        expected = after(Forward("neuron", 2), Back("neuron"), Forward("phase"), Forward("neuron"))
        assert numbers_of(ui.session) == numbers_of(expected)
        assert ui.session.granularity == "neuron"


async def test_backwards_the_arrow_points_the_other_way(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", "enter", "enter", "enter", *"ssssssss")
        assert ui.snapshot.trace.backward
        assert lit(ui).startswith("◀ 70 L2.n4*w3")


async def test_what_has_just_changed_is_marked(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", "s", "s")
        (row,) = [row for row in ui.rows("trace") if "*" in row.removesuffix("│")[-14:]]
        assert "x1*w1" in row


async def test_every_phase_has_its_listing(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x")
        seen = []
        for _ in range(5):
            seen.append(ui.snapshot.trace.section)
            await ui.press("enter")
        assert seen == ["sample", "sample", "parameters", "batch", "parameters"]
        assert ui.session.step == 1


async def test_playing_shows_the_listing_and_pauses(opened: Opened) -> None:
    async with opened(steps=1_000_000) as ui:
        await ui.press("x")
        await ui.tap("space", lambda: ui.session.step > 3)
        assert ui.trace.playing
        await ui.tap("space", lambda: not ui.trace.playing)
        assert ui.snapshot.position.step == ui.session.step


# --- the cursor


async def test_the_cursor_moves_and_changes_nothing(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", "s", "s")
        before = numbers_of(ui.session)
        seen = []
        for key in ("down", "j", "k", "up", "home", "end", "pageup", "pagedown", "o", "O", "O"):
            await ui.press(key)
            seen.append(ui.trace.listing.cursor)
        assert seen[:7] == [5, 6, 5, 4, 0, 19, 0]
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
        await ui.press("x", ".")
        assert ui.messages == ["/ finds a line by what it computes or reads"]
        await ui.press("/")
        await ui.type("tanh")
        lines = [ui.trace.listing.line + 1]
        for _ in range(9):
            await ui.press(".")
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
        assert lit(ui).startswith("▶ 10 x0*w0 + x1*w1")
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
        assert "stopped: breakpoint 1: line 10" in ui.rows("chain-rule")[0]
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
        await ui.press("x", *DOWN_TO_NEURON_2, "y")
        assert [watch.name for watch in ui.snapshot.watches] == ["L1.n2"]
        assert "L1.n2" in ui.rows("trace")[1]
        await ui.press(*"nn")
        data = ui.session.snapshot({"network"}).network.layers[0].data[1]
        assert ui.snapshot.watches[0].data == data
        await ui.press(*DOWN_TO_NEURON_2, "y")
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


# --- other subjects


async def test_an_expression_has_its_whole_graph_beside_it(opened: Opened) -> None:
    async with opened("expression") as ui:
        await ui.press("x", "s")
        drawn = " ".join(ui.rows("graph"))
        assert all(name in drawn for name in "abcf")
        assert "▶" in drawn
        await ui.press("enter", "enter")
        assert "f" in " ".join(ui.rows("graph"))


async def test_the_graph_is_of_the_neuron_under_the_cursor(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", "s")
        assert "L1.n1" in ui.rows("graph")[0]
        await ui.press("end")
        assert "loss" in ui.rows("graph")[0]
        await ui.press("s")
        assert "L1.n1" in ui.rows("graph")[0]


async def test_a_small_terminal_has_the_listing_and_the_rule(opened: Opened) -> None:
    async with opened(size=(80, 24)) as ui:
        await ui.press("x", "s")
        assert ui.region("trace").height >= 12
        assert ui.region("chain-rule").height == 5
        assert not ui.trace.query_one("#graph").display
        assert not ui.trace.query_one("#next").display


async def test_another_example_begins_with_its_own_folds(opened: Opened) -> None:
    async with opened(size=(80, 24)) as ui:
        await ui.press("x", "O", "x")
        ui.train.open(open_subject("xor")[0])
        await ui.press("x")
        assert lit(ui).startswith("▶ ▸ neuron 1")
        assert numbers_of(ui.session) == numbers_of(after(what="xor"))


async def test_going_to_a_step_comes_back_to_the_listing(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", "g")
        await ui.type("3")
        assert ui.app.screen is ui.trace
        assert numbers_of(ui.session) == numbers_of(after(Goto(3)))
        assert ui.snapshot.position.step == 3
