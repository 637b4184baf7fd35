"""A user's table: read as was chosen, and known again by what it holds. Must not know sessions or knobs."""

from __future__ import annotations

import sys
from array import array
from itertools import chain

from chainstep.datasets import Dataset
from chainstep.datasets.blocks import blocks
from chainstep.datasets.columns.choices import Choices
from chainstep.datasets.reading.table import Progress
from chainstep.datasets.user_table import PreparedTable

from ..tables.opening import user_table

_DIGESTED = (
    *("name", "features", "target", "classes"),
    *("train_inputs", "train_targets", "test_inputs", "test_targets", "means", "scales"),
)
"""What makes a data set another one."""


def read_file(
    what: str, target: str | None = None, choices: Choices | None = None, progress: Progress | None = None
) -> PreparedTable:
    """A CSV file made ready; without a target the last column that can be one is proposed.

    Raises:
        DataError: there is no such file, or its data cannot be used.
    """
    choices = choices or Choices()
    table = user_table(what, choices.header, progress)
    if target is None:
        return table.proposed(choices)
    return PreparedTable(table, target, choices, table.prepared(target, choices))


def digest(data: Dataset, *, written: bool = False) -> str:
    """Of the numbers and names, not of the file's bytes: another line ending is no other data.

    Of the numbers as they are `written` in runs without choices; writing a million takes a second.
    """
    import hashlib  # loads OpenSSL, which the first frame does without

    held = {name: getattr(data, name) for name in _DIGESTED}
    if written:
        return hashlib.sha256(repr(held).encode()).hexdigest()
    rows = {name: held.pop(name) for name in ("train_inputs", "train_targets", "test_inputs", "test_targets")}
    digest = hashlib.sha256(repr(held).encode())
    for name, numbers in rows.items():
        width = len(data.features) if name.endswith("inputs") else 1
        digest.update(f"{name} {len(numbers) * width}".encode())
        for some in blocks(numbers):
            packed = array("d", chain.from_iterable(some) if name.endswith("inputs") else some)
            if sys.byteorder == "big":
                packed.byteswap()
            digest.update(packed.tobytes())
    return digest.hexdigest()
