"""Messages as bytes: how long one is comes before it. Must not know what they mean.

A frame is a length and as many bytes: a letter for the kind, then what it holds. Of a position, which is sent at each
step, these are two numbers. Of all else they are the length of a JSON object, that object, and the body; where that is
shorter they are compressed, behind the letter `Z`. Lengths and numbers are little-endian in groups of seven bits, all
but the last with the eighth bit set (LEB128).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator

from chainstep.engine.training.replication.update import Update

LETTERS = {
    "hello": "h",
    "subject": "o",
    "whole": "w",
    "state": "s",
    "position": "p",
    "command": "c",
    "session": "b",
    "pace": "t",
    "ask": "q",
    "reveal": "r",
    "bye": "x",
    "answer": "a",
}
_KINDS = {letter: kind for kind, letter in LETTERS.items()}

MOST_TOLD = 64 * 2**20
"""Bytes of a message to a follower."""

MOST_ANSWERED = 1_024
"""Bytes of a message to a teacher."""

_MOST_NUMBER = 2**53
_SHORT = 100
"""Bytes that are not worth compressing."""
_QUICK = 2**17
"""Bytes that are compressed within a millisecond or two; of more only the JSON would get shorter by much."""


class FrameError(ValueError):
    """The bytes are no message; the text is one line."""


def encoded(message: Update) -> bytes:
    """A message as a frame."""
    letter = LETTERS[message.kind].encode()
    if message.kind == "position":
        held = letter + b"".join(map(number, message.fields["at"]))
        return number(len(held)) + held
    text = json.dumps(message.fields, separators=(",", ":")).encode()
    held = letter + number(len(text)) + text + message.body
    if _SHORT < len(held) <= _QUICK:
        short = b"Z" + zlib.compress(held, 6)
        held = min(held, short, key=len)
    return number(len(held)) + held


def decoded(held: bytes, most: int) -> Update:
    """The message of a frame, without its length; compressed or not it has at most so many bytes.

    Raises:
        FrameError: it is none.
    """
    if held[:1] == b"Z":
        held = _decompressed(held[1:], most)
    kind = _KINDS.get(chr(held[0]) if held else "")
    if kind is None:
        raise FrameError("it has no kind")
    if kind == "position":
        step, at = _read(held, 1)
        op, at = _read(held, at)
        if at != len(held):
            raise FrameError("a position has two numbers")
        return Update(kind, {"at": [step, op]})
    length, at = _read(held, 1)
    text, body = held[at : at + length], held[at + length :]
    try:
        fields = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise FrameError("it is not JSON") from None
    if len(text) != length or not isinstance(fields, dict):
        raise FrameError("it is no JSON object")
    return Update(kind, fields, body)


def number(value: int) -> bytes:
    """A number from 0."""
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)


def _read(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at a place, and where it ends."""
    value = shift = 0
    for place in range(at, min(len(data), at + 8)):
        value |= (data[place] & 0x7F) << shift
        shift += 7
        if data[place] < 0x80:
            if value > _MOST_NUMBER:
                break
            return value, place + 1
    raise FrameError("a number does not end")


def _decompressed(data: bytes, most: int) -> bytes:
    reader = zlib.decompressobj()
    try:
        held = reader.decompress(data, most)
    except zlib.error:
        raise FrameError("it cannot be decompressed") from None
    if not reader.eof or reader.unused_data:
        raise FrameError("it is too long, or does not end")
    return held


def _refuse(word: str) -> float:
    raise ValueError(word)


class Decoder:
    """Messages out of bytes as they come, each of at most so many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._data = bytearray()

    def feed(self, data: bytes) -> Iterator[Update]:
        """The messages that are complete by these bytes.

        Raises:
            FrameError: what came is none, or too long.
        """
        self._data += data
        while True:
            held = self._next()
            if held is None:
                return
            yield decoded(held, self._most)

    def _next(self) -> bytes | None:
        head = bytes(self._data[:8])
        if not head or (len(head) < 8 and all(byte > 0x7F for byte in head)):
            return None
        length, at = _read(head, 0)
        if length > self._most:
            raise FrameError("it is too long")
        if len(self._data) < at + length:
            return None
        held = bytes(self._data[at : at + length])
        del self._data[: at + length]
        return held
