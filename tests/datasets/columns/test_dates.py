"""Dates as days. Knows texts only."""

from __future__ import annotations

from chainstep.datasets.columns.dates import days, order_of
from support.cases import each


@each(
    ("texts", "words", "first"),
    [
        (("1970-01-02", "2020-12-31"), "year, month, day", 1.0),
        (("1970/1/2",), "year, month, day", 1.0),
        (("01/02/1970", "1/31/1970"), "month, day, year", 1.0),
        (("01/02/1970", "31/1/1970"), "day, month, year", 31.0),
        (("2.1.1970",), "day, month, year", 1.0),
        (("2 January 1970", "3-Feb-70"), "day, month, year", 1.0),
        (("Jan 2, 1970", "February 3rd, 1970"), "month, day, year", 1.0),
        (("1970-02", "1970-03"), "year, month", 31.0),
        (("1970-01-02T12:00:00Z",), "year, month, day", 1.5),
        (("1970-01-02 12:00+06:00",), "year, month, day", 1.25),
    ],
)
def test_orders(texts: tuple[str, ...], words: str, first: float) -> None:
    order = order_of(texts)
    assert order is not None
    assert order.words == words
    assert days(texts[0], order) == first


@each("text", ["2020-13-01", "2021-02-29", "31/31/2020", "12", "1.5", "May", "2020-01-01 25:00", ""])
def test_what_is_no_date(text: str) -> None:
    assert order_of([text]) is None
