"""Saves the screen and its numbers beside the event loop, with a dialog where it takes long, until it is dropped. Must
not know what the files hold.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from time import perf_counter

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from chainstep.engine.training.snapshot.samples.predicted import Predicted
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...files.export import DroppedError, Saved, export
from ...terminal.outbox import Outbox
from ...theme import glyphs
from ..base.dialog import Dialog

SOON = 0.25
"""Seconds after which it shows that it is at work."""

APART = 0.1
"""Seconds between two looks of the bar."""

_BAR = 40
"""Cells of the bar."""


class Export:
    """Writes in a thread of its own; shows that it is at work where that takes long."""

    def __init__(
        self, outbox: Outbox, picture: Callable[[], str], snapshot: Snapshot, predicted: Iterable[Predicted] | None
    ) -> None:
        self.outbox = outbox
        self.dropped = False
        self._write = partial(export, outbox.folder, picture, snapshot, predicted, self._goes_on)
        self._told = 0.0
        self._bar: Exporting | None = None

    async def finish(self, app: App[None]) -> tuple[str, bool]:
        """Write all of it; gives what to tell the user, and whether something went wrong."""
        self._loop = asyncio.get_running_loop()
        writing = asyncio.create_task(asyncio.to_thread(self._write))
        try:
            await asyncio.wait({writing}, timeout=SOON)
            if not writing.done():
                self._bar = Exporting(self)
                app.push_screen(self._bar)
                await asyncio.wait({writing})
                self._bar.dismiss()
            saved = writing.result()
            where = await self.outbox.deliver(saved.picture)
            return _words(saved, where, "in" if self.outbox.packs else "beside"), False
        except DroppedError:
            return "nothing was saved: it was dropped", False
        except OSError as error:
            return f"nothing was saved here: {error.strerror or error}", True
        finally:
            # Whoever leaves the program waits for no end, and hears of none.
            self.dropped = True
            writing.add_done_callback(lambda _: self.outbox.close())
            writing.add_done_callback(lambda ended: ended.cancelled() or ended.exception())

    def _goes_on(self, part: float) -> bool:
        """In the thread that writes."""
        now = perf_counter()
        if self._bar is not None and now - self._told >= APART:
            self._told = now
            self._loop.call_soon_threadsafe(self._bar.show, part)
        return not self.dropped


class Exporting(Dialog[None]):
    """How far an export is; escape drops it."""

    def __init__(self, work: Export) -> None:
        super().__init__()
        self._work = work

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Saving the screen and its numbers", classes="title")
            yield Static(self._work.outbox.described, classes="words", markup=False)
            yield Static(self.bar(0.0), id="bar", markup=False)
            yield Static("escape drops it", classes="words")

    def action_close(self) -> None:
        self._work.dropped = True

    def show(self, part: float) -> None:
        """So much is written, from 0 to 1."""
        for bar in self.query("#bar").results(Static):
            bar.update(self.bar(part))

    @staticmethod
    def bar(part: float) -> str:
        """How much of the work is done."""
        shapes, full = glyphs(), round(part * _BAR)
        return f"{shapes.bars[-1] * full}{shapes.empty * (_BAR - full)} {part:4.0%}"


def _words(saved: Saved, where: str, beside: str) -> str:
    thinned = f" (a row for {saved.thinned} steps where they were long ago)" if saved.thinned > 1 else ""
    tables = f"-loss.csv{thinned}, -parameters.csv and -predictions.csv"
    if not saved.predicted:
        tables = f"-loss.csv{thinned} and -parameters.csv"
    return f"saved {where}, and {beside} it {tables}"
