"""The format of a run's file: its two tables, the header, how a record is packed, and how large anything may be. Must
not know paths or connections.

Whoever opens such a file with the sqlite3 shell can read it: `header` has one row, `record` a row a key. `data` is the
record's bytes, deflated where they are fewer than `size`. `crc` is a CRC-32 of what stands beside it, `seal` the
exclusive or of all records' `crc`: they name damage, and protect from nobody who means it.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import xor
from typing import Any, NamedTuple

from chainstep.datasets import printable

SUFFIX = ".chainstep"

APPLICATION_ID = int.from_bytes(b"chst")

FORMAT = 3
"""1 and 2 are JSON."""

SCHEMA = {
    "header": (
        "CREATE TABLE header(what TEXT NOT NULL, source TEXT NOT NULL, step INTEGER NOT NULL, loss TEXT, "
        "created TEXT NOT NULL, saved TEXT NOT NULL, stamp INTEGER NOT NULL, pinned INTEGER NOT NULL, "
        "seal INTEGER NOT NULL, crc INTEGER NOT NULL)"
    ),
    "record": (
        "CREATE TABLE record(key TEXT NOT NULL PRIMARY KEY, size INTEGER NOT NULL, crc INTEGER NOT NULL, "
        "data BLOB NOT NULL) WITHOUT ROWID"
    ),
}
"""Without row ids there is one tree of pages less that could be damaged."""

MAX_FILE = 2**30
"""Bytes of a file, and of what SQLite keeps beside it: more than the most records, of the most bytes, can come to. All
limits hold for the writer too: it never writes what a reader refuses.
"""

MAX_TOTAL = 192 * 2**20
"""Bytes of all records, as they are handed over."""

MAX_RECORD = 64 * 2**20
MAX_RECORDS = 30_000
MAX_SOURCE = 2**20
MAX_WHAT = 200
"""Characters of a subject's name: a longer one is cut."""

MAX_STEP = 2**63 - 1
"""The largest integer of SQLite."""

MAX_STAMP = 2**62

_KEY = re.compile(r"[!-~]{1,120}")
"""ASCII that can be seen: such keys are in the same order for SQLite and for Python."""

_YEARS = range(1900, 9000)
_LONGEST = 40
"""Characters of a date or a number."""

_SMALL = 2**14
"""Bytes of a record that is kept as it is: to write so many takes less time than to deflate them."""

_SAMPLE = 4096
"""Bytes that tell whether the rest of a record can be deflated: random mantissas cannot, and cost most."""

_PIECE = 4096
"""Bytes that are checked at once; beyond 5,120 zlib hands over the interpreter."""

_WORTH = 3 / 4
"""Of its size: to deflate losses as they are saves a sixth, and costs three times what it costs to write them."""


class DamagedError(ValueError):
    """What was read is not what was written; the message names the part, and nothing of its content."""


class Summary(NamedTuple):
    """What a list of runs says about one."""

    what: str
    """The subject's name, as it is shown."""
    source: str
    """JSON: enough to open the same data again."""
    step: int
    loss: float | None


class Header(NamedTuple):
    """The header of a file; its texts are safe to show, but for `source`."""

    what: str
    source: str
    step: int
    loss: float | None
    created: datetime
    saved: datetime
    """When the newest of its records were handed over, by the clock of that moment."""
    stamp: int
    """Orders runs by when they were saved, even where the clock was set back: see `RunFile`."""
    pinned: bool
    seal: int
    """Of the records that belong to it."""

    def row(self) -> tuple[str | int | None, ...]:
        """As a row of the table."""
        fields = (
            self.what,
            self.source,
            self.step,
            None if self.loss is None else repr(float(self.loss)),  # a column of numbers has no NaN
            self.created.isoformat(),
            self.saved.isoformat(),
            self.stamp,
            int(self.pinned),
            self.seal,
        )
        return (*fields, _check(fields))

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> Header:
        """The header of a row from anywhere.

        Raises:
            DamagedError: it is none.
        """
        *fields, crc = row
        what, source, step, loss, created, saved, stamp, pinned, seal = fields
        sound = (
            (isinstance(what, str) and len(what) <= MAX_WHAT)
            and (isinstance(source, str) and len(source) <= MAX_SOURCE)
            and (isinstance(step, int) and step >= 0)
            and (loss is None or (isinstance(loss, str) and len(loss) <= _LONGEST))
            and all(isinstance(date, str) and len(date) <= _LONGEST for date in (created, saved))
            and (isinstance(stamp, int) and 0 <= stamp <= MAX_STAMP)
            and pinned in (0, 1)
            and isinstance(seal, int)
        )
        if not sound or crc != _check(tuple(fields)):
            raise DamagedError("its header is not what was written")
        try:
            number = None if loss is None else float(loss)
            dates = datetime.fromisoformat(created), datetime.fromisoformat(saved)
        except ValueError:
            raise DamagedError("its header is not what was written") from None
        if any(date.tzinfo is None or date.year not in _YEARS for date in dates):
            raise DamagedError("its header has an impossible date")
        return cls(printable(what, MAX_WHAT), source, step, number, *dates, stamp, bool(pinned), seal)


def _check(fields: tuple[Any, ...]) -> int:
    return zlib.crc32(json.dumps(fields).encode())


def seal(checks: Iterable[int]) -> int:
    """The seal of records with these `crc`, in any order."""
    return reduce(xor, checks, 0)


def valid_key(key: object) -> bool:
    """Whether a record may have this key: 1 to 120 visible ASCII characters."""
    return isinstance(key, str) and _KEY.fullmatch(key) is not None


def pack(key: str, record: bytes) -> tuple[str, int, int, bytes]:
    """A record as a row: deflated where that pays."""
    stored = record
    if len(record) > _SMALL and _deflates(record[:_SAMPLE]):
        deflated = zlib.compress(record, 1)
        if len(deflated) < len(record) * _WORTH:
            stored = deflated
    return key, len(record), _crc(key, len(record), stored), stored


def unpack(row: tuple[Any, ...], room: int) -> tuple[str, bytes]:
    """The key and the bytes of a row from anywhere, where there is room for so many bytes.

    Raises:
        DamagedError: it is no record, or not what was written, or too large.
    """
    key, size, crc, stored = row
    if not valid_key(key):
        raise DamagedError("a record has an impossible name")
    if not isinstance(size, int) or not isinstance(stored, bytes) or not len(stored) <= size:
        raise DamagedError(f"record {key} is not what was written")
    if size > min(room, MAX_RECORD):
        raise DamagedError(f"record {key} is too large")
    if crc != _crc(key, size, stored):
        raise DamagedError(f"record {key} is not what was written")
    if len(stored) == size:
        return key, stored
    inflater = zlib.decompressobj()
    try:
        record = inflater.decompress(stored, size + 1)
    except zlib.error:
        raise DamagedError(f"record {key} is not what was written") from None
    if len(record) != size or not inflater.eof or inflater.unused_data:
        raise DamagedError(f"record {key} is not what was written")
    return key, record


def _deflates(sample: bytes) -> bool:
    return len(zlib.compress(sample, 1)) < len(sample) * _WORTH


def _crc(key: str, size: int, stored: bytes) -> int:
    crc, view = zlib.crc32(f"{key} {size} ".encode()), memoryview(stored)
    # In pieces for which the interpreter is not handed to whoever trains: to get it back takes longer than all of them.
    for start in range(0, len(stored), _PIECE):
        crc = zlib.crc32(view[start : start + _PIECE], crc)
    return crc
