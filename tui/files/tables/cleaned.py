"""Writes what a table became, to be read by other programs: numbers without gaps, in their own units. Must not know
how it was read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from chainstep.datasets.dataset import Dataset
from chainstep.datasets.printable import distinct

_DIGITS = ".12g"
"""Numbers come back from units of their spread, which costs the last of their digits."""


def write_cleaned(folder: Path, data: Dataset) -> Path:
    """Write a table into a file of a new name in the folder, and give its path. It may be called in any thread.

    Raises:
        OSError: it could not be written; nothing of it is left.
    """
    for number in count(1):
        path = folder / f"{Path(data.name).stem}-cleaned{'' if number == 1 else f'-{number}'}.csv"
        try:
            file = path.open("x", encoding="utf-8", newline="")
        except FileExistsError:
            continue
        try:
            with file:
                csv.writer(file, lineterminator="\n").writerows(cleaned(data))
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path
    raise AssertionError  # numbers have no end


def cleaned(data: Dataset) -> Iterator[Sequence[object]]:
    """The names, then a row for each sample: the m features in their own units, gaps filled, the target, and the part,
    `train` or `test`, that it is in.
    """
    yield distinct([*data.features, data.target, "part"])
    parts = (("train", data.train_inputs, data.train_targets), ("test", data.test_inputs, data.test_targets))
    for part, inputs, targets in parts:
        for row, target in zip(inputs, targets, strict=True):
            features = (x * scale + mean for x, mean, scale in zip(row, data.means, data.scales, strict=True))
            said = data.classes[int(target)] if data.classes else format(data.in_units(target), _DIGITS)
            yield [*(format(feature, _DIGITS) for feature in features), said, part]
