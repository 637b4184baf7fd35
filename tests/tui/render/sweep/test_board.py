"""A sweep in pictures: which number stands where. Must not know how runs are trained."""

from __future__ import annotations

import math

import pytest

from chainstep.tui.render.style.look import Look
from chainstep.tui.render.sweep.board import SORTS, Board, in_order, settings_in_order
from chainstep.tui.render.sweep.groups import groups
from chainstep.tui.render.sweep.pictures import curves, spread
from chainstep.tui.render.sweep.table import table
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

    by = "loss▾" if look is IN_COLOUR else "loss<"
    assert rows[0].split() == ["lr", "seed", by, "accuracy", "test", "loss", "steps"]
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


def test_settings_are_rows_and_curves_where_runs_are_put_together() -> None:
    made = settings_in_order(RUNS, ["lr", "seed"], "loss")
    board = Board(in_order(RUNS, "loss"), ["lr", "seed"], 1, made)
    head, first, second = (strip.text.split() for strip in table(board, 80, 4, IN_COLOUR)[:3])

    assert head[:5] == ["lr", "runs", "loss▾", "smallest", "largest"]
    assert first[:6] == ["◆", "0.1", "4", "0.1150", "0.1000", "inf"]
    assert second[1:6] == ["0.01", "3", "0.5100", "0.5000", "0.5200"]
    assert board.chosen is made[1].best
    assert made[1].curve == [(0, 1.0), (10, 1.02), (20, 0.51)]
    assert "median loss over steps" in text(curves(board, 60, 12, IN_COLOUR))
    for by, lr in (("accuracy", 0.1), ("test loss", 0.01), ("order", 0.01)):
        assert settings_in_order(RUNS, ["lr", "seed"], by)[0].knobs["lr"] == lr


def test_what_is_missed_least_goes_where_there_is_no_room() -> None:
    runs = [run(lr, seed, lr, hidden=(16, 16), batch_size=8, activation="tanh") for lr in (0.1, 0.3) for seed in (0, 1)]
    swept = ["lr", "hidden", "batch_size", "activation", "seed"]
    heads = [
        table(Board(runs, swept, 0, by="test loss"), width, 4, IN_COLOUR)[0].text.split() for width in (90, 70, 60, 50)
    ]
    assert [head[-4:] for head in heads[:2]] == [
        ["accuracy", "test", "loss▾", "steps"],
        ["seed", "loss", "test", "loss▾"],
    ]
    assert heads[2] == ["lr", "hidd…", "bat…", "act…", "seed", "loss", "test", "loss▾"]
    assert heads[3][:4] == ["lr", "hidd…", "bat…", "act…"]
    untested = [Outcome(one.knobs, one.settings, one.steps, one.loss) for one in runs]
    assert table(Board(untested, ["lr"], 0), 70, 4, IN_COLOUR)[0].text.split() == ["lr", "loss▾", "steps"]


def test_lines_are_told_apart_and_the_knob_can_be_another() -> None:
    runs = [run(lr, 0, lr + n / 10, hidden=(n,)) for lr in (0.1, 0.3) for n in (2, 10, 3)]
    board = Board(in_order(runs, "loss"), ["lr", "hidden"], 1)
    rows = [strip.text for strip in spread(board, 50, 14, IN_COLOUR)]

    assert [row.split()[-1] for row in rows[:-2] if row[45:].strip()] == ["10", "3", "2"]
    assert rows[-1].split() == ["0.1", "0.3"]
    assert "●" in text(spread(board, 50, 14, IN_COLOUR))
    assert board.knobs == ["lr", "hidden"]
    other = Board(board.outcomes, board.swept, 0, knob="hidden")
    assert spread(other, 50, 14, IN_COLOUR)[-1].text.split() == ["2", "3", "10"]
    assert "over hidden: min" in text(spread(other, 60, 14, IN_COLOUR))
    assert "over hidden: min" not in text(spread(other, 30, 14, IN_COLOUR))


def test_what_cannot_be_drawn_is_said() -> None:
    nothing, seeds = Board([], ["lr"], 0), Board(RUNS[:2], ["seed"], 1)

    assert (seeds.across, Board(RUNS, ["hidden", "seed"], 0).across) == (None, "hidden")
    for picture in (table, spread, curves):
        assert len(picture(nothing, 30, 8, IN_COLOUR)) == 8
        assert len(picture(seeds, 3, 2, IN_COLOUR)) == 2
    drawn = text(spread(seeds, 40, 8, IN_COLOUR))
    assert all(sign in drawn for sign in ("◆", "●", "best", "worst", "final loss of 2 runs"))
