"""In which encoding a table's bytes are text. Must not know what the text says.

UTF-8 unless a byte order mark or the zeros of UTF-16 say otherwise; Windows-1252 only where the bytes are no UTF-8 and
all of them are letters or signs of it: other 8-bit encodings look alike, and a guess would change names silently.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from itertools import chain

from ..dataset import DataError
from .content import Content

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks; that of UTF-32 begins with that of UTF-16, and goes first."""

_SAMPLE = 2**16
_PIECE = 2**20

_LATIN = re.compile(rb"[\x80\x82-\x8c\x8e\x91-\x9c\x9e\x9f\xa0-\xff]")
"""What Windows-1252 has above ASCII."""

_IN_WORDS = re.compile(
    rb"[A-Za-z][\xc0-\xd6\xd8-\xf6\xf8-\xff]|[\xc0-\xd6\xd8-\xf6\xf8-\xff][a-z]|[0-9 ,;][\x80\xa3\xb0\xb5]"
)
"""An accented letter beside a plain one, or a sign of a unit or a currency behind a number."""


def encoding_of(content: Content, head: bytes, told: Callable[[], object] = bool) -> str:
    """The name that Python has for the encoding; `head` is how the unpacked bytes begin. Calls `told` now and then.

    Raises:
        DataError: it is none of them; the message says which byte of which row is not UTF-8.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    zeros = head[:_SAMPLE].count(0)
    if zeros and zeros * 3 > len(head[:_SAMPLE]):
        return "utf-16-le" if head[1:_SAMPLE:2].count(0) > head[:_SAMPLE:2].count(0) else "utf-16-be"
    if zeros:
        raise DataError("this is no text: it has bytes of zero")
    trouble = _not_utf8(content, told)
    if trouble is None:
        return "utf-8"
    if _is_windows_1252(content):
        return "cp1252"
    row, byte = trouble
    raise DataError(f"row {row}: byte 0x{byte:02x} is not UTF-8; save the file as UTF-8")


def _not_utf8(content: Content, told: Callable[[], object]) -> tuple[int, int] | None:
    """Row, from 1, and value of the first byte that is not UTF-8; None where all are."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    row = 1
    for piece in chain(content.pieces(_PIECE), [b""]):
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            seen = bytes(error.object)  # begins with what the decoder had kept of the piece before
            return row + seen.count(b"\n", 0, error.start), seen[error.start]
        row += piece.count(b"\n")
        told()
    return None


def _is_windows_1252(content: Content) -> bool:
    likely = False
    for piece in content.pieces(_PIECE):
        high = re.sub(rb"[\x00-\x7f]+", b"", piece)
        if len(_LATIN.findall(high)) != len(high):
            return False
        likely = likely or _IN_WORDS.search(piece) is not None
    return likely
