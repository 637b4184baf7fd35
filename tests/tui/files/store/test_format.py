"""Records and headers as rows: back as they were, and anything else is named damaged. Must not know files."""

from __future__ import annotations

import math
import random
import zlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chainstep.tui.files.store import format as store_format
from chainstep.tui.files.store.format import DamagedError, Header, pack, unpack, valid_key
from support.cases import each

KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=120)
RECORDS = st.one_of(
    st.binary(max_size=300),
    st.builds(lambda part, times: part * times, st.binary(min_size=1, max_size=40), st.integers(0, 2_000)),
)
ROOM = 2**20

HEADERS = st.builds(
    Header,
    what=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200),
    source=st.text(max_size=100).filter(lambda text: text.isprintable()),
    step=st.integers(0, 2**63 - 1),
    loss=st.none() | st.floats(),
    created=st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    saved=st.datetimes(
        datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(timezone(timedelta(hours=-3, minutes=-30)))
    ),
    stamp=st.integers(0, 2**62),
    pinned=st.booleans(),
    seal=st.integers(0, 2**32 - 1),
)


@given(KEYS, RECORDS)
def test_a_record_comes_back_as_it_was(key: str, record: bytes) -> None:
    row = pack(key, record)

    assert valid_key(key)
    assert row[1] == len(record) >= len(row[3])
    assert unpack(row, ROOM) == (key, record)


def test_only_what_gets_shorter_by_much_is_deflated() -> None:
    noise, small = random.Random(1).randbytes(50_000), bytes(2**14)
    assert pack("a", noise)[3] is noise
    assert pack("a", small)[3] is small
    assert len(pack("a", b"0.125," * 10_000)[3]) < 1_000
    # What the beginning promises the rest may not keep.
    assert pack("a", bytes(4096) + noise)[3] is not noise
    assert unpack(pack("a", bytes(4096) + noise), ROOM) == ("a", bytes(4096) + noise)


@given(KEYS, RECORDS, st.data())
def test_any_changed_byte_is_named(key: str, record: bytes, data: st.DataObject) -> None:
    name, size, crc, stored = pack(key, record)
    assume(stored)
    place = data.draw(st.integers(0, len(stored) - 1))
    torn = stored[:place] + bytes([stored[place] ^ data.draw(st.integers(1, 255))]) + stored[place + 1 :]

    for row in (
        (name, size, crc, torn),
        (name, size, crc ^ 1, stored),
        (name, size + 1, crc, stored),
        (name + "~", size, crc, stored),
    ):
        with pytest.raises(DamagedError):
            unpack(row, ROOM)


@each(
    "row",
    [
        (None, 1, 1, b"a"),
        ("", 1, 1, b"a"),
        ("a\x1b", 1, 1, b"a"),
        ("a" * 121, 1, 1, b"a"),
        ("ä", 1, 1, b"a"),
        (b"a", 1, 1, b"a"),
        ("a", None, 1, b"a"),
        ("a", 1.0, 1, b"a"),
        ("a", "1", 1, b"a"),
        ("a", 1, 1, "a"),
        ("a", 1, 1, None),
        ("a", 0, 1, b"a"),
        ("a", -1, 1, b""),
        ("a", 2**62, 1, b"a"),
        ("a", 1, None, b"a"),
    ],
)
def test_no_row_from_anywhere_is_believed(row: tuple[object, ...]) -> None:
    with pytest.raises(DamagedError) as caught:
        unpack(row, ROOM)
    assert str(caught.value).isprintable()


def test_what_inflates_to_more_than_it_says_is_refused() -> None:
    bomb = zlib.compress(bytes(2**20), 9)
    for size, stored in ((len(bomb) + 1, bomb), (2**20, bomb + b"x"), (2**20 + 1, bomb), (2**20, bomb[:-4])):
        crc = store_format._crc("a", size, stored)
        with pytest.raises(DamagedError):
            unpack(("a", size, crc, stored), 2**30)
    assert unpack(("a", 2**20, store_format._crc("a", 2**20, bomb), bomb), 2**30) == ("a", bytes(2**20))
    with pytest.raises(DamagedError, match="too large"):
        unpack(pack("a", bytes(ROOM + 1)), ROOM)


@given(HEADERS)
def test_a_header_comes_back_as_it_was(header: Header) -> None:
    again = Header.of(header.row())

    assert again.row() == header.row()
    assert again._replace(loss=None) == header._replace(loss=None)
    assert (again.loss is None) == (header.loss is None)
    if header.loss is not None and again.loss is not None:
        assert math.isnan(header.loss) or header.loss == again.loss


@given(HEADERS, st.integers(0, 9), st.sampled_from((None, -1, 1.5, "", "x" * 1000, b"x", 2**63, "\x1b]0;x\x07", "nan")))
def test_a_header_with_another_field_is_named(header: Header, place: int, value: object) -> None:
    row = list(header.row())
    assume(row[place] != value)
    row[place] = value
    with pytest.raises(DamagedError) as caught:
        Header.of(tuple(row))
    assert str(caught.value).isprintable()


@each(
    ("field", "value"),
    [
        ("what", "x" * 201),
        ("what", 3),
        ("source", None),
        ("step", -1),
        ("step", "7"),
        ("loss", "much"),
        ("loss", "1" * 41),
        ("created", "yesterday"),
        ("created", "2026-03-01T12:00:00"),
        ("saved", "0001-01-01T00:00:00+00:00"),
        ("saved", "9999-12-31T23:59:59-23:59"),
        ("saved", 7),
        ("stamp", -1),
        ("stamp", 2**63 - 1),
        ("pinned", 2),
        ("seal", "x"),
    ],
)
def test_a_header_with_a_right_check_is_not_believed_either(field: str, value: object) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    fields = dict(zip(Header._fields, Header("moons", "{}", 7, 0.5, now, now, 1, False, 0).row(), strict=False))
    fields[field] = value  # type: ignore[assignment]
    row = tuple(fields.values())
    with pytest.raises(DamagedError):
        Header.of((*row, store_format._check(row)))


def test_what_a_header_says_can_be_shown() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    row = Header("\x1b]0;title\x07", "{}", 7, 0.5, now, now, 1, False, 0).row()
    assert Header.of(row).what == r"\x1b]0;title\x07"
