"""The report on a user's table: it comes first, its guesses are changed by keys, and the session is on what it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.widgets import OptionList

from chainstep.tui.app import ChainstepApp
from chainstep.tui.dialogs.data.table_report import TableReport
from chainstep.tui.files.subjects.opening import on_table
from chainstep.tui.files.subjects.table import read_file

PROPOSED = "proposed target: y, t takes another"

Opened = Callable[..., Any]

ROWS = "a,b,city,y\n" + "".join(
    f"{k},{'' if k == 3 else k * k},{('Rome', 'Oslo', 'Bern')[k % 3]},{('no', 'yes')[k % 2]}\n" for k in range(40)
)


@pytest.fixture
def path(tmp_path: Path) -> str:
    path = tmp_path / "towns.csv"
    path.write_text(ROWS, encoding="utf-8")
    return str(path)


def listed(ui: Any) -> list[str]:
    return [" ".join(str(option.prompt).split()) for option in ui.app.screen.query_one(OptionList).options]


def shown(ui: Any) -> bool:
    return isinstance(ui.app.screen, TableReport) and bool(ui.app.screen.query_one(OptionList).options)


def lost(path: str) -> None:
    Path(path).unlink()


def made(ui: Any) -> bool:
    """Nothing is being prepared."""
    return not ui.app.screen._working


async def test_a_kind_and_the_target_are_changed_and_the_session_is_on_them(opened: Opened, path: str) -> None:
    async with opened() as ui:
        table = read_file(path)
        session, source = on_table(path, table.target, table.choices, table.prepared.data, {})
        await ui.app.go_over(session, source)
        await ui.app.tables.report(table)
        await ui.until(lambda: shown(ui))
        assert ui.told(".title") == f"towns.csv: 40 rows, 4 columns   {PROPOSED}"
        assert listed(ui)[3] == "▸ y target 2 classes: 2 different texts"
        await ui.press("home", "down", "t")
        await ui.until(lambda: made(ui))
        assert listed(ui)[1] == "▸ b target 1 a quantity: 39 different numbers"
        assert listed(ui)[3] == "● y yesno no or yes"
        await ui.press("down", "right")
        await ui.until(lambda: made(ui))
        assert listed(ui)[2] == "● city ordinal as you say"
        await ui.press("up", "up", "space", "down", "space")
        await ui.until(lambda: made(ui))
        assert listed(ui)[0] == "○ a number numbers; left out, as you say"
        assert ui.told(".error") == "column b is the target"
        await ui.press("w")
        assert ui.messages[-1].endswith("towns-cleaned.csv")
        await ui.press("enter")
        await ui.until(lambda: ui.app.screen is ui.train and ui.session is not session)
        data = ui.session.subject
        assert (data.target, data.features, data.classes) == ("b", ("city", "y"), ())
        assert ui.app.source.read().prepared.data.features == ("city", "y")


async def test_j_reads_the_file_again_and_escape_changes_nothing(opened: Opened, path: str) -> None:
    async with opened(size=(60, 15)) as ui:
        await ui.press("J")
        assert "lecture is no table of yours" in ui.messages[-1]
        table = read_file(path, "y")
        await ui.app.go_over(*on_table(path, "y", table.choices, table.prepared.data, {}))
        session = ui.session
        await ui.press("J")
        await ui.until(lambda: shown(ui))
        (box,) = ui.app.screen.query(".dialog")
        for part in (OptionList, "#heading", "#facts", ".error", ".keys"):
            assert box.region.contains_region(ui.app.screen.query_one(part).region)
        await ui.press("m", "escape")
        assert ui.app.screen is ui.train
        assert ui.session is session
        lost(path)
        await ui.press("J")
        await ui.until(lambda: "there is no such file" in ui.messages[-1])


async def test_a_rare_class_is_named_and_weighed_by_a_key(opened: Opened, tmp_path: Path) -> None:
    path = tmp_path / "rare.csv"
    path.write_text("a,b,y\n" + "".join(f"{k % 7},{k % 5},{('no', 'yes')[k % 10 == 0]}\n" for k in range(100)), "utf-8")
    async with opened() as ui:
        table = read_file(str(path), "y")
        await ui.app.go_over(*on_table(str(path), "y", table.choices, table.prepared.data, {}))
        session = ui.session
        await ui.press("J")
        await ui.until(lambda: shown(ui))
        told = " ".join(ui.told("#facts").split())
        assert told.startswith("yes is rare: 8 of 80 rows to train on, 10 %: b weighs samples by their class, yes 5")
        assert "b class weights" in ui.told(".keys")
        await ui.press("b")
        assert ui.told("#facts").startswith("samples weigh in the loss by their class: yes 5, no 0.556")
        await ui.press("enter")
        # The table is as it was: the session is the same, and has its knob turned.
        assert ui.session is session
        assert session.next_settings.class_weights
        await ui.press("right")
        assert session.run.stepper.program.coding.weights == (80 / 144, 5.0)
        await ui.press("J")
        await ui.until(lambda: shown(ui))
        assert ui.told("#facts").startswith("samples weigh")
        await ui.press("home", "t")
        await ui.until(lambda: made(ui))
        await ui.press("c")
        await ui.until(lambda: made(ui))
        await ui.press("b")
        assert ui.told(".error") == "class weights are for classes, and a is a number"
        await ui.press("enter")
        await ui.until(lambda: ui.app.screen is ui.train and ui.session is not session)
        assert not ui.session.settings.class_weights


async def test_a_file_is_reported_on_before_anything_else(path: str) -> None:
    table = read_file(path)
    session, source = on_table(path, table.target, table.choices, table.prepared.data, {})
    app = ChainstepApp(session, source, None, (), table)
    async with app.run_test(size=(120, 36)) as pilot:
        await app.workers.wait_for_complete()
        assert isinstance(app.screen, TableReport)
        await pilot.press("enter")
        assert app.screen is app.train
        assert app.runner.session is session


async def test_it_may_be_closed_while_it_is_made_anew(
    opened: Opened, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, made = Event(), TableReport._made
    monkeypatch.setattr(TableReport, "_made", lambda *edit: made(*edit) if closed.wait(10) else None)
    async with opened() as ui:
        await ui.app.tables.report(read_file(path))
        await ui.until(lambda: shown(ui))
        report = ui.app.screen
        await ui.press("space")
        await report.query("*").remove()  # as Textual does first, and ends its workers then
        closed.set()
        await ui.app.workers.wait_for_complete()
        assert ui.app.return_code is None
