"""What a kiosk allows, and that nothing on the screen leads elsewhere: no key, no word, no click. Must not know how
it is held below the screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.actions import parse
from textual.widgets import Input, OptionList

from chainstep.tui import app
from chainstep.tui.app import ChainstepApp
from chainstep.tui.classroom.kiosk.kiosk import Kiosk
from chainstep.tui.commands import ENTRIES, EVERYTHING, FILES, SCREENS, SESSION, entries, footer, methods, sections
from chainstep.tui.dialogs.data.table_report import TableReport
from chainstep.tui.dialogs.program.examples import Examples
from chainstep.tui.dialogs.program.finder import Finder
from chainstep.tui.files.subjects.opening import on_table
from chainstep.tui.files.subjects.table import read_file

Opened = Callable[..., Any]

FORBIDDEN = {"export", "sweep", "run_again", "suspend", "share", "follow", "ask_followers"}
"""The rows of the registry that reach more than the session."""


def test_every_command_says_what_it_reaches_and_a_kiosk_has_those_of_the_session_alone() -> None:
    allowed = Kiosk("anna").allowed
    assert allowed == {SESSION} < EVERYTHING
    assert {entry.reaches for entry in ENTRIES} <= EVERYTHING
    assert {entry.id for entry in ENTRIES if entry.reaches not in allowed} == FORBIDDEN
    may, not_ = methods(allowed)
    assert not may & not_, "an action is allowed or it is not"
    assert methods(EVERYTHING)[1] == frozenset()
    for screen in SCREENS:
        for found in (
            entries(screen, allowed),
            footer(screen, allowed=allowed),
            footer(screen, script=True, allowed=allowed),
            [entry for _, some in sections(screen, "parameters", allowed) for entry in some],
        ):
            assert found
            assert not FORBIDDEN & {entry.id for entry in found}


@pytest.fixture
def admitted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens the app opens a kiosk."""
    begin = ChainstepApp.__init__

    def admit(made: ChainstepApp, *arguments: Any, **named: Any) -> None:
        begin(made, *arguments, **named)
        made.admit(Kiosk("anna"))

    monkeypatch.setattr(ChainstepApp, "__init__", admit)


def below(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_no_key_no_word_and_no_click_leads_out(admitted: None, opened: Opened, tmp_path: Path) -> None:
    async with opened("xor", size=(120, 36)) as ui:
        away = [entry for entry in ENTRIES if entry.id in FORBIDDEN]
        keys = {key for entry in away for key in entry.keys.split(",")}
        assert not keys & set(ui.app.screen.active_bindings)
        assert {"right", "o", "q"} <= set(ui.app.screen.active_bindings)
        await ui.press("P", "f4", "f5", "ctrl+z", "x", "P", "x")
        for action in [*(entry.action for entry in away), "export", "app.export", f"app.screenshot('a', '{tmp_path}')"]:
            assert not await ui.app.stage.run_action(action), action
            assert not await ui.app.run_action(action), action
        assert ui.messages == []
        await ui.press("ctrl+p", *"save picture")
        assert isinstance(ui.app.screen, Finder)
        assert "no command here" in str(ui.app.screen.query_one(OptionList).get_option_at_index(0).prompt)
    assert below(tmp_path) <= {"state"}


async def test_what_is_typed_is_no_markup(opened: Opened) -> None:
    """Where Textual reads markup, `[@click=app.screenshot]` is a link to an action that writes a file."""
    async with opened(size=(80, 24)) as ui:
        await ui.press("ctrl+p")
        ui.app.screen.query_one(Input).value = "[@click=app.bell]zz[/]"
        await ui.pilot.pause()
        found = ui.app.screen.query_one(OptionList)
        assert ui.text(found)[0].strip() == "no command here has '[@click=app.bell]zz[/]'"


async def test_a_table_is_not_written(admitted: None, quick: None, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("a,b\n" + "".join(f"{n},{n * n}.5\n" for n in range(40)))
    table = read_file(str(file), None)
    session, source = on_table(str(file), table.target, table.choices, table.prepared.data, {})
    app = ChainstepApp(session, source, table=table)
    async with app.run_test(size=(120, 36)) as pilot:
        while not isinstance(app.screen, TableReport):
            await pilot.pause()
        assert TableReport.REACHES == {"write": FILES}
        assert "w write" not in str(app.screen.query_one(".keys").render())
        assert "w" not in app.screen.active_bindings
        await pilot.press("w")
        await pilot.pause()
    assert below(tmp_path) <= {"own.csv", "state"}


def test_what_one_action_leads_to_is_allowed_where_that_is() -> None:
    assert {parse(entry.action)[0] for entry in ENTRIES} == {"", "app"}
    sources = (path.read_text(encoding="utf-8") for path in Path(app.__file__).parent.rglob("*.py"))
    led = {name for source in sources for name in re.findall(r'app\.run_action[(,] ?"(\w+)"', source)}
    assert {"train", "trace", "fork_off"} <= led <= methods(Kiosk("anna").allowed)[0] | app._HARMLESS


async def test_where_there_is_no_command_line_a_run_is_opened_again_by_o(admitted: None, opened: Opened) -> None:
    async with opened(size=(100, 30)) as ui:
        await ui.press("]", "right")
        stood = ui.session.op
        await ui.press("o", "end", "enter")
        await ui.until(lambda: ui.session.subject.name != "lecture")
        assert ui.app.saver.name is None, "nothing has been done in this one"
        await ui.press("o")
        await ui.until(lambda: isinstance(ui.app.screen, Examples))
        options = ui.app.screen.query_one(OptionList)
        await ui.until(lambda: ui.told(".title") == "Choose an example, or a run of yours")
        told = str(options.get_option_at_index(options.option_count - 1).prompt)
        assert re.fullmatch(r"a run lecture, step 0, saved [\d :-]+", " ".join(told.split()))
        await ui.press("end", "enter")
        await ui.until(lambda: ui.session.subject.name == "lecture")
        assert ui.session.op == stood > 1
        assert str(ui.app.saver.name).startswith("lecture-")
        assert ui.app.saver.last_words == ""
        await ui.press("right")
        await ui.press("q")
    assert ui.app.saver.last_words == "lecture is saved at step 0: o opens it again"
    said = list[str]()
    ui.app.failed(MemoryError())
    assert ui.app.settle(lambda line: bool(said.append(line))) == 70
    assert said[0].startswith("all the memory that it may take is used up; lecture is saved at step 0")
