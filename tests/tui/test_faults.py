"""Whatever goes wrong in the app: the run is saved, a line says where it is and where the fault is reported. Must not
know how a file is written.
"""

from __future__ import annotations

import asyncio
import signal
import stat
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from textual.css.query import NoMatches
from textual.events import MouseDown
from textual.worker import WorkerFailed

from chainstep.engine.training.archive.archive import Archive
from chainstep.tui.dialogs.program.help import Help
from chainstep.tui.files import reports, saving
from chainstep.tui.panes.text.chain_rule import ChainRulePane
from support.runs.saved import saved
from support.screen.processes import forked
from support.screen.terminal import RIGHT, Terminal
from support.sessions import numbers_of

Opened = Callable[..., Any]


class BrokenError(Exception):
    """What a fault of our own raises."""


def breaks(*_: object, **__: object) -> Any:
    raise BrokenError("as a\x1b[2J test")


@asynccontextmanager
async def failing(opened: Opened) -> AsyncIterator[Any]:
    """The app, until a fault has ended it."""
    with suppress(BrokenError, WorkerFailed):
        async with opened() as ui:
            yield ui
            async with asyncio.timeout(20):
                await ui.app._exception_event.wait()
    assert ui.app._exception is not None


def told(ui: Any) -> tuple[int, list[str]]:
    """The exit status, and what is said."""
    lines: list[str] = []
    return ui.app.settle(lambda line: not lines.append(line)), lines


async def in_a_pane(ui: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ChainRulePane, "draw", breaks)
    ui.app.simulate_key("right")


async def in_a_dialog(ui: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Help, "compose", breaks)
    ui.app.simulate_key("question_mark")


async def in_a_key(ui: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(ui.train), "action_goto", breaks)
    ui.app.simulate_key("g")


async def in_a_timer(ui: Any, _: pytest.MonkeyPatch) -> None:
    ui.train.set_timer(0.01, breaks)


