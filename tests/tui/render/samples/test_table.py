"""The table of samples as a picture of their view: what it says, and how it makes do. Must not know widgets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.commands import Forward, LookAtSample
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.render.samples.table import SamplesOptions, headings, samples_table
from chainstep.tui.render.style.glyphs import ASCII, UNICODE, Glyphs
from chainstep.tui.render.style.look import Look
from chainstep.tui.render.style.palette import Palette


def taken(name: str, steps: int, rows: range = range(30), looked_at: int | None = None) -> Snapshot:
    session = open_subject(name)[0]
    if steps:
        session.apply(Forward("step", steps))
    if looked_at is not None:
        session.apply(LookAtSample(looked_at))
    return session.snapshot({"samples"}, rows)


def table(snapshot: Snapshot, width: int, height: int, first: int = 0, glyphs: Glyphs = UNICODE) -> list[str]:
    assert snapshot.samples is not None
    look, options = Look(Palette.dark(), glyphs), SamplesOptions(first, snapshot.looked_at)
    strips = samples_table(snapshot.samples, snapshot.subject, width, height, look, options)
    assert all(strip.cell_length == width for strip in strips)
    return [strip.text.rstrip() for strip in strips]


def heading(
    snapshot: Snapshot, shown: int, first: int = 0, glyphs: Glyphs = UNICODE, room: int = 70
) -> tuple[str, str]:
    assert snapshot.samples is not None
    return headings(snapshot.samples, SamplesOptions(first), shown, room, Look(Palette.dark(), glyphs))


def test_predictions_stand_beside_the_targets_with_what_each_costs() -> None:
    snapshot = taken("lecture", 3, looked_at=1)
    assert table(snapshot, 35, 5) == [
        " #       ŷ     y   loss",
        " 1 +0.4388 +1.00 0.3150 ██▉       ✓",
        "▸2 -0.8556 -1.00  0.021 ▎         ✓",
        " 3 +0.1967 -1.00  1.432 █████████ ✗",
        "●4 +0.4341 +1.00 0.3202 ██▉       ✓",
    ]
    assert heading(snapshot, 4) == ("Samples", "Σ loss 2.088  right 3/4")


def test_inputs_come_where_there_is_room_for_them() -> None:
    assert table(taken("lecture", 20), 58, 2)[:1] == [" 1 +2.00 +3.00 -1.00 +0.9259 +1.00 0.0055 ▏            ✓"]
    wide = table(taken("iris", 10), 78, 3)
    assert wide[0].split() == ["#", "s_len", "s_wid", "p_len", "p_wid", "ŷ", "y", "loss"]
    assert wide[1].split() == ["1", "5.1", "3.5", "1.4", "0.2", "setosa", "0.98", "setosa", "0.024", "▎", "✓"]


def test_classes_have_names_and_probabilities_and_those_of_the_batch_a_mark() -> None:
    snapshot = taken("iris", 10, range(36, 50))
    batch = {row.row for row in snapshot.samples.rows if row.in_batch}
    rows = table(snapshot, 45, 12, first=36)[1:]
    assert [row[0] == "·" for row in rows] == [row in batch for row in range(36, 47)]
    assert rows[4] == "· 41 virginica  0.70 versicolor  1.257 ████ ✗"
    assert rows[0][4:40] == " setosa     0.98 setosa      0.023 ▏"
    assert heading(snapshot, 11, 36) == ("Samples 37-47 of 120", "mean loss 0.3064  right 108/120")
    assert heading(snapshot, 11, 36, room=40) == ("Samples 37-47", "mean 0.3064  right 108/120")
    assert heading(snapshot, 11, 36, room=29) == ("Samples 37-47", "mean 0.3064")


def test_regression_has_no_marks_and_its_bars_are_full_where_the_mean_would_do_as_well() -> None:
    snapshot = taken("sine", 5)
    row = table(snapshot, 35, 4)[1]
    assert row.split()[:4] == ["1", "-0.6405", "+0.0001", "0.4103"]
    assert not set("✓✗") & set(row)
    assert heading(snapshot, 3) == ("Samples 1-3 of 60", "mean loss 0.09343")


def test_in_ascii_all_of_it_is_ascii() -> None:
    snapshot = taken("lecture", 3, looked_at=1)
    rows = table(snapshot, 35, 5, glyphs=ASCII)
    assert all(row.isascii() for row in (*rows, *heading(snapshot, 4, glyphs=ASCII)))
    assert (rows[2][0], rows[4][0]) == (">", "@")
    assert (rows[1][-1], rows[3][-1]) == ("v", "x")


def test_what_is_not_known_yet_is_left_out() -> None:
    rows = table(taken("moons", 0, range(10, 12)), 35, 5, first=9)
    assert [bool(row) for row in rows] == [True, False, True, True, False]


@pytest.mark.parametrize("name", ["lecture", "iris", "sine", "wonderland"])
@given(st.integers(0, 90), st.integers(0, 12), st.integers(0, 5), st.sampled_from([UNICODE, ASCII]))
def test_it_has_its_size_whatever_that_is(name: str, width: int, height: int, first: int, glyphs: Glyphs) -> None:
    snapshot = SEEN.setdefault(name, taken(name, 1))
    assert len(table(snapshot, width, height, first, glyphs)) == height


SEEN: dict[str, Snapshot] = {}
