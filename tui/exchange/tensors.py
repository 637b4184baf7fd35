"""Named arrays in the safetensors format: eight bytes of length, a JSON header, and the numbers one after the other.
Must not know what they mean.

By hand: the format needs nothing but the standard library, and every bit of a float64 is kept. Source: the format's
description in https://github.com/huggingface/safetensors.
"""

from __future__ import annotations

import json
import math
import struct
import sys
from array import array
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .errors import ExchangeError

_LENGTH = struct.Struct("<Q")
LONGEST_HEADER = 100_000_000
"""Bytes, as the library itself has it."""

_SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}
"""Bytes of a number of each kind that is read."""

_LETTERS = {"F64": "d", "F32": "f", "F16": "e"}
"""What `struct` calls them."""


class Tensor(NamedTuple):
    """An array: its numbers row by row (C-contiguous)."""

    shape: tuple[int, ...]
    numbers: Sequence[float]


def written(tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> bytes:
    """The file: float64, each array where the one before it ends."""
    header: dict[str, object] = {"__metadata__": dict(metadata)}
    body = bytearray()
    for name, tensor in tensors.items():
        packed = array("d", tensor.numbers)
        if sys.byteorder == "big":
            packed.byteswap()
        start = len(body)
        body += packed.tobytes()
        header[name] = {"dtype": "F64", "shape": list(tensor.shape), "data_offsets": [start, len(body)]}
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)  # the numbers begin at a multiple of their size
    return _LENGTH.pack(len(head)) + head + bytes(body)


def read(content: bytes) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The arrays of a file, in the order of their bytes, and what it says about them.

    Raises:
        ExchangeError: it is no such file, or holds numbers of another kind.
    """
    header, body = _parts(content)
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(text, str) for text in metadata.values()):
        raise ExchangeError("its metadata is no mapping of texts")
    found: dict[str, Tensor] = {}
    end = 0
    for name, entry in sorted(header.items(), key=_start):
        start, stop = _bounds(name, entry, len(body))
        if start != end:
            raise ExchangeError(f"the bytes of {name!r} begin at {start}, not at {end}")
        end = stop
        found[name] = Tensor(tuple(entry["shape"]), _numbers(entry["dtype"], bytes(body[start:stop])))
    if end != len(body):
        raise ExchangeError(f"it has {len(body)} bytes of numbers, and its header names {end}")
    return found, metadata


def _parts(content: bytes) -> tuple[dict[str, Any], memoryview]:
    if len(content) < _LENGTH.size:
        raise ExchangeError("it is too short for a safetensors file")
    (length,) = _LENGTH.unpack_from(content)
    if length > min(LONGEST_HEADER, len(content) - _LENGTH.size):
        raise ExchangeError("it is no safetensors file, or not all of one")
    try:
        header = json.loads(content[_LENGTH.size : _LENGTH.size + length])
    except (ValueError, RecursionError):
        raise ExchangeError("its header is no JSON") from None
    if not isinstance(header, dict):
        raise ExchangeError("its header is no object")
    return header, memoryview(content)[_LENGTH.size + length :]


def _start(item: tuple[str, Any]) -> int:
    try:
        start = item[1]["data_offsets"][0]
    except (TypeError, KeyError, IndexError):
        start = None
    if type(start) is not int:
        raise ExchangeError(f"its header does not say where {item[0]!r} is")
    return start


def _bounds(name: str, entry: dict[str, Any], size: int) -> tuple[int, int]:
    kind, shape, offsets = entry.get("dtype"), entry.get("shape"), entry["data_offsets"]
    if not isinstance(kind, str) or kind not in _SIZES:
        raise ExchangeError(f"{name!r} holds {kind}: only {', '.join(_SIZES)} are read")
    if (
        not isinstance(shape, list)
        or not all(type(count) is int and count >= 0 for count in shape)
        or len(offsets) != 2
        or type(offsets[1]) is not int
        or not 0 <= offsets[0] <= offsets[1] <= size
    ):
        raise ExchangeError(f"its header says of {name!r} what cannot be")
    start, stop = offsets
    if stop - start != math.prod(shape) * _SIZES[kind]:
        raise ExchangeError(f"{name!r} has {stop - start} bytes, which are no {'x'.join(map(str, shape))} of {kind}")
    return start, stop


def _numbers(kind: str, content: bytes) -> Sequence[float]:
    """As float64, which holds each of the others exactly."""
    count = len(content) // _SIZES[kind]
    if kind == "BF16":  # the upper half of a float32
        halves = struct.unpack(f"<{count}H", content)
        return struct.unpack(f"<{count}f", struct.pack(f"<{count}I", *(half << 16 for half in halves)))
    return struct.unpack(f"<{count}{_LETTERS[kind]}", content)
