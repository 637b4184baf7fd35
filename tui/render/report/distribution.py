"""How often each value of a target comes: classes as bars, a quantity as a histogram. Must not know columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rich.text import Text

from chainstep.datasets.blocks import in_blocks
from chainstep.datasets.dataset import Dataset
from chainstep.datasets.printable import printable

from ..canvas import numbers
from ..canvas.meter import meter
from ..canvas.shortened import shortened
from ..style.look import Look

_BINS = 48
_TALLEST = 4
"""Lines of a histogram."""

_LONGEST = 40
"""Cells of the longest bar."""


class Distribution(NamedTuple):
    """How often what comes, among all rows, those to train on and those to test on."""

    counts: Sequence[int]
    """Of each class, the most frequent first; or of equal parts of the range, from its lower end on."""
    classes: Sequence[str] = ()
    """Their names; empty for a quantity."""
    ends: tuple[float, float] = (0.0, 0.0)
    """A quantity's least and largest value."""

    @classmethod
    def of(cls, data: Dataset) -> Distribution:
        """A data set's target; takes time where there are many rows."""
        targets = (*data.train_targets, *data.test_targets)
        if data.classes:
            most = Counter(in_blocks(targets)).most_common()
            return cls([count for _, count in most], [printable(data.classes[int(k)]) for k, _ in most])
        least, most_ = min(in_blocks(targets)), max(in_blocks(targets))
        counts = [0] * _BINS
        # Halves, since their difference may be more than a float holds.
        wide = most_ / 2 - least / 2
        for target in targets:
            counts[min(_BINS - 1, int((target / 2 - least / 2) / wide * _BINS)) if wide else 0] += 1
        return cls(counts, ends=(data.in_units(least), data.in_units(most_)))


def distribution(spread: Distribution, width: int, height: int, look: Look) -> list[Text]:
    """At most `height` lines of at most `width` cells."""
    if height < 1:
        return []
    return (_bars if spread.classes else _histogram)(spread, max(1, width), height, look)


def _bars(spread: Distribution, width: int, height: int, look: Look) -> list[Text]:
    counts = spread.counts if len(spread.counts) <= height else spread.counts[: height - 1]
    wide = max(1, min(max(map(len, spread.classes[: len(counts)]), default=1), width // 3))
    names = shortened(tuple(spread.classes[: len(counts)]), wide, look.glyphs)
    digits = len(str(spread.counts[0]))
    room = max(0, min(_LONGEST, width - wide - digits - 11))
    lines = []
    for name, count in zip(names, counts, strict=True):
        line = Text(name, look.palette.text)
        line.pad_right(max(0, wide + 1 - line.cell_len))
        bar = meter(count / spread.counts[0], room, look.glyphs)
        line.append(f"{bar:<{room}} ", look.palette.accented)
        line.append(f"{count:>{digits}}  {100 * count / sum(spread.counts):4.1f} %", look.palette.quiet)
        lines.append(line)
    if rest := spread.counts[len(counts) :]:
        lines.append(Text(f"and {len(rest)} more classes: {sum(rest)} rows", look.palette.quiet))
    for line in lines:
        line.truncate(width)
    return lines


def _histogram(spread: Distribution, width: int, height: int, look: Look) -> list[Text]:
    least, most = map(numbers.plain, spread.ends)
    counts = spread.counts
    while len(counts) > max(3, width - 2 - len(least) - len(most)):
        counts = [sum(counts[k : k + 2]) for k in range(0, len(counts), 2)]
    tall = min(_TALLEST, height)
    lines = []
    for row in reversed(range(tall)):
        bars = "".join(_cell(count / max(counts), row, tall, look.glyphs.bars) for count in counts)
        line = Text(" " * len(least) if row else least, look.palette.quiet)
        line.append(f" {bars} ", look.palette.accented)
        line.append("" if row else most, look.palette.quiet)
        line.truncate(width)
        lines.append(line)
    return lines


def _cell(share: float, row: int, tall: int, fills: str) -> str:
    """What one row of a bar of that share of `tall` rows shows; one sample is never nothing."""
    steps = max(round(share * tall * len(fills)), 1 if share else 0) - row * len(fills)
    return " " if steps <= 0 else fills[min(steps, len(fills)) - 1]
