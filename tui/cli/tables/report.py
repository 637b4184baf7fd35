"""Reports on a table before anything trains: as JSON lines, or as a table for people. Must not know sessions."""

from __future__ import annotations

from chainstep.datasets.columns.choices import Choices
from chainstep.datasets.columns.preparation import Prepared
from chainstep.datasets.dataset import Dataset
from chainstep.datasets.printable import printable

from ...files.subjects.table import read_file
from ...files.subjects.weighing import weighing
from ...render.report import facts
from ..output import emit, write
from .waiting import Waiting


def report(path: str, target: str | None, choices: Choices | None, *, as_json: bool) -> None:
    """Say what a file is taken for.

    Raises:
        DataError: it cannot be read, or there is nothing to learn in it.
    """
    with Waiting(path) as waiting:
        prepared = read_file(path, target, choices, waiting).prepared
    if as_json:
        emit(*(row._asdict() for row in prepared.columns), _end(prepared))
        return
    _print(prepared)


def _end(prepared: Prepared) -> dict[str, object]:
    data = prepared.data
    return {
        "event": "end",
        "rows": prepared.rows,
        "task": "classes" if data.classes else "quantity",
        "classes": list(data.classes),
        "train": len(data.train_targets),
        "test": len(data.test_targets),
        "baseline": facts.baseline(data),
        **_offered(data),
    }


def _offered(data: Dataset) -> dict[str, object]:
    """The rare class, and what a sample of each would weigh; nothing where no class is rare."""
    classes = weighing(data)
    if classes is None or classes.rarest is None:
        return {}
    weights = dict(zip(data.classes, classes.weights, strict=True))
    return {"rare": data.classes[classes.rarest], "class_weights": weights}


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
    told = [*prepared.read, *facts.of_rows(prepared), facts.of_target(data), facts.of_baseline(data)]
    if (classes := weighing(data)) and (rare := facts.of_rare(data, classes)):
        told.append(f"{rare}; --class-weights would weigh a sample by its class: {facts.of_weights(data, classes)}")
    write(table, "", *told)
