"""What a driver writes to, which tells how much has gone out. Must not know whose bytes they are."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import IO, TYPE_CHECKING, AnyStr, Generic

from ..encoding import received

if TYPE_CHECKING:
    from ..recording import Recording


PIECE = 2048
"""Characters that are written at a time: a link that takes in a large frame slowly is seen to take it."""


class Outlet(Generic[AnyStr]):
    """The file that Textual's thread writes to, which tells how much has gone out.

    Where the terminal is gone it swallows all: a thread that died of it would leave a full queue to the event loop.
    """

    def __init__(
        self,
        file: IO[AnyStr],
        drained: Callable[[], None],
        gone: Callable[[], None],
        recording: Recording | None = None,
    ) -> None:
        self._file: IO[AnyStr] = file
        self._recording = recording
        self._unrecorded: list[AnyStr] = []
        """What the kernel does not have yet."""
        self._drained = drained
        self._gone = gone
        self._lost = False
        self._lock = Lock()
        self._written = 0
        self._left = 0
        self.taken = 0
        """What the kernel has been given, in all."""

    @property
    def busy(self) -> bool:
        """Whether something is not yet with the kernel."""
        return self._left > 0

    def expect(self, text: AnyStr) -> None:
        """Text is put into the queue, by whichever thread."""
        with self._lock:
            self._left += len(text)

    def write(self, text: AnyStr) -> None:
        self._written += len(text)
        for start in range(0, len(text), PIECE):
            if start:
                self._push()
            try:
                self._file.write(text[start : start + PIECE])
            except OSError:
                self._lose()
            self.taken += min(PIECE, len(text) - start)
        if self._recording is not None:
            self._unrecorded.append(text)

    def _push(self) -> None:
        try:
            self._file.flush()
        except OSError:
            self._lose()

    def flush(self) -> None:
        self._push()
        if self._recording is not None and not self._lost:
            self._recording.sent(received("".join(map(str, self._unrecorded))))
            self._unrecorded.clear()
        with self._lock:
            self._left -= self._written
        self._written = 0
        if not self._left:
            self._drained()

    def _lose(self) -> None:
        if not self._lost:
            self._lost = True
            self._gone()

    def fileno(self) -> int:
        return self._file.fileno()
