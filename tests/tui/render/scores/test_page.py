"""The scores as pictures: what they say, which marks they carry, and how they make do. Must not know widgets."""

from __future__ import annotations

from chainstep.engine.training.snapshot.samples.scores import Residual, Scores, ScoresView
from chainstep.tui.render.scores.page import page
from chainstep.tui.render.style.glyphs import ASCII, UNICODE, Glyphs
from chainstep.tui.render.style.look import Look
from chainstep.tui.render.style.palette import Palette
from support.cases import each

LOOK = Look(Palette.dark(), UNICODE)

TEST = Scores(10, True, 0.8, ((4, 1, 0), (0, 3, 1), (0, 0, 1)), None, None, 0.5)
TRAIN = Scores(20, False, 1.0, ((9, 0, 0), (0, 8, 0), (0, 0, 3)), None, None, 0.45)
BIRDS = ScoresView("species", ("Adelie", "Chinstrap", "Gentoo"), (TEST, TRAIN), (10, 90_000), (), "Adelie")

PRICES = ScoresView(
    "price",
    (),
    (Scores(2, True, None, None, 0.75, 12.5, 25.5),),
    (2,),
    (Residual(100.0, 20.0, True), Residual(300.0, -20.0, True)),
    "the mean",
)


def text(view: ScoresView, width: int, height: int, part: int = 0, glyphs: Glyphs = UNICODE) -> list[str]:
    strips = page(view, part, width, height, Look(Palette.dark(), glyphs))
    assert len(strips) == height
    assert all(strip.cell_length == width for strip in strips)
    return [strip.text.rstrip() for strip in strips]


def test_a_confusion_matrix_marks_what_is_right_and_stands_beside_what_is_reached_without_learning() -> None:
    assert text(BIRDS, 70, 11) == [
        "              samples   right   accuracy   always Adelie",
        "▸ test             10       8      0.800           0.500",
        "  train   20 of 90000      20      1.000           0.450",
        "",
        "true ↓     decided →",
        "              Adelie Chinstrap    Gentoo    recall",
        "Adelie           4 ✓       1 ✗       ·        0.80",
        "Chinstrap        ·         3 ✓       1 ✗      0.75",
        "Gentoo           ·         ·         1 ✓      1.00",
        "precision     1.00      0.75      0.50",
        "",
    ]
    assert text(BIRDS, 70, 11, part=1)[2].startswith("▸ train")
    assert "9 ✓" in text(BIRDS, 70, 11, part=1)[6]


def test_short_names_of_classes_leave_precisions_apart() -> None:
    scores = Scores(4, False, 1.0, ((2, 0), (0, 2)), None, None, 0.5)
    assert text(ScoresView("y", ("-1", "+1"), (scores,), (4,), (), "+1"), 70, 9)[4:] == [
        "             -1   +1    recall",
        "-1          2 ✓  ·        1.00",
        "+1          ·    2 ✓      1.00",
        "precision  1.00 1.00",
        "",
    ]


def test_where_the_matrix_has_no_room_each_class_says_what_it_is_taken_for_the_worst_first() -> None:
    assert text(BIRDS, 70, 7)[4:] == [
        "true            samples  recall  precision  mostly taken for",
        "Chinstrap             4    0.75       0.75  1 ✗ Gentoo",
        "… 2 more, found at least as often",
    ]


def test_a_quantity_has_its_numbers_in_units_and_a_point_a_sample() -> None:
    rows = text(PRICES, 60, 14)
    assert rows[:3] == [
        "         samples      R²   RMSE in price   always the mean",
        "  test         2   0.750           12.50             25.50",
        "",
    ]
    assert rows[3] == "residual y − ŷ over ŷ, in price  • train  ∘ test"
    assert sum(row.count("∘") for row in rows[4:]) == 2
    assert any(row.lstrip().startswith("20") for row in rows[4:])


@each("view", [BIRDS, PRICES])
@each(("width", "height"), [(70, 20), (20, 6), (1, 1)])
def test_ascii_has_no_other_signs_at_any_size(view: ScoresView, width: int, height: int) -> None:
    assert "".join(text(view, width, height, glyphs=ASCII)).isascii()
