"""What a column is taken for. Knows cells and names only."""

from __future__ import annotations

from chainstep.datasets.columns.kinds import Found, kind_of, values
from chainstep.datasets.reading.cells import Column
from support.cases import each


def column(*cells: str) -> Column:
    made = Column()
    made.extend(cells)
    return made


def found(*cells: str, name: str = "a", unnamed: bool = False) -> Found:
    return kind_of(column(*cells), name, unnamed=unnamed)


LETTERS = "abcdefghijklmnopqrstuvwxyz"


@each(
    ("cells", "kind", "missing"),
    [
        (("1", "2.5", "-3"), "number", 0),
        (("1,000", "5%", "$1.2", "\u22124"), "number", 0),
        (("1", "NA", "?", ""), "number", 3),
        ((*map(str, range(30)), "n.b."), "number", 1),
        (("red", "blue", "red"), "category", 0),
        (("1", "2", "many", "2"), "category", 0),
        (("True", "FALSE", "false", "NA"), "yesno", 1),
        (("yes", "no", "No"), "yesno", 0),
        (("2020-01-31", "2020-02-01"), "date", 0),
        (("31/12/2020", "01/02/2021"), "date", 0),
        (tuple(f"{letter}{letter}" for letter in LETTERS), "identifier", 0),
        (tuple(f"{letter} is a letter that some words begin with" for letter in LETTERS), "text", 0),
        (("", "NA", "?"), "text", 3),
        (("01234", "90210", "90210", "01234"), "category", 0),
    ],
)
def test_by_its_cells(cells: tuple[str, ...], kind: str, missing: int) -> None:
    assert (found(*cells).kind, found(*cells).missing) == (kind, missing)


def test_by_its_name_where_the_cells_leave_it_open() -> None:
    years = [str(2000 + k) for k in range(20)]
    assert found(*years, name="year").kind == "number"
    assert found(*map(str, range(5)), name="a").kind == "number"
    assert found(*map(str, range(5)), unnamed=True).kind == "index"
    assert found("Ann", "Bob", "Cid", unnamed=True).kind == "index"
    assert found("7", "3", "12", unnamed=True).kind == "index"
    assert found("7", "3", "7", unnamed=True).kind == "number"
    assert found(*(str(7 * k % 23) for k in range(20)), name="PassengerId").kind == "identifier"
    assert found(*(str(7 * k % 23) for k in range(20)), name="humid").kind == "number"


def test_slips_among_numbers_are_named() -> None:
    assert found(*map(str, range(30)), "n.b.").why == "numbers, but for 1 cell such as 'n.b.'"


def test_values_are_the_numbers_of_all_spellings() -> None:
    assert list(values(column("1", "2,000", "5%")))[:3] == [1.0, 2000.0, 5.0]
    assert values(column("1", "NA"))[1] != values(column("1", "NA"))[1]


def test_what_is_the_same_everywhere_is_constant() -> None:
    assert found("3", "3").constant
    assert not found("3", "4").constant
