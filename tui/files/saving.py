"""Saves a session while it is open, and when it is left. Must not know the screen, or how a file is written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from chainstep.engine.training.commands import Command, Goto, Inspection, SetGranularity
from chainstep.engine.training.session import Session

from .subjects.source import Source

if TYPE_CHECKING:
    from chainstep.engine.training.archive.archive import Archive

    from .store.file import RunFile
    from .store.writer import Writer

DELAY = 0.6
"""Seconds of movement that may be lost if the process is killed."""

SHARE = 10
"""Saving by itself takes at most one part in so many of the time."""

PATIENCE = 2.0
"""Seconds that whoever leaves a session waits for its last bytes."""


class Saver:
    """Saves one session into one file, from when something is done in it until it is closed.

    A thread writes; what is done here is to hand it what is new. `warn` is called with a line when something could not
    be written, `elsewhere` says whether the session stands where nobody has led it, `owned` is the file of a run that
    goes on. What is not `kept` is nobody's run, as what a lesson is shown on.
    """

    def __init__(
        self,
        session: Session,
        source: Source,
        warn: Callable[[str], None],
        elsewhere: Callable[[], bool] = lambda: False,
        owned: RunFile | None = None,
        *,
        kept: bool = True,
    ) -> None:
        self.again = "`chainstep resume {}`"
        """What opens a run again, by its name."""
        self._kept = kept
        self._session = session
        self._source = source
        self._warn = warn
        self._elsewhere = elsewhere
        self._warned: str | None = None
        self._owned = owned
        self._writer: Writer | None = None
        self._archive: Archive | None = None
        self._changed = self._closed = False
        self._timer: asyncio.TimerHandle | None = None
        self._earliest = 0.0
        """When it may save by itself again, by the loop's clock."""
        self._failure: str | None = None
        self._step = session.step
        """Where it stood when it was saved."""

    # --- while it is open

    def changed(self, *, soon: bool = False) -> None:
        """Something was done: it is saved in a moment or, where it was told by hand, as `soon` as can be."""
        if not self._kept:
            return
        self._changed = True
        if self._timer is not None and not soon:
            return
        loop = asyncio.get_running_loop()
        due = max(loop.time() + (0.0 if soon else DELAY), self._earliest)
        if self._timer is not None:
            self._timer.cancel()
            due = min(due, self._timer.when())
        self._timer = loop.call_at(due, self._autosave)

    def _autosave(self) -> None:
        if self._elsewhere():
            self._timer = asyncio.get_running_loop().call_later(DELAY, self._autosave)
            return
        began = perf_counter()
        self.save()
        self._earliest = asyncio.get_running_loop().time() + SHARE * (perf_counter() - began)
        # The thread needs a moment to find out.
        asyncio.get_running_loop().call_later(DELAY, self._tell)

    def _tell(self) -> None:
        error = self.error
        if error is not None and error != self._warned and not self._closed:
            self._warn(error)
        self._warned = error

    def save(self) -> None:
        """Hand over what is new, if anything is."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._closed or not self._changed or not any(map(_is_work, self._session.log)):
            return
        writer = self._begin()
        if writer is not None and self._archive is not None:
            from .summary import summary

            records, drop = self._archive.changes()
            writer.put(records, drop, summary=summary(self._session, self._source))
            self._step = self._session.step
        self._changed = False

    def rescue(self) -> None:
        """Save after a fault: only what can be opened again takes the place of what was saved before."""
        if not self._changed:
            return
        from chainstep.engine.training.archive.archive import Archive
        from chainstep.engine.training.archive.restore import restore

        try:
            restore(self._session.subject, Archive(self._session).changes().records)
            self.save()
        except Exception:
            # Whatever is wrong with the session, what was saved before it went wrong stays.
            self._changed = False
            if self._writer is None or self._writer.name is None:
                self._failure = "the run could not be saved: the fault is in it"

    @property
    def name(self) -> str | None:
        """What its file is called; None while there is none."""
        if self._writer is not None:
            return self._writer.name
        if self._owned is None:
            return None
        from .store.reading import shown

        return shown(self._owned.path)

    @property
    def error(self) -> str | None:
        """One line: why what was handed over is not on disk; None while everything goes well."""
        return self._failure or (None if self._writer is None else self._writer.error)

    # --- when it is left

    def flush(self) -> str | None:
        """Wait until everything that was handed over is in the file, for a while at most; or why it is not."""
        if self._writer is None or self._writer.flush(PATIENCE):
            return self.error
        return self.error or f"the run is not saved after {PATIENCE:g} seconds"

    def close(self) -> bool:
        """Let go of the file, with everything in it on disk, after a while at most; whether it is. A second time does
        nothing.
        """
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._owned is not None:
            self._begin()
        if self._writer is not None:
            self._writer.close(PATIENCE)
        return self.error is None

    @property
    def last_words(self) -> str:
        """What was saved and how to open it, or why it was not, in one line; empty where there was nothing to save."""
        from chainstep.datasets import printable

        if self.error is not None:
            return self.error
        if self._writer is None or self._writer.name is None:
            return ""
        what = printable(self._source.title, 60)
        again = self.again.format(self._writer.name)
        return f"{what} is saved at step {self._step}: {again} opens it again"

    # --- the file

    def _begin(self) -> Writer | None:
        """The writer; None where there can be none."""
        if self._writer is None:
            from chainstep.engine.training.archive.archive import Archive

            from .state import run_folder
            from .store.writer import Writer

            try:
                folder = run_folder()
            except OSError as error:
                self._failure = f"the run could not be saved: {error.strerror}"
                return None
            found = frozenset() if self._owned is None else self._owned.found
            self._writer, self._archive = Writer(folder, self._owned), Archive(self._session, found)
        return self._writer


def _is_work(command: Command) -> bool:
    """Whether a command is worth a file: one that was only looked at is soon opened again."""
    return not isinstance(command, Inspection | SetGranularity) and command != Goto(0, 0)
