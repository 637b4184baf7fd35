"""What a cell says: numbers with people's signs, and nothing. Knows single cells only."""

from __future__ import annotations

from chainstep.datasets.reading.cells import plain_number
from chainstep.datasets.reading.spellings import is_missing, written_number
from support.cases import each


@each(
    ("cell", "number"),
    [
        ("1,000", 1000.0),
        ("1,234,567.5", 1234567.5),
        ("5%", 5.0),
        ("-2.5 %", -2.5),
        ("$1.2", 1.2),
        ("-$3", -3.0),
        ("€ 20", 20.0),
        ("\u22124", -4.0),
        ("(7)", -7.0),
        ("12 000", 12000.0),
        ("12\u202f000", 12000.0),
        ("1e3", 1000.0),
    ],
)
def test_numbers_with_signs(cell: str, number: float) -> None:
    assert written_number(cell) == number


@each("cell", ["1,00", "1,0000", "12,34,567", "red", "", "1_000", "nan", "inf", "1e999", "007", "١"])
def test_what_is_no_number(cell: str) -> None:
    assert written_number(cell) is None
    assert plain_number(cell) is None


def test_the_other_sign_parts_thousands_where_commas_are_decimal() -> None:
    assert written_number("1.234,5", ",") == 1234.5
    assert plain_number("1.5", ",") is None


def test_nothing_in_its_usual_spellings() -> None:
    assert all(map(is_missing, ["", " ", "NA", "n/a", "?", "-", "null", "NaN", "None"]))
    assert not any(map(is_missing, ["0", "no", "x", "North America"]))
