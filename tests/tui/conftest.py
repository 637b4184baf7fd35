"""What the tests of the screen share: the app under a pilot, and what stands on it. Must not know any pane."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from textual import _callback
from textual.css.model import RuleSet
from textual.css.query import NoMatches
from textual.css.stylesheet import Stylesheet
from textual.geometry import Region
from textual.message import Message
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.tui.app import ChainstepApp
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.panes.arrangement.arrangement import Arrangement
from chainstep.tui.panes.strip_pane import StripPane
from chainstep.tui.screens.saying import Saying
from chainstep.tui.screens.trace import TraceScreen
from chainstep.tui.screens.train import TrainScreen
from support.lessons.taught import beside
from support.screen.drawing import paint_first_and_last, painted


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs are kept, and files are looked for, in a folder of the test's own; the terminal is as most are."""
    monkeypatch.setenv("CHAINSTEP_STATE", str(tmp_path / "state"))
    # Whoever uses most of them knows the first minute.
    monkeypatch.setattr("chainstep.tui.files.coached.coached", lambda: True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for sockets: its path is short enough for them."""
    folder = Path(tempfile.mkdtemp())
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setattr("chainstep.tui.classroom.sockets.RUNTIME", str(folder / "none"))
    monkeypatch.setattr("chainstep.tui.classroom.sockets.TEMPORARY", str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session", autouse=True)
def parsed_once() -> Iterator[None]:
    """A style sheet is parsed for the first app that has it, as Textual itself does within an app."""
    parse, known = Stylesheet._parse_rules, {}

    def parsed(sheet: Stylesheet, *source: Any, **place: Any) -> list[RuleSet]:
        key = (source, *place.items(), *sheet._variables.items())
        if key not in known:
            known[key] = parse(sheet, *source, **place)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parsed)
        yield


@pytest.fixture(scope="session", autouse=True)
def counted_once() -> Iterator[None]:
    """Textual counts the parameters of what it calls, and of each closure and method anew, though the code is one."""
    count, known = _callback._count_parameters, dict[tuple[CodeType, bool], int]()

    def counted(function: Callable[..., object]) -> int:
        code = getattr(function, "__code__", None)
        if code is None or hasattr(function, "__wrapped__"):
            return count(function)
        key = (code, hasattr(function, "__self__"))
        if key not in known:
            known[key] = count(function)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_callback, "_count_parameters", counted)
        yield


@pytest.fixture(scope="session", autouse=True)
def found_once() -> Iterator[None]:
    """For each message Textual goes through all classes of whoever gets it; which of them hear of it stays the same."""
    find, known = MessagePump._get_dispatch_methods, dict[tuple[type, type, str], list[tuple[type, str]] | None]()

    def hearing(pump: MessagePump, name: str, message: Message) -> Iterator[tuple[type, Any]]:
        key = type(pump), type(message), name
        if key not in known:
            known[key] = _hearing(*key)
        hear = known[key]
        if hear is None:
            yield from find(pump, name, message)
            return
        for cls, own in hear:
            if message._no_default_action:
                break
            # A test may have put another one in its place.
            method = vars(cls).get(own)
            if method is not None:
                yield cls, method.__get__(pump, cls)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MessagePump, "_get_dispatch_methods", hearing)
        yield


def _hearing(pump: type, message: type, name: str) -> list[tuple[type, str]] | None:
    """The classes with a handler and what each calls it; None where one is decorated, and asks who has sent it."""
    classes = [vars(cls) for cls in pump.__mro__]
    if any(sent in found.get("_decorated_handlers", ()) for found in classes for sent in message.__mro__):
        return None
    own = [next((one for one in (f"_{name}", name) if found.get(one)), "") for found in classes]
    pairs = zip(pump.__mro__, own, strict=True)
    return [(cls, one) for cls, one in pairs if one and not getattr(vars(cls)[one], "_textual_on", None)]


class Ui:
    """The app with hands on its keys and eyes on its screen."""

    def __init__(self, app: ChainstepApp, pilot: Pilot[None], messages: list[str]) -> None:
        self.app = app
        self.pilot = pilot
        self.messages = messages
        """What the app has said, oldest first."""

    @property
    def train(self) -> TrainScreen:
        return self.app.train

    @property
    def trace(self) -> TraceScreen:
        """The Trace screen, while it is shown."""
        stage = self.app.stage
        assert isinstance(stage, TraceScreen)
        return stage

    @property
    def session(self) -> Session:
        return self.app.runner.session

    @property
    def snapshot(self) -> Snapshot:
        snapshot = self.app.stage.snapshot
        assert snapshot is not None
        return snapshot

    @property
    def alone(self) -> str:
        """The pane that is shown where there is room for one."""
        return self.train.query_one(Arrangement).alone

    async def press(self, *keys: str) -> None:
        """Press keys: one character each, or Textual's name of a key. Each has led where it leads before the next one
        comes, on a busy machine, too: a key means something else where a movement is under way.
        """
        for key in keys:
            await self.app._press_keys([key])
            if self.app.runner.working:
                await self.until(lambda: not self.app.runner.working)
        await self.pilot._wait_for_screen()

    async def tap(self, key: str, true: Callable[[], object]) -> None:
        """Press a key by its name until it shows, without waiting for the app to be idle: one that plays never is."""
        self.app.simulate_key(key)
        await self.until(true)

    async def type(self, text: str) -> None:
        """Type into a prompt, over what it proposes, and confirm."""
        await self.press(*text, "enter")

    async def until(self, true: Callable[[], object]) -> None:
        """Wait for something to become true, and for the panes to have drawn it."""
        deadline = time.monotonic() + 20
        if not _seen(true):
            while not _seen(true):
                self._check(deadline, f"{true} never came true")
                # Not a pilot's pause at each look: all widgets answer it, and it costs as much work as a frame.
                await asyncio.sleep(0.002)
            await self.pilot.pause(0)
        while stale := [pane for pane in self.app.stage.query(StripPane) if pane.is_running and pane._stale]:
            self._check(deadline, f"{stale} never drew")
            await self.pilot.pause(0)

    def _check(self, deadline: float, otherwise: str) -> None:
        """An app that has failed does nothing more: it says why, and not only that it was waited for."""
        if self.app._exception is not None:
            raise self.app._exception
        assert time.monotonic() < deadline, otherwise

    def region(self, pane: str) -> Region:
        """Where a pane is on the screen; empty where it is not shown, or is yet to be made."""
        return next((found.region for found in self.app.stage.query(f"#{pane}")), Region())

    def rows(self, pane: str) -> list[str]:
        """The rows of a widget of the screen that is shown, by its id."""
        return self.text(self.app.stage.query_one(f"#{pane}"))

    def line(self, pane: str) -> str:
        """All rows of a widget as one text with single blanks."""
        return " ".join(" ".join(self.rows(pane)).split())

    def told(self, where: str) -> str:
        """The words at a place of the dialog that is shown, by its selector."""
        return str(self.app.screen.query_one(where, Static).content)

    @staticmethod
    def text(widget: Widget) -> list[str]:
        if isinstance(widget, StripPane):  # as a paint does: it draws what is yet to be drawn in its size
            return [strip.text for strip in widget.render_lines(widget.size.region)]
        return [widget.render_line(y).text for y in range(widget.size.height)]


def _seen(true: Callable[[], object]) -> object:
    """Whether it is true; not yet, where it looks for what is still to be mounted."""
    try:
        return true()
    except NoMatches:
        return False


@asynccontextmanager
async def _shown(app: ChainstepApp, size: tuple[int, int]) -> AsyncIterator[Ui]:
    with pytest.MonkeyPatch.context() as patch:
        messages, say = list[str](), Saying.say

        def heard(stage: Saying, message: str, wrong: bool = False) -> None:
            messages.append(message)
            say(stage, message, wrong)

        patch.setattr(Saying, "say", heard)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Ui(app, pilot, messages)
            if app.is_running:
                painted(app)


# Nothing is missing at 80x24, and the larger a screen, the longer it is painted.
SIZE = (80, 24)


def _opened(what: str = "lecture", size: tuple[int, int] = SIZE, **knobs: object) -> AbstractAsyncContextManager[Ui]:
    return _shown(ChainstepApp(*open_subject(what, overrides=knobs)), size)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """An app under a pilot waits and paints no more than a test needs."""
    # After every key Textual looks three times whether the app is idle: 20 ms each are what a suite spends.
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.003)
    paint_first_and_last(monkeypatch)


@pytest.fixture
def opened(quick: None) -> Callable[..., AbstractAsyncContextManager[Ui]]:
    """(example, size, knobs) -> the app on it, paused at step 0."""
    return _opened


@pytest.fixture
def shown(quick: None) -> Callable[..., AbstractAsyncContextManager[Ui]]:
    """(app, size) -> the app, as it was made."""
    return lambda app, size=SIZE: _shown(app, size)


@pytest.fixture
def taught(quick: None, tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[Ui]]:
    """(a lesson's text, size) -> the app at its first beat; or on the list, if it is to be `listed`."""

    @asynccontextmanager
    async def beside_it(text: str, size: tuple[int, int] = SIZE, *, listed: bool = False) -> AsyncIterator[Ui]:
        file = tmp_path / "own.toml"
        file.write_text(text)
        begins = text.partition("say = ")[2][1:13]  # what fits into a row however narrow it is
        async with _shown(beside(file, listed=listed), size) as ui:
            await ui.until(lambda: listed or begins in ui.line("lesson"))
            yield ui

    return beside_it
