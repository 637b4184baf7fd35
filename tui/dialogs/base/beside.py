"""BesideDialog: shows what is worked out beside the session while it is open. Must not know what that is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from textual.await_complete import AwaitComplete

from chainstep.engine.training.moves import Moves
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ...panes.strip_pane import StripPane
from ...playback.background import Background
from ...playback.runner import Runner
from .dialog import Dialog


class BesideDialog(Dialog[None]):
    """Has `work` done in slices of `runner`'s until it is complete or the dialog closes; its one pane shows how far
    that is.
    """

    def __init__(self, work: Callable[[Callable[[], int]], Moves], snapshot: Snapshot, runner: Runner) -> None:
        super().__init__()
        self._asked = work
        self._snapshot = snapshot
        self._runner = runner
        self._work = Background()

    def on_mount(self) -> None:
        self.query_one(StripPane).snapshot = self._snapshot
        self._work.start(partial(self._runner.run_beside, self._asked, self._further))
        self.show_work()

    def dismiss(self, result: Any = None) -> AwaitComplete:
        self._work.cancel()  # before what it shows is taken away
        return super().dismiss(result)

    def on_unmount(self) -> None:
        self._work.cancel()

    def _further(self) -> None:
        if self.query(StripPane):  # a program that ends takes the panes away first
            self.show_work()

    def show_work(self) -> None:
        """The work has begun, got further, or is complete."""
        self.query_one(StripPane).redraw()
