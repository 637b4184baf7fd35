"""Reports on a table before anything trains: as JSON lines, or as a table for people. Must not know sessions."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence

from chainstep.datasets.columns.choices import Choices
from chainstep.datasets.columns.preparation import Prepared
from chainstep.datasets.dataset import Dataset
from chainstep.datasets.printable import printable

from ...files.tables.opening import open_table
from ...render.canvas import numbers
from ..output import emit, percent, write
from .waiting import Waiting
from .wording import of_chosen


def report(path: str, target: str | None, choices: Choices | None, *, as_json: bool) -> None:
    """Say what a file is taken for.

    Raises:
        DataError: it cannot be read, or there is nothing to learn in it.
    """
    with Waiting(path) as waiting:
        prepared = open_table(path, target, choices, waiting)
    if as_json:
        emit(*(row._asdict() for row in prepared.columns), _end(prepared))
        return
    _print(prepared)


def baseline(data: Dataset) -> float:
    """What is right without learning: the accuracy of the largest class of the training part on the test part, or the
    RMSE of the training part's mean in the target's units; on the training part where nothing is tested.
    """
    targets = data.test_targets or data.train_targets
    if data.classes:
        usual = Counter(data.train_targets).most_common(1)[0][0]
        return sum(target == usual for target in targets) / len(targets)
    mean = statistics.fmean(data.train_targets)
    # Products become infinite where powers raise.
    squares = sum((target - mean) * (target - mean) for target in targets)
    return math.sqrt(squares / len(targets)) * data.target_scale


def _end(prepared: Prepared) -> dict[str, object]:
    data = prepared.data
    return {
        "event": "end",
        "rows": prepared.rows,
        "task": "classes" if data.classes else "quantity",
        "classes": list(data.classes),
        "train": len(data.train_targets),
        "test": len(data.test_targets),
        "baseline": baseline(data),
    }


def _print(prepared: Prepared) -> None:
    from rich.table import Table
    from rich.text import Text

    data = prepared.data
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name, justify in (("column", "left"), ("taken for", "left"), ("missing", "right"), ("why", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for row in prepared.columns:
        style = "bold" if row.kind == "target" else "" if row.used else "dim"
        missing = str(row.missing) if row.missing else ""
        table.add_row(Text(printable(row.column)), row.kind, missing, Text(row.why), style=style)
    write(table, "", *_facts(prepared, data))


def _facts(prepared: Prepared, data: Dataset) -> Sequence[str]:
    train, test = len(data.train_targets), len(data.test_targets)
    counted = {"without the target": prepared.untold, "with gaps": prepared.gaps}
    lost = ", ".join(f"{count} {words}" for words, count in counted.items() if count)
    left = f"; left out: {lost}" if lost else ""
    lines = [*prepared.read, f"{prepared.rows} rows: {train} to train on, {test} to test on{left}"]
    if data.chosen_of:
        lines.append(of_chosen(data))
    if data.classes:
        counts = Counter((*data.train_targets, *data.test_targets))
        told = ", ".join(f"{name} {counts[float(k)]}" for k, name in enumerate(data.classes[:8]))
        lines.append(f"{data.target}: {told}{', …' if len(data.classes) > 8 else ''}")
        lines.append(f"always the largest class is right in {percent(baseline(data))} of the tests")
    else:
        lines.append(
            f"{data.target}: mean {numbers.plain(data.target_mean)}, spread {numbers.plain(data.target_scale)}"
        )
        lines.append(f"always the mean is off by {numbers.plain(baseline(data))} (RMSE) in the tests")
    return lines
