"""The values that somebody types for a knob to be swept: `0.01..1`, `0..31`, `1e-3..1:5`, `tanh,relu`. Must not know
sessions, or what a knob does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from chainstep.datasets import printable
from chainstep.engine.records import record
from chainstep.engine.training.setup.settings import CHOICES

Kind = Literal["whole", "real", "choice", "sizes"]

KINDS: Mapping[str, Kind] = {
    "lr": "real",
    "hidden": "sizes",
    "batch_size": "whole",
    **dict.fromkeys(("l1", "l2", "momentum", "gain"), "real"),
    **dict.fromkeys(CHOICES, "choice"),
    **dict.fromkeys(("steps", "horizon", "seed"), "whole"),
}
"""The knobs that take several values, in the order in which rows are told; seeds change first of all."""

MOST = 10_000
"""Values of one knob, and runs of one sweep."""

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_REAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


class ValuesError(ValueError):
    """What was typed names no values of a knob; the message is one line that names the option."""


@record
class Axis:
    """A knob and the values that it takes."""

    name: str
    values: tuple[object, ...]
    between: tuple[float, float] | None = None
    """The ends, where all that lies between may be drawn: an A..B without a number of values."""

    @property
    def option(self) -> str:
        """As the command line has it."""
        return f"--{self.name.replace('_', '-')}"


def axis(name: str, texts: Iterable[str]) -> Axis:
    """The values of a knob, of all the times that its option was given; each value once.

    Raises:
        ValuesError: a text names none.
    """
    texts = tuple(texts)
    kind, option = KINDS[name], f"--{name.replace('_', '-')}"
    values: list[object] = []
    for text in texts:
        try:
            values += [_sizes(text)] if kind == "sizes" else _several(text, kind, name)
        except ValuesError as error:
            raise ValuesError(f"{option}: {error}") from None
    distinct = tuple(dict.fromkeys(values))
    if not distinct or len(distinct) > MOST:
        raise ValuesError(f"{option}: {len(distinct)} values, where 1 to {MOST} can be")
    ends = _ends(texts[0], kind) if len(texts) == 1 and kind in ("whole", "real") else None
    return Axis(name, distinct, ends if ends is not None and ends[0] < ends[1] else None)


def _several(text: str, kind: Kind, name: str) -> list[object]:
    parts = [part.strip() for part in text.split(",")]
    if kind == "choice":
        if wrong := [part for part in parts if part not in CHOICES[name]]:
            raise ValuesError(f"'{printable(wrong[0], 60)}' is none of {', '.join(CHOICES[name])}")
        return [*parts]
    return [value for part in parts for value in (_range(part, kind) if ".." in part else [_number(part, kind)])]


def _sizes(text: str) -> tuple[int, ...]:
    """`16,16` as (16, 16), and `none` as ()."""
    sizes = [] if text == "none" else text.split(",")
    # isdecimal, since int() takes signs, underscores and surrounding space as well.
    if not all(size.isascii() and size.isdecimal() and len(size) < 10 and int(size) > 0 for size in sizes):
        raise ValuesError(
            f"'{printable(text, 60)}' is no list of layer sizes such as 16,16 (or none); give the option once for each"
        )
    return tuple(map(int, sizes))


def _number(text: str, kind: Kind) -> float | int:
    pattern = _WHOLE if kind == "whole" else _REAL
    if not pattern.fullmatch(text):
        what = "whole number" if kind == "whole" else "number"
        raise ValuesError(f"'{printable(text, 60)}' is no {what}, and no range such as {_example(kind)}")
    number = int(text) if kind == "whole" else float(text)
    if not math.isfinite(number):
        raise ValuesError(f"'{printable(text, 60)}' is not finite")
    return number


def _example(kind: Kind) -> str:
    return "0..7" if kind == "whole" else "0.01..1"


def _ends(text: str, kind: Kind) -> tuple[float, float] | None:
    """The ends of a range without a number of values; None where it is none."""
    if text.count("..") != 1 or ":" in text or "," in text:
        return None
    first, last = (_number(part.strip(), kind) for part in text.split(".."))
    return first, last


def _range(text: str, kind: Kind) -> Sequence[float | int]:
    """`A..B` or `A..B:N`."""
    ends, colon, count = text.partition(":")
    first, _, last = ends.partition("..")
    low, high = _number(first.strip(), kind), _number(last.strip(), kind)
    shown = printable(text, 60)
    if low > high:
        raise ValuesError(f"'{shown}' runs backwards: write {last}..{first}")
    if colon:
        return _even(low, high, _count(count, shown), kind)
    if kind == "whole":
        if high - low >= MOST:
            raise ValuesError(f"'{shown}' is {int(high - low) + 1} values, more than {MOST}")
        return range(int(low), int(high) + 1)
    if low <= 0:
        raise ValuesError(f"'{shown}' has no 1-3-10 ladder: it begins above 0; single values go with commas")
    if rungs := ladder(low, high):
        return rungs
    raise ValuesError(f"there is no step of 1, 3, 10 in '{shown}': {first}..{last}:3 is three values")


def _count(text: str, shown: str) -> int:
    if not _WHOLE.fullmatch(text) or not 2 <= int(text) <= MOST:
        raise ValuesError(f"'{shown}': behind the colon is how many values, 2 to {MOST}")
    return int(text)


def _even(low: float, high: float, count: int, kind: Kind) -> list[float | int]:
    """So many values evenly in the logarithm, both ends exactly; whole ones are rounded, and each is there once."""
    if low <= 0:
        raise ValuesError("values even in the logarithm begin above 0")
    factor = math.log(high / low) / (count - 1)
    values = [low, *(low * math.exp(factor * k) for k in range(1, count - 1)), high]
    return list(dict.fromkeys(map(round, values))) if kind == "whole" else list(dict.fromkeys(values))


def ladder(low: float, high: float) -> list[float]:
    """The rungs … 0.01, 0.03, 0.1, 0.3, 1, 3 … from `low` to `high`, both above 0."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    rungs = [float(f"{digit}e{exponent}") for exponent in range(first, last + 1) for digit in (1, 3)]
    return [rung for rung in rungs if low <= rung <= high]


def shown(value: object) -> str:
    """A value as the command line takes it."""
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "none"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def told(knobs: Mapping[str, object]) -> str:
    """`lr 0.1, hidden 8,8, seed 3`."""
    return ", ".join(f"{name.replace('_', '-')} {shown(value)}" for name, value in knobs.items())


def clock(seconds: float) -> str:
    """`0:07`, `12:34`, `1:02:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
