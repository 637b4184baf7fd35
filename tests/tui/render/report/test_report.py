"""The report on a table as pictures: columns, distribution, facts, and how they make do. Must not know widgets."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainstep.datasets.columns.choices import Choices
from chainstep.datasets.columns.preparation import Prepared
from chainstep.datasets.user_table import open_table
from chainstep.tui.render.report.columns import heading, rows
from chainstep.tui.render.report.distribution import Distribution, distribution
from chainstep.tui.render.style.glyphs import ASCII, UNICODE
from chainstep.tui.render.style.look import Look
from chainstep.tui.render.style.palette import Palette

LOOK = Look(Palette.dark(), UNICODE)

ROWS = "id,island_of_the_nest,mass,species\n" + "".join(
    f"{k + 1},{('Dream', 'Biscoe')[k % 2]},{'NA' if k == 5 else 3000 + k * k},{'AAAB'[k % 4]}\n" for k in range(40)
)


@pytest.fixture
def birds(tmp_path: Path) -> Path:
    path = tmp_path / "birds.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def columns(prepared: Prepared, width: int, look: Look = LOOK) -> list[str]:
    lines = [heading(prepared.columns, width, look), *rows(prepared.columns, width, look)]
    assert all(line.cell_len <= width for line in lines)
    return [line.plain.rstrip() for line in lines]


def drawn(prepared: Prepared, width: int, height: int, look: Look = LOOK) -> list[str]:
    lines = distribution(Distribution.of(prepared.data), width, height, look)
    assert len(lines) <= height
    assert all(line.cell_len <= width for line in lines)
    return [line.plain.rstrip() for line in lines]


def test_columns_say_what_they_were_taken_for_and_why(birds: Path) -> None:
    prepared = open_table(birds, "species", Choices(drop=("mass",)))
    assert columns(prepared, 70) == [
        "  column              taken for missing  why",
        "○ id                  index              it counts the rows; left out",
        "● island_of_the_nest  category           2 categories",
        "○ mass                number          1  numbers; left out, as you say",
        "▸ species             target             2 classes: 2 different texts",
    ]
    assert columns(prepared, 51)[2] == "● i_of_the_nes  category           2 categories"
    assert columns(prepared, 70, Look(Palette.dark(), ASCII))[2].isascii()


def test_columns_fit_any_width(birds: Path) -> None:
    prepared = open_table(birds, None)
    assert all(len(columns(prepared, width)) == 5 for width in range(1, 120))


def test_classes_are_bars_beside_their_counts(birds: Path) -> None:
    prepared = open_table(birds, "species")
    assert drawn(prepared, 40, 4) == [
        "A ██████████████████████████ 29  74.4 %",
        "B █████████                  10  25.6 %",
    ]
    assert drawn(prepared, 40, 1) == ["and 2 more classes: 39 rows"]
    assert drawn(prepared, 40, 0) == []


def test_a_quantity_is_a_histogram_between_its_ends(birds: Path) -> None:
    tall, low = drawn(open_table(birds, "mass"), 40, 2)
    assert low.startswith("3000 █")
    assert low.endswith(" 4521")
    # Squares lie closest together where they are small.
    assert tall.strip() == "█▁"
    assert tall.index("█") == low.index("█")
    assert drawn(open_table(birds, "mass"), 40, 2, Look(Palette.dark(), ASCII))[1].isascii()
