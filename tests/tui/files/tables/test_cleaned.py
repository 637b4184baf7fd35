"""The cleaned table: what was learnt from, in its own units, for other programs."""

from __future__ import annotations

import csv
from pathlib import Path

from chainstep.datasets.columns.choices import Choices
from chainstep.datasets.user_table import open_table
from chainstep.tui.files.tables.cleaned import cleaned, write_cleaned


def test_features_are_in_their_units_without_gaps_and_the_part_is_said(tmp_path: Path) -> None:
    path = tmp_path / "towns.csv"
    rows = "".join(f"{k / 10},{'NA' if 3 <= k < 7 else 'abc'[k % 3]},{['no', 'yes'][k % 2]}\n" for k in range(20))
    path.write_text(f"size,city,y\n{rows}", encoding="utf-8")
    data = open_table(path, "size", Choices(missing="fill")).data
    head, *table = cleaned(data)

    assert list(head) == ["city=a", "city=b", "city=c", "y", "city missing", "size", "part"]
    assert [row[-1] for row in table] == ["train"] * 16 + ["test"] * 4
    assert {row[5] for row in table} == {f"{k / 10:.12g}" for k in range(20)}
    gaps = [row[:3] for row in table if row[4] == "1"]
    assert gaps == [["0", "0", "0"]] * 4
    assert sorted(row[5] for row in table if row[4] == "1") == ["0.3", "0.4", "0.5", "0.6"]

    first, second = write_cleaned(tmp_path, data), write_cleaned(tmp_path, data)
    assert (first.name, second.name) == ("towns-cleaned.csv", "towns-cleaned-2.csv")
    with first.open(encoding="utf-8", newline="") as file:
        assert [*csv.reader(file)] == [[*head], *table]
