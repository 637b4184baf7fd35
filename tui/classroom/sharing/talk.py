"""The connection of one follower, at the teacher's end. Must not know who else follows, nor what is told."""

from __future__ import annotations

import asyncio
from typing import Protocol

from chainstep.engine.training.replication.update import Update

from ..wire import frames, messages

HELLO = 5.0
"""Seconds within which whoever comes says hello."""


class Host(Protocol):
    """Who is followed."""

    def came(self, talk: Talk, transport: asyncio.Transport) -> bool:
        """Let somebody in; whether they may."""

    def said(self, talk: Talk, message: Update) -> None:
        """Hear what a follower says.

        Raises:
            MessageError: it is nothing that is said here.
        """

    def went(self, talk: Talk, why: str = "") -> None:
        """Somebody is gone, or is let go of because of what was sent."""


class Talk(asyncio.Protocol):
    """Hears what a follower says, message by message."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._decoder = frames.Decoder(frames.MOST_ANSWERED)
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if self._host.came(self, transport):
            self._timer = asyncio.get_running_loop().call_later(HELLO, self.leave)
        else:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        try:
            for message in self._decoder.feed(data):
                self._host.said(self, message)
                self._on_time()
        except (frames.FrameError, messages.MessageError) as error:
            self.leave(str(error))

    def _on_time(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def leave(self, why: str = "") -> None:
        """End it; `why`, if something was wrong."""
        if self._transport is not None:
            self._transport.abort()
        self._host.went(self, why)

    def connection_lost(self, error: Exception | None) -> None:
        self._on_time()
        self._host.went(self)
