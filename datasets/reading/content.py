"""The bytes of a table, to be read as often as needed. Must not know what they say."""

from __future__ import annotations

import gzip
import io
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from ..dataset import DataError

MAX_BYTES = 2**30
"""Larger tables, unpacked, are refused: their columns would not fit in memory."""

_GZIP = b"\x1f\x8b"


class Content(NamedTuple):
    """Bytes that can be opened again from their beginning."""

    size: int
    """Bytes as they are stored."""
    packed: bool
    """They are gzip's."""
    raw: Callable[[], BinaryIO]
    """Opens them as they are stored."""

    def unpacked(self, stream: BinaryIO) -> BinaryIO:
        """What `raw` has opened, unpacked."""
        return cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if self.packed else stream

    def pieces(self, size: int) -> Iterator[bytes]:
        """All of them, unpacked, up to `size` bytes at a time."""
        with self.raw() as stream:
            unpacked = self.unpacked(stream)
            while piece := unpacked.read(size):
                yield piece


def of_file(path: str | os.PathLike[str]) -> Content:
    """The bytes of a regular file.

    Raises:
        DataError: it is missing, no regular file, or cannot be read.
    """
    try:
        # Not blocking: a FIFO would keep whoever opens it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if stat.S_ISDIR(status.st_mode):
                raise IsADirectoryError
            if not stat.S_ISREG(status.st_mode):
                raise DataError("this is a pipe, a socket or a device, not a table")
            magic = stream.read(2)
    except FileNotFoundError:
        raise DataError("there is no such file") from None
    except IsADirectoryError:
        raise DataError("this is a directory, not a table") from None
    except OSError as error:
        raise DataError(f"the file cannot be read ({(error.strerror or 'input error').lower()})") from None
    except ValueError as error:
        if isinstance(error, DataError):
            raise
        raise DataError("this cannot be the name of a file") from None
    return _checked(Content(status.st_size, magic == _GZIP, lambda: Path(path).open("rb")))


def of_bytes(data: bytes) -> Content:
    """Bytes that are in memory."""
    return _checked(Content(len(data), data[:2] == _GZIP, lambda: io.BytesIO(data)))


def _checked(content: Content) -> Content:
    if content.size > MAX_BYTES:
        raise DataError(f"the table is larger than {MAX_BYTES // 2**20} MB")
    return content
