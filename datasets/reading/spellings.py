"""How people write that a cell is missing, and numbers that are not plain. Must not know columns."""

from __future__ import annotations

import math
import re

_MISSING = frozenset(
    ["", "na", "n/a", "#n/a", "#na", "<na>", "nan", "null", "?", "-", "--", ".", "none", "nil", "missing"]
)
"""In lower case."""

_MINUS = "\u2212"
_CURRENCIES = "$€£¥"
_SPACES = "\u00a0\u202f\u2009 "
"""What parts thousands in some countries, beside the plain space."""

_GROUPED = re.compile(r"[0-9]{1,3}(?:([,.' ])[0-9]{3})(?:\1[0-9]{3})*")
_BODY = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is nothing, in a usual spelling."""
    return cell.strip().lower() in _MISSING


def written_number(cell: str, decimal: str = ".") -> float | None:
    """What a cell says if it says a finite number with the signs of people: `1,000`, `5%`, `$1.2`, `(3)`, a true minus.

    A percentage is the number before its sign. `decimal` is the file's decimal sign; the other one parts thousands.
    """
    text = cell.strip().replace(_MINUS, "-")
    for space in _SPACES:
        text = text.replace(space, " ")
    negative = False
    if text.startswith("(") and text.endswith(")"):  # bookkeeping's minus
        text, negative = text[1:-1].strip(), True
    if text[:1] in ("+", "-"):
        negative ^= text[0] == "-"
        text = text[1:].lstrip()
    text = text.strip(_CURRENCIES).strip()
    if text[:1] in ("+", "-"):
        negative ^= text[0] == "-"
        text = text[1:].lstrip()
    text = text.removesuffix("%").rstrip()
    number = _unsigned(text, decimal)
    return None if number is None else (-number if negative else number) + 0.0


def _unsigned(text: str, decimal: str) -> float | None:
    body, point, rest = text.partition(decimal)
    groups = _GROUPED.fullmatch(body)
    if groups and groups[1] != decimal:
        body = body.replace(groups[1], "")
    text = body + ("." if point else "") + rest
    if not _BODY.fullmatch(text) or (text[:1] == "0" and text[1:2].isdigit()):
        return None
    number = float(text)
    return number if math.isfinite(number) else None
