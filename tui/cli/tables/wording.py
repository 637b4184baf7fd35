"""What is said of a table's rows in more than one place. Must not know how they were read."""

from __future__ import annotations

from chainstep.datasets.dataset import Dataset


def of_chosen(data: Dataset) -> str:
    """Which rows are learnt from, of a data set that has chosen some."""
    rows = len(data.train_targets) + len(data.test_targets)
    return f"{rows:,} of {data.chosen_of:,} rows are learnt from, evenly chosen"
