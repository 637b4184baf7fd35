"""Each command of the Trace screen that steps does to the session what it says. Must not know how ops are run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainstep.engine.training.commands import Back, Forward, Goto
from chainstep.tui.files.subjects.opening import open_subject
from support.screen.sessions import after
from support.screen.trace import coming, here, text
from support.sessions import numbers_of

Opened = Callable[..., Any]


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


async def test_a_key_that_is_held_goes_to_and_fro_and_no_further(opened: Opened) -> None:
    async with opened() as ui:
        for key in ("x", "escape", "x", "x", "escape", "escape"):
            for _ in range(5):
                ui.app.simulate_key(key)
        await ui.press("escape")
        await ui.until(lambda: ui.app.screen is ui.train)
        for _ in range(3):
            await ui.app.action_train()
        await ui.app.action_trace()
        await ui.app.action_trace()
        assert len(ui.app.screen_stack) == 2


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
        assert coming(ui).startswith("▷ 4 x2*w2")
        await ui.press(*"SS")
        assert here(ui) == (0, 1)
        assert numbers_of(ui.session) == numbers_of(after(Forward("op")))


async def test_what_is_folded_is_stepped_over_as_one_line(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x")
        assert coming(ui).startswith("▷ ▸ neuron 1 7 ops")
        await ui.press("n")
        assert here(ui) == (0, 7)
        assert coming(ui).startswith("▷ ▸ neuron 2 7 ops")
        await ui.press("s", "n")
        assert here(ui) == (0, 9)
        await ui.press("B", "S", "B")
        assert here(ui) == (0, 0)


async def test_what_there_is_room_for_is_open_and_yet_stepped_over_as_one_line(opened: Opened) -> None:
    async with opened(size=(200, 60)) as ui:
        await ui.press("x")
        await ui.until(lambda: "L1.n4 = tanh(…)" in text(ui))
        assert coming(ui).startswith("▷ 1 x0*w0")
        assert text(ui).count("▸") == 5
        await ui.press("n")
        assert here(ui) == (0, 7)
        await ui.press("s", "n")
        assert here(ui) == (0, 9)
        await ui.press("B", "S", "B")
        assert here(ui) == (0, 0)
        await ui.press("O")
        assert coming(ui).startswith("▷ ▸ neuron 1 7 ops")
        assert text(ui).count("▸") == 10


async def test_a_folded_layer_is_one_line(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", "home", "o", "n")
        assert here(ui) == (0, 28)
        await ui.press("B")
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
        assert coming(ui).startswith("◁ 70 L2.n4*w3")


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


# --- other subjects


async def test_an_expression_has_its_whole_graph_beside_it(opened: Opened) -> None:
    async with opened("expression", size=(120, 36)) as ui:
        await ui.press("x", "s")
        drawn = " ".join(ui.rows("graph"))
        assert all(name in drawn for name in "abcf")
        assert "▷" in drawn
        await ui.press("enter", "enter")
        assert "f" in " ".join(ui.rows("graph"))


async def test_the_graph_is_of_the_neuron_under_the_cursor(opened: Opened) -> None:
    async with opened(size=(120, 36)) as ui:
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
        assert ui.region("chain-rule").height == 6
        assert not ui.trace.query_one("#graph").display
        assert not ui.trace.query_one("#next").display


async def test_another_example_begins_with_its_own_folds(opened: Opened) -> None:
    async with opened(size=(80, 24)) as ui:
        await ui.press("x", "O", "x")
        ui.train.open(open_subject("xor")[0])
        await ui.press("x")
        assert coming(ui).startswith("▷ ▸ neuron 1")
        assert numbers_of(ui.session) == numbers_of(after(what="xor"))


async def test_going_to_a_step_comes_back_to_the_listing(opened: Opened) -> None:
    async with opened() as ui:
        await ui.press("x", "g")
        await ui.type("3")
        assert ui.app.screen is ui.trace
        assert numbers_of(ui.session) == numbers_of(after(Goto(3)))
        assert ui.snapshot.position.step == 3
