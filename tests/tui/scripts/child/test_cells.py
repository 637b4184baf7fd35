"""A notebook's cells become Python. Must not know how they are run."""

from __future__ import annotations

import json

import pytest

from chainstep.tui.scripts.child.cells import Cell, NotebookError, cells, pieces, without_magics
from support.cases import each


@each(
    ("text", "python"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("if x:\n    !ls {x}\n    y = !pwd", "if x:\n    pass\n    y = None"),
        ("x = (7\n% 4)", "x = (7\n% 4)"),
        ('s = """\n%no magic\n"""', 's = """\n%no magic\n"""'),
        ("%%time\nx = 1", "\nx = 1"),
        ("%%html\n<b>\n", "\n\n"),
        ("list?\n?list", "pass\npass"),
        ("x = = 1", "x = = 1"),
    ],
)
def test_magics_are_left_out(text: str, python: str) -> None:
    assert without_magics(text) == python


def test_code_cells_are_counted() -> None:
    book = {
        "cells": [
            {"cell_type": "markdown", "source": "# x"},
            {"cell_type": "code", "source": ["a = 1\n", "b = 2"]},
            {"cell_type": "code", "source": "c"},
        ]
    }

    assert list(cells(json.dumps(book))) == [Cell(1, "a = 1\nb = 2"), Cell(2, "c")]
    for text in ("", "[]", '{"cells": 3}', '{"cells": [{"cell_type": "code", "source": {}}]}', "[" * 3_000):
        with pytest.raises(NotebookError):
            list(cells(text))


def test_each_import_is_a_piece_and_the_last_expression_is_shown() -> None:
    parts = pieces(Cell(1, "x = 1\ny = 2\nimport a, b\nz = 3\nz"), "cell 1")

    assert [(len(part.tree.body), part.imports, part.shown) for part in parts] == [
        (2, False, False),
        (1, True, False),
        (1, False, False),
        (1, False, True),
    ]
    assert not any(part.shown for part in pieces(Cell(1, "z;"), "cell 1"))
