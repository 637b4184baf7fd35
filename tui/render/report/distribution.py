"""How often each value of a target comes: classes as bars, a quantity as a histogram. Must not know columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.text import Text

from chainstep.datasets.dataset import Dataset
from chainstep.datasets.printable import printable

from ..canvas import numbers
from ..canvas.meter import meter
from ..canvas.shortened import shortened
from ..style.look import Look

_MOST_BINS = 48
_LONGEST = 40
"""Cells of the longest bar."""


def distribution(data: Dataset, width: int, height: int, look: Look) -> list[Text]:
    """At most `height` lines of at most `width` cells; of all rows, those to train on and those to test on."""
    targets = (*data.train_targets, *data.test_targets)
    if height < 1:
        return []
    if data.classes:
        return _bars(data.classes, targets, width, height, look)
    return _histogram([data.in_units(target) for target in targets], width, height, look)


def _bars(classes: Sequence[str], targets: Sequence[float], width: int, height: int, look: Look) -> list[Text]:
    counts = Counter(targets)
    most = [(k, count) for k, count in counts.most_common()]
    shown = most if len(most) <= height else most[: height - 1]
    longest = max(len(printable(classes[int(k)])) for k, _ in shown) if shown else 1
    wide = max(1, min(longest, width // 3))
    names = shortened(tuple(printable(classes[int(k)]) for k, _ in shown), wide, look.glyphs)
    digits = len(str(max(counts.values())))
    room = max(0, min(_LONGEST, width - wide - digits - 11))
    lines = []
    for name, (_, count) in zip(names, shown, strict=True):
        line = Text(name, look.palette.text)
        line.pad_right(max(0, wide + 1 - line.cell_len))
        bar = meter(count / most[0][1], room, look.glyphs)
        line.append(f"{bar:<{room}} ", look.palette.accented)
        line.append(f"{count:>{digits}}  {100 * count / len(targets):4.1f} %", look.palette.quiet)
        lines.append(line)
    if rest := most[len(shown) :]:
        told = f"and {len(rest)} more classes: {sum(count for _, count in rest)} rows"
        lines.append(Text(told[:width], look.palette.quiet))
    return lines


def _histogram(values: Sequence[float], width: int, height: int, look: Look) -> list[Text]:
    least, most = min(values), max(values)
    ends = numbers.plain(least), numbers.plain(most)
    bins = max(1, min(_MOST_BINS, width - 2 - sum(map(len, ends)), len(set(values))))
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int((value - least) / (most - least) * bins)) if most > least else 0] += 1
    fills, tall = look.glyphs.bars, max(1, min(4, height))
    lines = []
    for row in reversed(range(tall)):
        bars = "".join(_cell(count / max(counts), row, tall, fills) for count in counts)
        last = row == 0
        line = Text(ends[0] if last else " " * len(ends[0]), look.palette.quiet)
        line.append(f" {bars} ", look.palette.accented)
        line.append(ends[1] if last else "", look.palette.quiet)
        lines.append(line)
    return lines


def _cell(share: float, row: int, tall: int, fills: str) -> str:
    """What one row of a bar of that share of `tall` rows shows; one sample is never nothing."""
    steps = max(round(share * tall * len(fills)), 1 if share else 0) - row * len(fills)
    return " " if steps <= 0 else fills[min(steps, len(fills)) - 1]
