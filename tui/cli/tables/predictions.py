"""What a saved run makes of another table: as JSON lines, or as a table for people. Must not know how runs are kept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from chainstep.datasets.dataset import DataError, Dataset
from chainstep.datasets.printable import printable
from chainstep.engine.training.session import Session

from ...files.runs import read
from ...files.store.errors import RunError
from ...files.tables.opening import read as read_table
from ...render.canvas import numbers
from ..output import emit, percent, write
from .waiting import Waiting

_AT_ONCE = 1000
"""Lines that are written together."""


def predict(run: str, path: str, *, as_json: bool) -> None:
    """Write a row for each row of the table: the prediction, in the target's units or as a class with probabilities.

    Raises:
        RunError: there is no such run, or it was not trained on a table.
        DataError: the table cannot be read, or lacks a column.
    """
    session = read(run)
    data = session.subject
    if not isinstance(data, Dataset) or data.preparation is None:
        raise RunError(f"run {printable(run)} was not trained on a table")
    try:
        with Waiting(path) as waiting:
            rows = data.preparation.rows(read_table(path, progress=waiting))
    except DataError as error:
        raise DataError(f"{printable(path, 200)}: {error}") from None
    told = _predictions(session, data, rows)
    if not as_json:
        _print(data, list(told))
        return
    while some := list(islice(told, _AT_ONCE)):
        emit(*some)


def _predictions(session: Session, data: Dataset, rows: list[tuple[float, ...]]) -> Iterator[dict[str, object]]:
    for number, made in enumerate(session.predictions(map(data.standardised, rows)), 1):
        told: dict[str, object] = {"row": number}
        if made.decision is None:
            told["prediction"] = data.in_units(made.outputs[0])
        else:
            told["prediction"] = data.classes[made.decision]
        if made.probabilities:
            told["probabilities"] = dict(zip(data.classes, made.probabilities, strict=True))
        yield told


def _print(data: Dataset, told: list[dict[str, object]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("row", justify="right")
    table.add_column(Text(data.target), justify="left" if data.classes else "right")
    shown = told[0].get("probabilities") if told else None
    for name in shown if isinstance(shown, dict) else ():
        table.add_column(Text(name), justify="right")
    for row in told:
        prediction, probabilities = row["prediction"], row.get("probabilities")
        cells = [percent(share) for share in probabilities.values()] if isinstance(probabilities, dict) else []
        said = numbers.plain(prediction) if isinstance(prediction, float) else str(prediction)
        table.add_row(str(row["row"]), Text(said), *cells)
    write(table)
