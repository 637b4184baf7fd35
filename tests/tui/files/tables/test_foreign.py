"""Parquet and Excel files become the tables that the same cells as text are. Needs the extras; without them, a line."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from chainstep.datasets.dataset import DataError
from chainstep.tui.files.subjects.table import read_file
from chainstep.tui.files.tables.opening import read

NAMES = ["n", "kind", "when", "y"]
ROWS = [[1.5, "red", date(2020, 1, 31), True], [None, "blue", date(2020, 2, 1), False], [3.0, None, None, True]]
CELLS = [["1.5", "red", "2020-01-31", "True"], ["", "blue", "2020-02-01", "False"], ["3", "", "", "True"]]


def parquet(path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = dict(zip(NAMES, zip(*ROWS, strict=True), strict=True))
    parquet.write_table(pyarrow.table({name: list(cells) for name, cells in columns.items()}), path)


def excel(path: Path) -> None:
    book = pytest.importorskip("openpyxl").Workbook()
    for row in (NAMES, *ROWS):
        book.active.append(row)
    book.save(path)


@pytest.mark.parametrize(("write", "name"), [(parquet, "t.parquet"), (excel, "t.xlsx")])
def test_the_same_table_as_text(tmp_path: Path, write: object, name: str) -> None:
    assert callable(write)
    write(tmp_path / name)
    told: list[int] = []
    table = read(str(tmp_path / name), progress=told.append)

    assert told == [(tmp_path / name).stat().st_size] * (name == "t.parquet")  # of Excel's rows, of each 4,096
    assert list(table.header.names) == NAMES
    assert [list(row) for row in zip(*(column.rows() for column in table.columns), strict=True)] == CELLS
    made = read_file(str(tmp_path / name), "y").prepared
    assert [column.kind for column in made.columns] == ["number", "category", "date", "target"]
    assert made.data.classes == ("false", "true")


@pytest.mark.parametrize(
    ("name", "module", "message"),
    [
        ("t.parquet", "pyarrow", "Parquet files need an extra: pip install 'chainstep[parquet]'"),
        ("t.xlsx", "openpyxl", "Excel files need an extra: pip install 'chainstep[excel]'"),
        ("t.xls", "", "this is an Excel file of before 2007; save it as .xlsx, or as CSV"),
    ],
)
def test_without_its_extra_a_line_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, message: str
) -> None:
    monkeypatch.setitem(sys.modules, module or "none", None)
    path = tmp_path / name
    path.write_bytes(b"PK")

    with pytest.raises(DataError) as caught:
        read_file(str(path), "y")
    assert str(caught.value) == f"{path}: {message}"


@pytest.mark.parametrize("name", ["t.parquet", "t.xlsx"])
def test_what_is_damaged_or_not_there_is_a_line(tmp_path: Path, name: str) -> None:
    pytest.importorskip("pyarrow" if name == "t.parquet" else "openpyxl")
    with pytest.raises(DataError, match="there is no such file"):
        read(str(tmp_path / name))
    (tmp_path / name).write_bytes(b"a,b\n1,2\n2,3\n")
    with pytest.raises(DataError, match="the file is damaged: this is no "):
        read(str(tmp_path / name))
