"""Numbers as text that JSON can carry, and back. Knows arrays; must not know what they mean."""

from __future__ import annotations

import base64
import sys
import zlib
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

LEVEL = 1
"""How hard is tried to make it small: the child is waited for."""


class PackingError(ValueError):
    """The text does not hold the arrays that it should."""


def pack(arrays: Iterable[array[Any]]) -> str:
    """The arrays, one behind the other, little end first."""
    if sys.byteorder == "big":
        arrays = [_turned(each) for each in arrays]
    return base64.b64encode(zlib.compress(b"".join(each.tobytes() for each in arrays), LEVEL)).decode("ascii")


def unpack(text: str, kinds: str, sizes: Sequence[int]) -> tuple[array[Any], ...]:
    """Arrays of these kinds and sizes.

    Raises:
        PackingError: the text is something else; no more than what is asked for is ever made of it.
    """
    found = [array(kind) for kind in kinds]
    lengths = [each.itemsize * size for each, size in zip(found, sizes, strict=True)]
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.b64decode(text, validate=True), sum(lengths) + 1)
    except (ValueError, zlib.error):
        raise PackingError("the numbers cannot be unpacked") from None
    if len(data) != sum(lengths) or not unpacker.eof:
        raise PackingError("there are more or fewer numbers than there should be")
    start = 0
    for each, length in zip(found, lengths, strict=True):
        each.frombytes(data[start : start + length])
        start += length
    return tuple(map(_turned, found) if sys.byteorder == "big" else found)


def _turned(numbers: array[Any]) -> array[Any]:
    turned = array(numbers.typecode, numbers)
    turned.byteswap()
    return turned
