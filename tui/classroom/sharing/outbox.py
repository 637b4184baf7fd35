"""What one follower is sent, in bounded memory: who does not read is told no more, until everything is told anew. Must
not know what the messages mean.
"""

from __future__ import annotations

import asyncio

BACKLOG = 2**18
"""Bytes that may wait for a follower who reads slowly."""

DEAD = 10.0
"""Seconds after which somebody who does not read at all is let go."""


class Outbox:
    """Bytes on their way to a follower; nothing here waits for them."""

    def __init__(self, transport: asyncio.WriteTransport) -> None:
        self._transport = transport
        self.lost = True
        """It has missed something: all is to be told anew, as soon as it reads."""
        self.asks = False
        """It has said hello, and may be told."""
        self.sent = 0
        """Bytes so far."""
        self.answers = 0
        """How often it has answered, whether that counted or not."""
        self.turn = 0
        """With which others it is told while it plays."""
        self._stuck: float | None = None
        """Since when what waits has not become less, by the loop's clock."""
        self._waiting = 0

    @property
    def ready(self) -> bool:
        """Whether it has read what it was sent."""
        return self.asks and not self._transport.is_closing() and not self._transport.get_write_buffer_size()

    def put(self, data: bytes) -> None:
        """Send something on, unless it has missed what came before."""
        if self.lost or self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() > BACKLOG:
            self.lost = True
            return
        self._write(data)

    def begin(self, *parts: bytes) -> None:
        """Send everything anew: what comes behind it is sent on."""
        self.lost = False
        for part in parts:
            self._write(part)

    def _write(self, data: bytes) -> None:
        self.sent += len(data)
        self._transport.write(data)

    def is_dead(self, now: float) -> bool:
        """Whether it has long read nothing, by the loop's clock."""
        waiting = self._transport.get_write_buffer_size()
        if not waiting or waiting < self._waiting or self._stuck is None:
            self._stuck = now if waiting else None
        self._waiting = waiting
        return self._stuck is not None and now - self._stuck > DEAD

    def close(self) -> None:
        """Send what waits, and no more."""
        self._transport.close()

    def drop(self) -> None:
        """Let go of it, and of what waits."""
        self._transport.abort()
