"""The dialog that saves the screen and its numbers: beside the event loop, with a bar where it takes long, until it is
dropped. Must not know what the files hold.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from chainstep.datasets.printable import printable
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...files.export import DroppedError, Saved, export
from ...theme import glyphs
from ..base.dialog import Dialog

SOON = 0.25
"""Seconds after which it shows that it is at work."""

APART = 0.1
"""Seconds between two looks of the bar."""

_BAR = 40
"""Cells of the bar."""


class Exporting(Dialog[tuple[str, bool]]):
    """Gives what to tell the user, and whether something went wrong."""

    def __init__(self, folder: Path, picture: Callable[[], str], snapshot: Snapshot) -> None:
        super().__init__()
        self._export = partial(export, folder, picture, snapshot, self._goes_on)
        self._folder = folder
        self._dropped = False
        self._told = 0.0

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Saving the screen and its numbers", classes="title")
            yield Static(printable(str(self._folder), 300), classes="words", markup=False)
            yield Static(self.bar(0.0), id="bar", markup=False)
            yield Static("escape drops it", classes="words")

    def on_mount(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._work = asyncio.create_task(self._save())
        self.set_timer(SOON, lambda: self.add_class("-slow"))

    def on_unmount(self) -> None:
        self._dropped = True  # the program ends, and nobody waits for words
        self._work.cancel()

    def action_close(self) -> None:
        self._dropped = True

    async def _save(self) -> None:
        try:
            saved = await asyncio.to_thread(self._export)
        except DroppedError:
            self.dismiss(("nothing was saved: it was dropped", False))
        except OSError as error:
            self.dismiss((f"nothing was saved here: {error.strerror or error}", True))
        else:
            self.dismiss((_words(saved), False))

    def _goes_on(self, part: float) -> bool:
        """In the thread that writes."""
        now = perf_counter()
        if now - self._told >= APART:
            self._told = now
            self._loop.call_soon_threadsafe(self._show, part)
        return not self._dropped

    def _show(self, part: float) -> None:
        if self.is_mounted:
            self.query_one("#bar", Static).update(self.bar(part))

    @staticmethod
    def bar(part: float) -> str:
        """How much of the work is done."""
        shapes, full = glyphs(), round(part * _BAR)
        return f"{shapes.bars[-1] * full}{shapes.empty * (_BAR - full)} {part:4.0%}"


def _words(saved: Saved) -> str:
    thinned = f" (a row for {saved.thinned} steps where they were long ago)" if saved.thinned > 1 else ""
    return f"saved {printable(str(saved.picture), 300)}, and beside it -loss.csv{thinned} and -parameters.csv"
