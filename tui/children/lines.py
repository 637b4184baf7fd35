"""What comes out of a child, held within bounds: messages as lines of JSON, and what it printed. Knows bytes; must not
know where they come from.
"""

from __future__ import annotations

import json
from typing import Any

Message = dict[str, Any]


class MessageLines:
    """Parts a stream into lines, and makes a message of each that is a JSON object.

    Whatever else stands on the pipe is counted, not raised: the child is a stranger.
    """

    def __init__(self, line: int, total: int) -> None:
        self._line = line
        self._total = total
        self._received = 0
        self._begun = bytearray()
        self._skipping = False
        self.foreign = 0
        """Lines that were no message, or too long for one."""

    @property
    def full(self) -> bool:
        """Whether more has come than may."""
        return self._received > self._total

    def feed(self, chunk: bytes) -> list[Message]:
        """The messages that are complete with `chunk`."""
        self._received += len(chunk)
        if self.full:
            return []
        *ended, rest = chunk.split(b"\n")
        made = []
        for piece in ended:
            self._extend(piece)
            if not self._skipping and (message := _message(self._begun)) is not None:
                made.append(message)
            else:
                self.foreign += 1
            self._begun = bytearray()
            self._skipping = False
        self._extend(rest)
        return made

    def _extend(self, piece: bytes) -> None:
        if len(self._begun) + len(piece) > self._line:
            self._skipping = True
            self._begun = bytearray()
        if not self._skipping:
            self._begun += piece


def _message(line: bytearray) -> Message | None:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):  # bad encoding is a ValueError, too
        return None
    return message if isinstance(message, dict) else None


class Printed:
    """What a child printed: the first and the last of it, and how much lay between."""

    def __init__(self, limit: int) -> None:
        self._half = limit // 2
        self._head = bytearray()
        self._tail = bytearray()
        self._left_out = 0

    def feed(self, chunk: bytes) -> None:
        """Keep what there is room for."""
        room = self._half - len(self._head)
        self._head += chunk[:room]
        self._tail += chunk[room:]
        if len(self._tail) > 2 * self._half:  # not at each chunk: it would be moved as often
            self._cut()

    def _cut(self) -> None:
        spare = max(0, len(self._tail) - self._half)
        self._left_out += spare
        del self._tail[:spare]

    @property
    def text(self) -> str:
        """As it was printed, escape sequences too; where a part was left out, a line says how long that was."""
        self._cut()
        between = f"\n… {self._left_out:,} bytes …\n".encode() if self._left_out else b""
        return bytes(self._head + between + self._tail).decode("utf-8", "backslashreplace")

    @property
    def last_line(self) -> str:
        """The last line of it, where tracebacks say what was raised; "" where nothing was printed."""
        lines = self.text.strip().splitlines()
        return lines[-1] if lines else ""