async def in_a_worker(ui: Any, _: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        breaks()

    ui.train.run_worker(work())


async def in_a_thread_of_its_own(ui: Any, _: pytest.MonkeyPatch) -> None:
    ui.train.run_worker(breaks, thread=True)


async def in_a_callback_of_the_loop(ui: Any, _: pytest.MonkeyPatch) -> None:
    asyncio.get_running_loop().call_soon(breaks)


async def in_the_engine_while_it_plays(ui: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui.session.run, "advance", breaks)
    ui.app.simulate_key("space")


@pytest.mark.parametrize(
    "fault",
    [
        in_a_pane,
        in_a_dialog,
        in_a_key,
        in_a_timer,
        in_a_worker,
        in_a_thread_of_its_own,
        in_a_callback_of_the_loop,
        in_the_engine_while_it_plays,
    ],
)
async def test_a_fault_saves_and_says_so_in_a_line(
    fault: Callable[..., Any], opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with failing(opened) as ui:
        await ui.press(*"]]]]]", "right", "right")
        await fault(ui, monkeypatch)
    status, (line,) = told(ui)
    (report,) = reported(tmp_path)

    assert status == 70
    assert line.isprintable()
    assert line.startswith(r"a fault of chainstep's own, BrokenError: as a\x1b[2J test, is reported in ")
    assert str(report) in line
    assert "`chainstep resume lecture-" in line
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert "Traceback (most recent call last)" in report.read_text()
    assert numbers_of(saved()[0]) == numbers_of(ui.session)
    assert saved()[0].step >= 2


def reported(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "state" / "faults").iterdir())


async def test_a_session_that_a_fault_has_broken_stays_as_it_was_saved_before(opened: Opened) -> None:
    async with failing(opened) as ui:
        await ui.press(*"]]]]]", "right", "plus")
        await ui.until(lambda: ui.app.saver._timer is None)
        assert ui.app.saver.flush() is None
        before = numbers_of(ui.session)
        ui.session.run.state.step = 7
        ui.app.saver.changed()
        asyncio.get_running_loop().call_soon(breaks)
    assert numbers_of(saved()[0]) == before
    status, (line,) = told(ui)
    assert (status, "is saved at step 1" in line) == (70, True)


async def test_a_signal_behind_a_fault_changes_nothing(opened: Opened) -> None:
    async with failing(opened) as ui:
        await ui.press("right")
        asyncio.get_running_loop().call_soon(breaks)
        await ui.app._exception_event.wait()
        ui.app.end(signal.SIGTERM)
    assert told(ui)[0] == 70


async def test_a_session_that_cannot_be_written_down_is_a_fault_like_others(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Archive, "changes", breaks)
    async with failing(opened) as ui:
        await ui.press("plus")
    status, (line,) = told(ui)
    assert status == 70
    assert line.endswith("; the run could not be saved: the fault is in it")


async def test_where_nothing_that_opens_again_was_ever_saved_it_is_said(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "DELAY", 1_000.0)
    async with failing(opened) as ui:
        await ui.press("right")
        ui.session.run.state.step = 7
        asyncio.get_running_loop().call_soon(breaks)
    status, (line,) = told(ui)
    assert status == 70
    assert line.endswith("; the run could not be saved: the fault is in it")


def test_few_reports_are_kept_and_no_two_are_one(tmp_path: Path) -> None:
    for _ in range(reports.KEPT + 3):
        assert "is reported in" in reports.reported(BrokenError("again"))
    assert len(reported(tmp_path)) == reports.KEPT


def test_a_fault_that_cannot_be_reported_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    assert reports.reported(BrokenError()) == "a fault of chainstep's own, BrokenError, could not be reported"


FAULTY = """
import sys
from chainstep.tui import app
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.panes.text.chain_rule import ChainRulePane
drawn = ChainRulePane.draw
def draw(self, *given):
    if self.snapshot is not None and self.snapshot.position.op > 1:
        return {}[0]
    return drawn(self, *given)
ChainRulePane.draw = draw
sys.exit(app.ChainstepApp(*open_subject("lecture")).run_to_end())
"""
"""The app, with a pane that cannot draw the second op."""


def test_a_terminal_is_restored_and_shows_one_line(tmp_path: Path) -> None:
    with Terminal([sys.executable, "-P", "-c", FAULTY], size=(300, 40), start=forked) as terminal:
        terminal.read_until("? help")
        terminal.send(RIGHT + RIGHT)
        assert terminal.wait() == 70
        assert terminal.leftovers() == []
        (line,) = (row for row in terminal.screen() if row)
    (report,) = reported(tmp_path)
    assert line.startswith(f"chainstep: a fault of chainstep's own, KeyError: 0, is reported in {report}; lecture is")
    assert (saved()[0].step, saved()[0].op) == (0, 2)


async def test_what_is_taken_apart_already_is_missed_by_nobody_who_leaves(opened: Opened) -> None:
    async with opened() as ui:
        ui.app.exit(return_code=0)
        ui.app._handle_exception(NoMatches("nothing is left of it"))
        ui.app._handle_exception(WorkerFailed(NoMatches("nor for what works beside it")))
    assert (ui.app.return_code, ui.app._exception) == (0, None)


async def test_a_press_on_what_is_gone_but_still_painted_is_nobodys(opened: Opened) -> None:
    async with opened() as ui:
        pane = ui.train.query_one(ChainRulePane)
        x, y = pane.region.center
        press = MouseDown(None, int(x), int(y), 0, 0, 1, False, False, False)
        parent = pane.parent
        pane._detach()
        assert ui.app.get_widget_at(int(x), int(y))[0] is pane
        await ui.app.on_event(press)
        assert ui.app.screen._select_state is None
        pane._attach(parent)
        await ui.app.on_event(press)
        assert ui.app.screen._select_state is not None
