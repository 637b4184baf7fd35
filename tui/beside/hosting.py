"""What an app is to what it opens beside its session: lessons, sweeps, the report on a table, a script that is run
anew, a session that is shared or followed. Must not know them. It is never loaded: type checkers alone read it.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

from textual.screen import Screen
from textual.timer import Timer

from chainstep.engine.training.session import Session

from ..files.saving import Saver
from ..files.store.file import RunFile
from ..files.subjects.source import Source
from ..playback.led.led import Led
from ..render.style.look import Look
from ..screens.stage import Stage
from ..teaching.guide import Guide

Answer = TypeVar("Answer")


class Host(Protocol):
    """An app on one session."""

    runner: Led
    guide: Guide | None
    """What leads beside the panes of either screen."""
    source: Source
    """Where the session comes from."""
    allowed: frozenset[str]
    """What commands may reach."""
    parting: str
    """What is said at the end besides what was saved."""
    saver: Saver
    """Saves the session."""
    leaving: bool
    """Something has begun to end it."""

    @property
    def stage(self) -> Stage:
        """The screen that shows the session, be it behind a dialog."""

    @property
    def look(self) -> Look:
        """Its colours and shapes."""

    def say(self, message: str, wrong: bool) -> None:
        """Tell the user in one line, and whether something is wrong."""

    async def go_over(
        self, session: Session, source: Source, owned: RunFile | None = None, *, kept: bool = True
    ) -> None:
        """Show another session in place of this one; one that has a file is saved there, and one that is not `kept`
        nowhere.
        """

    def attend(self, session: Session, source: Source, *, kept: bool) -> None:
        """Show a session that somebody leads, or has led until now; it is saved from now on, if it is `kept`."""

    def prepare(self, session: Session, source: Source) -> None:
        """In a thread: what takes a moment where there are very many samples, before anybody waits for it."""

    @property
    def dialog(self) -> bool:
        """Whether a dialog lies over the panes, or nothing is shown any more."""

    def push_screen(self, screen: Screen[Answer], callback: Callable[[Answer | None], Any] | None = None) -> object:
        """Open a dialog; `callback` gets what comes of it."""

    def run_beside(self, work: Callable[[], Coroutine[Any, Any, None]], group: str) -> None:
        """Have work done beside the messages, in place of what the group is at."""

    def set_interval(self, interval: float, callback: Callable[[], object]) -> Timer:
        """Call something now and then."""
