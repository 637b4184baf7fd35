"""Plain numbers that are read many at once: just as they are one by one. Knows text only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.datasets.dataset import DataError
from chainstep.datasets.reading import records, table
from chainstep.datasets.reading.content import of_bytes
from chainstep.datasets.reading.plain import rows_of_numbers
from chainstep.datasets.reading.table import read_table
from support.cases import each

SIX = [1.0, 2.5, -3.0, 400.0, 0.5, 6.0]


@each(
    ("text", "delimiter"),
    [
        ("1,2.5,-3\n4e2,0.5,6\n", ","),
        ("1,2.5,-3\r\n4e2,0.5,6", ","),
        ("1;2.5; -3\n4E+2; .5 ;+6.\n", ";"),
        ("1\t2.5\t-3\r\n4e2\t0.5\t6\r\n", "\t"),
    ],
)
def test_lines_of_numbers(text: str, delimiter: str) -> None:
    found = rows_of_numbers(text, delimiter, 3)
    assert found is not None
    assert list(found) == SIX


@each(
    "line",
    ["1,2", "1,2,3,4", "1,2,3,", "1,,3", "1,x,3", "1,02,3", "1,-007,3", "1,2 2,3", "1,1e999,3", "1,-,3", "1,1_0,3"],
)
def test_lines_that_are_something_else(line: str) -> None:
    assert rows_of_numbers(f"1,2,3\n{line}\n", ",", 3) is None


CELLS = st.sampled_from(["1", "-2.5", ".5", "+1", "007", " 3", "4e2", "", "NA", "1e999", "x", '"a\nb"', '"1"', "−5"])


@given(
    rows=st.lists(st.tuples(CELLS, CELLS), max_size=30),
    odd=st.integers(0, 30),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_blocks_are_read_as_records_are(rows: list[tuple[str, str]], odd: int, ending: str) -> None:
    lines = ["a,b", "0,0", *("1.5,2" for _ in range(odd)), *map(",".join, rows), "8,9", "8,9"]
    text = ending.join(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "_SAMPLE", 1)
        patch.setattr(table, "_PIECE", 16)
        at_once = read_table(of_bytes(text.encode()))
        patch.setattr(records, "rows_of_numbers", lambda *_: None)
        one_by_one = read_table(of_bytes(text.encode()))
    for some, others in zip(at_once.columns, one_by_one.columns, strict=True):
        assert [*some.rows()] == [*others.rows()]


def test_a_line_behind_plain_ones_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_PIECE", 64)
    lines = ["a,b", *(f"{k},2" for k in range(400)), '"x', 'y",2', "1,2,3"]
    with pytest.raises(DataError, match=r"^row 404: 3 cells, but row 1 has 2$"):
        read_table(of_bytes("\n".join(lines).encode()))
