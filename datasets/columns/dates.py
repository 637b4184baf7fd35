"""Dates and times as people write them -> days. Must not know columns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}

_EPOCH = date(1970, 1, 1).toordinal()

_TIME = r"(?:[T ]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2}(?:\.\d+)?))? ?(?P<Z>Z|UTC|[+-]\d{2}:?\d{2})?)?"
_NAME = r"(?P<m>[A-Za-z]{3,9})\.?"


class Order(NamedTuple):
    """An order of day, month and year."""

    words: str
    pattern: re.Pattern[str]


def _order(words: str, pattern: str) -> Order:
    return Order(words, re.compile(pattern + _TIME, re.ASCII))


ORDERS = (
    _order("year, month, day", r"(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})"),
    _order("month, day, year", r"(?P<m>\d{1,2})(?P<sep>[-/])(?P<d>\d{1,2})(?P=sep)(?P<y>\d{4}|\d{2})"),
    _order("day, month, year", r"(?P<d>\d{1,2})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<y>\d{4}|\d{2})"),
    _order("day, month, year", rf"(?P<d>\d{{1,2}})[-. ]+{_NAME}[-,. ]+(?P<y>\d{{4}}|\d{{2}})"),
    _order("month, day, year", rf"{_NAME}[-. ]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? +(?P<y>\d{{4}})"),
    _order("year, month", r"(?P<y>\d{4})[-/](?P<m>\d{1,2})"),
    _order("month, year", rf"{_NAME}[-., ]+(?P<y>\d{{4}})"),
)
"""Where both orders of numbers are possible for all of a column's dates, the American one is taken, and said."""


def order_of(texts: Iterable[str]) -> Order | None:
    """The order in which all of the texts are dates; None where there is no such."""
    texts = list(texts)
    return next((order for order in ORDERS if texts and all(days(text, order) is not None for text in texts)), None)


def days(text: str, order: Order) -> float | None:
    """Days since the beginning of 1970, a time of day as a fraction; None where it is no date in that order.

    A year of two digits lies between 1969 and 2068, as POSIX has it.
    """
    found = order.pattern.fullmatch(text.strip())
    if found is None:
        return None
    parts = found.groupdict()
    named = parts["m"]
    month = int(named) if named.isdigit() else _MONTHS.get(named[:3].lower(), 0)
    year = int(parts["y"])
    if len(parts["y"]) == 2:
        year += 2000 if year < 69 else 1900
    try:
        day = date(year, month, int(parts.get("d") or 1)).toordinal() - _EPOCH
    except ValueError:
        return None
    clock = [float(parts[part] or 0) for part in "HMS"]
    if clock[0] > 24 or clock[1] >= 60 or clock[2] > 60:
        return None
    return day + (clock[0] * 3600 + clock[1] * 60 + clock[2] - _offset(parts["Z"])) / 86400


def _offset(zone: str | None) -> float:
    """Seconds that a zone is ahead of UTC."""
    if zone is None or zone in ("Z", "UTC"):
        return 0.0
    sign = -1.0 if zone[0] == "-" else 1.0
    return sign * (int(zone[1:3]) * 3600 + int(zone[-2:]) * 60)
