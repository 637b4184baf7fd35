"""However the app ends, it saves once, and says what it saved. Must not know how a file is written."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from textual.widgets import OptionList

from chainstep.tui.app import ChainstepApp
from chainstep.tui.files import saving
from chainstep.tui.files.store.reading import Run, list_runs
from chainstep.tui.files.store.writer import Writer
from chainstep.tui.terminal import process
from chainstep.tui.terminal.process import NOT_SAVED
from support.runs.saved import saved
from support.sessions import numbers_of

Opened = Callable[..., Any]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The steps at which a session was handed over to be written, when it did not save by itself."""
    monkeypatch.setattr(saving, "DELAY", 1_000.0)
    steps: list[int] = []

    def put(self: Writer, *given: Any, put: Callable[..., None] = Writer.put, **named: Any) -> None:
        steps.append(named["summary"].step)
        put(self, *given, **named)

    monkeypatch.setattr(Writer, "put", put)
    return steps


def kept(tmp_path: Path) -> tuple[Run, ...]:
    """The runs that are there."""
    return list_runs(tmp_path / "state" / "runs").runs


def told(ui: Any) -> tuple[int, list[str]]:
    """The exit status, and what is said."""
    lines: list[str] = []
    return ui.app.settle(lambda line: not lines.append(line)), lines


async def test_keys_signals_and_a_lost_terminal_together_save_once(
    opened: Opened, written: list[int], tmp_path: Path
) -> None:
    async with opened() as ui:
        await ui.press(*"]" * 5, "right", "right")
        for key in "qqqq":
            ui.app.simulate_key(key)
        ui.app.end(signal.SIGHUP)
        ui.app.lost()
        ui.app.end(signal.SIGTERM)
    assert written == [2]
    (run,) = kept(tmp_path)
    status, lines = told(ui)
    assert status == 128 + signal.SIGHUP
    assert lines == [f"lecture is saved at step 2: `chainstep resume {run.name}` opens it again"]
    assert numbers_of(saved()[0]) == numbers_of(ui.session)


async def test_a_key_alone_is_status_0(opened: Opened, written: list[int]) -> None:
    async with opened() as ui:
        await ui.press(*"]" * 5, "right", "q", "q")
    assert written == [1]
    assert told(ui)[0] == 0


async def test_an_exit_that_nobody_asked_for_saves(opened: Opened, written: list[int], tmp_path: Path) -> None:
    """As when the page of a browser is closed."""
    async with opened(steps=1_000_000) as ui:
        await ui.tap("space", lambda: ui.session.step > 3)
        ui.app.exit()
    assert written == [ui.session.step]
    assert numbers_of(saved()[0]) == numbers_of(ui.session)


async def test_an_end_before_anything_has_begun_leaves_nothing_behind(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    """As where a page is closed, or a link cut, with the first frame."""
    ready = ChainstepApp.on_ready

    def ended(app: ChainstepApp) -> None:
        ready(app)
        app.end(signal.SIGHUP)

    monkeypatch.setattr(ChainstepApp, "on_ready", ended)
    async with opened() as ui:
        pass
    assert told(ui) == (128 + signal.SIGHUP, [])
    gc.collect()
    assert [warning for warning in recwarn if "never awaited" in str(warning.message)] == []


async def test_what_loads_behind_the_first_frame_is_waited_for(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as ui:
        pass
    loaded = Event()
    ui.app.behind = Thread(target=loaded.wait, daemon=True)
    ui.app.behind.start()
    monkeypatch.setattr(process, "run", lambda *_: loaded.set() or 7)
    assert ui.app.run_to_end() == 7
    assert not ui.app.behind.is_alive()


async def test_where_nothing_was_done_nothing_is_kept_or_said(opened: Opened, tmp_path: Path) -> None:
    async with opened() as ui:
        await ui.press("down", "]", "d", "?", "escape", "q")
    assert told(ui) == (0, [])
    assert kept(tmp_path) == ()


async def test_what_could_not_be_saved_is_status_73(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    async with opened() as ui:
        await ui.press("right", "q")
    status, (line,) = told(ui)
    assert status == NOT_SAVED == 73
    assert line.startswith(f"the run could not be saved in {tmp_path / 'state' / 'runs'}: ")


async def test_a_signal_tells_its_number_though_nothing_could_be_saved(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    async with opened() as ui:
        await ui.press("right")
        ui.app.end(signal.SIGTERM)
    assert told(ui)[0] == 128 + signal.SIGTERM


async def test_it_saves_while_it_is_open(opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "DELAY", 0.0)
    async with opened() as ui:
        await ui.press("right")
        await ui.until(lambda: kept(tmp_path))
        await ui.press("+")
        await ui.until(lambda: saved()[0].settings.lr == ui.session.settings.lr)
        assert numbers_of(saved()[0]) == numbers_of(ui.session)
    assert len(kept(tmp_path)) == 1


async def test_what_cannot_be_saved_stays_open(opened: Opened, tmp_path: Path) -> None:
    async with opened() as ui:
        (tmp_path / "state").write_text("a file")
        await ui.press("right", "o")
        session = ui.session
        assert ui.app.screen.query_one(OptionList)
        await ui.press("down", "enter")
        await ui.until(lambda: any("this one stays open" in message for message in ui.messages))
        assert ui.session is session
        (tmp_path / "state").unlink()
        await ui.press("o", "down", "enter")
        await ui.until(lambda: ui.session is not session)
        assert numbers_of(saved()[0]) == numbers_of(session)
        await ui.press("right", "q")
    assert [run.header.what for run in kept(tmp_path)] == ["wonderland", "lecture"]
    assert told(ui)[1][0].startswith("wonderland is saved at step 0: ")
