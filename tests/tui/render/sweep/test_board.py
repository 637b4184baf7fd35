"""A sweep in pictures: which number stands where. Must not know how runs are trained."""

from __future__ import annotations

import math

import pytest

from chainstep.tui.render.style.look import Look
from chainstep.tui.render.sweep.board import SORTS, Board, across, curves, in_order, spread, table
from chainstep.tui.render.sweep.groups import groups
from chainstep.tui.sweeps.outcome import Outcome, failed
from support.screen.drawing import text
from support.screen.looks import IN_ASCII, IN_COLOUR


def run(lr: float, seed: int, loss: float, **more: object) -> Outcome:
    knobs = {"lr": lr, "seed": seed, **more}
    return Outcome(knobs, knobs, 20, loss, 1 - loss, loss * 2, ((0, 1.0), (10, loss * 2), (20, loss)))


RUNS = [run(lr, seed, loss + seed / 100) for lr, loss in ((0.01, 0.5), (0.1, 0.1), (1.0, 0.9)) for seed in (0, 1, 2)]
RUNS += [run(0.1, 3, math.nan), failed({"lr": 0.0, "seed": 0}, "lr must be above 0")]


def test_the_spread_of_a_setting_is_over_its_seeds_and_what_has_no_loss_is_worst() -> None:
    found = groups(RUNS, ["lr", "seed"])

    assert [group.knobs["lr"] for group in found] == [0.1, 0.01, 1.0, 0.0]
    assert found[1].spread == (0.5, 0.51, 0.52)
    assert found[0].spread == (0.1, pytest.approx(0.115), math.inf)
    assert found[1].test == 1.02
    assert [in_order(RUNS, by)[0].knobs["lr"] for by in SORTS] == [0.1, 0.1, 0.1, 0.01]


@pytest.mark.parametrize("look", [IN_COLOUR, IN_ASCII], ids=["unicode", "ascii"])
def test_the_best_is_marked_and_the_selected_row_is_in_sight(look: Look) -> None:
    star = "◆" if look is IN_COLOUR else "*"
    board = Board(in_order(RUNS, "loss"), ["lr", "seed"], 10)
    rows = [strip.text for strip in table(board, 70, 6, look)]

    assert rows[0].split() == ["lr", "seed", "loss", "accuracy", "test", "loss", "steps"]
    assert [row.strip()[:1] == look.glyphs.pointed for row in rows] == [False, False, False, False, False, True]
    assert "lr must be above 0" in rows[-1]
    top = [strip.text for strip in table(Board(board.outcomes, board.swept, 0), 70, 6, look)][1]
    assert top.split()[:4] == [look.glyphs.pointed, star, "0.1", "0"]

    for picture in (spread, curves):
        drawn = picture(board, 40, 12, look)
        assert [strip.cell_length for strip in drawn] == [40] * 12
        assert text(drawn).count(star) == 1
        assert look is IN_COLOUR or text(drawn).isascii()
    assert "loss over steps" in text(drawn)
    labels = spread(Board(RUNS[:9], ["lr", "seed"], 0), 40, 12, look)[-1].text.split()
    assert labels == ["0.01", "0.1", "1"]


def test_what_cannot_be_drawn_is_said() -> None:
    nothing, seeds = Board([], ["lr"], 0), Board(RUNS[:2], ["seed"], 0)

    assert across(seeds) is None
    assert across(Board(RUNS, ["hidden", "seed"], 0)) == "hidden"
    for picture in (table, spread, curves):
        assert len(picture(nothing, 30, 8, IN_COLOUR)) == 8
        assert len(picture(seeds, 3, 2, IN_COLOUR)) == 2
    assert "seeds alone are swept" in spread(seeds, 40, 8, IN_COLOUR)[3].text
