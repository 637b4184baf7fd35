"""What a column can be taken for, as somebody may want to try."""

from __future__ import annotations

from collections.abc import Iterable

from chainstep.datasets.columns.selection import possible_kinds
from chainstep.datasets.reading.cells import Column
from support.cases import each


@each(
    ("cells", "kinds"),
    [
        (["1", "2", "3"], ("number", "category", "ordinal")),
        (["0", "", "1"] * 70, ("number", "category", "ordinal", "yesno")),
        (map(str, range(200)), ("number",)),
        (["no", "yes", "NA"], ("category", "ordinal", "yesno")),
        (["2024-01-01", "2024-02-01", "2024-03-01"], ("category", "ordinal", "date")),
        ((f"name {k}" for k in range(200)), ()),
    ],
)
def test_possible_kinds(cells: Iterable[str], kinds: tuple[str, ...]) -> None:
    column = Column()
    column.extend([*cells])
    assert possible_kinds(column) == kinds
