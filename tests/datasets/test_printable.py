"""Tests that no text can act on a terminal once it is printable. Knows no data."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chainstep.datasets.printable import distinct, printable
from support.cases import each


@given(st.text(), st.integers(1, 60))
def test_result_is_printable_and_within_its_limit(text: str, limit: int) -> None:
    shown = printable(text, limit)
    assert shown.isprintable()
    assert len(shown) <= limit


@given(st.text(alphabet=st.characters(categories=["L", "N", "P"]), max_size=40))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


@each(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\nb\tc\rd\0", "a\\nb\\tc\\rd\\x00"),
        ("\x9b2J", "\\x9b2J"),
        ("\u202eevil", "\\u202eevil"),
        ("\udc80", "\\udc80"),
        ("x" * 41, "x" * 39 + "…"),
        ("größe (µm) 数", "größe (µm) 数"),
    ],
)
def test_known_texts(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_an_escape_is_never_cut_in_two() -> None:
    assert printable("abc\x1b\x1b", limit=8) == "abc\\x1b…"
    assert printable("abc\x1b\x1b", limit=7) == "abc…"
    assert printable("abc\x1b\x1b", limit=11) == "abc\\x1b\\x1b"


@given(st.lists(st.text(alphabet="ab\n~2", max_size=8), unique=True, max_size=12))
def test_distinct_texts_stay_distinct(texts: list[str]) -> None:
    shown = distinct(texts, limit=5)
    assert len(set(shown)) == len(texts)
    assert all(len(name) <= 5 and name.isprintable() for name in shown)


def test_names_cut_alike_are_numbered() -> None:
    assert distinct(["rain_north", "rain_south", "sun"], limit=6) == ("rain_…", "rai…~2", "sun")
