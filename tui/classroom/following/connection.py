"""The socket to a teacher: messages out of it, and answers into it. Must not know what they mean."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator

from chainstep.engine.training.replication.update import KINDS, Update

from ..wire import frames, messages, places

PATIENCE = 5.0
"""Seconds for all that is told at first."""

_PIECE = 2**16
"""Bytes that are read at once."""

NOBODY = "nobody shares a session with you here: chainstep --share does"
"""What to say where there is none."""


class Connection:
    """Messages from a teacher: at first as they are waited for, then on the event loop.

    Raises:
        PlaceError: nobody is there.
    """

    def __init__(self, shared: places.Shared) -> None:
        self.of = f"{shared.user}/{shared.name}"
        """Whose session it is, as the kernel says and `chosen` takes it; what comes may call itself anything."""
        self._socket = places.connected(shared, PATIENCE)
        self.process = places.peer(self._socket).pid
        """The process at the other end; 0 where it is of another machine to us, as beside a container."""
        self._decoder = frames.Decoder(frames.MOST_TOLD)
        self._came: deque[Update] = deque()
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._socket.sendall(frames.encoded(Update("hello", {"protocol": messages.PROTOCOL})))

    # --- before there is a loop

    def first(self) -> Iterator[Update]:
        """The messages as they come, for a while at most.

        Raises:
            PlaceError: no more come in time, or at all.
            FrameError: what comes is no message.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            while self._came:
                yield self._came.popleft()
            self._socket.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                data = self._socket.recv(_PIECE)
            except TimeoutError:
                break
            except OSError:
                data = b""
            if not data:
                raise places.PlaceError("whoever shares this lets nobody in, or has just left")
            self._came.extend(self._decoder.feed(data))
        raise places.PlaceError(f"whoever shares this says nothing for {PATIENCE:g} seconds")

    # --- on the loop

    async def open(self) -> None:
        """Go on on the event loop."""
        self._socket.setblocking(False)
        self._reader, self._writer = await asyncio.open_unix_connection(sock=self._socket, limit=_PIECE)

    async def next(self) -> Update | None:
        """The next message; None behind the last one.

        Raises:
            FrameError: what comes is no message.
        """
        while not self._came:
            assert self._reader is not None
            try:
                data = await self._reader.read(_PIECE)
            except OSError:
                data = b""
            if not data:
                return None
            self._came.extend(self._decoder.feed(data))
        return self._came.popleft()

    @property
    def outdated(self) -> bool:
        """Whether where the session stands by the last message is told anew by the next one, which is here."""
        kinds = (message.kind for message in self._came if message.kind not in ("pace", "ask", "reveal"))
        return next(kinds, "") in ("whole", "state", "subject")

    @property
    def behind(self) -> bool:
        """Whether the session has gone on since the last message, as one says that is here."""
        return any(message.kind in KINDS for message in self._came)

    def say(self, message: Update) -> None:
        """Say something to the teacher."""
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(frames.encoded(message))

    def close(self) -> None:
        """Hear no more."""
        if self._writer is not None:
            self._writer.close()
        else:
            self._socket.close()


def chosen(name: str | None) -> places.Shared:
    """The session that is meant: the one of a name or, where none is named, the only one.

    Raises:
        PlaceError: there is none, or there are several.
    """
    found = places.shared()
    named = [kept for kept in found if name in (None, kept.name, f"{kept.user}/{kept.name}")]
    if not found:
        raise places.PlaceError(NOBODY)
    if len(named) == 1:
        return named[0]
    several = ", ".join(f"{kept.user}/{kept.name}" for kept in named or found)
    if named:
        raise places.PlaceError(f"several are shared: chainstep follow NAME, of {several}")
    raise places.PlaceError(f"nobody shares {name!r}: there is {several}")
