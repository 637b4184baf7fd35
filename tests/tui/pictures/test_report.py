"""The report on a user's table: of classes, with gaps and texts, and of a quantity. Knows the bundled tables; must not
know how a report is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.widgets import OptionList

from chainstep import datasets
from chainstep.tui.files.subjects.opening import on_table
from chainstep.tui.files.subjects.table import read_file
from support.screen.drawing import spelt, strips_of
from support.screen.geometry import faults

Opened = Callable[..., Any]

SIZES = ((120, 36), (80, 24))

TABLES = {"report_classes": ("penguins.csv", "species"), "report_quantity": ("geyser.csv", None)}


@pytest.mark.parametrize("name", TABLES)
async def test_the_report_at_every_size(
    opened: Opened, name: str, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    file, target = TABLES[name]
    table = read_file(str(Path(datasets.__file__).parent / "data" / file), target)
    session, source = on_table(table.table.path, table.target, table.choices, table.prepared.data, {})
    async with opened(size=SIZES[0]) as ui:
        await ui.app.go_over(session, source)
        await ui.app.tables.report(table)
        for width, height in SIZES:
            await ui.pilot.resize_terminal(width, height)
            await ui.until(lambda: ui.app.screen.query(OptionList) and ui.app.screen._compositor.size == ui.app.size)
            await ui.pilot.pause()
            assert faults(ui.app.screen) == []
            assert spelt(strips_of(ui.app), ui.app.current_theme) == snapshot(name=f"{width}x{height}")
