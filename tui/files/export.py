"""Writes what is shown into files: the screen as SVG, the curve, the parameters and the predictions as CSV, a few rows
at a time. Must not know the session or the app.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

from chainstep.engine.training.snapshot.curve import Curve
from chainstep.engine.training.snapshot.parameters import ParametersView
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.samples.predicted import Predicted
from chainstep.engine.training.snapshot.snapshot import Snapshot

PARTS: frozenset[Part] = frozenset({"curve", "parameters", "test"})
"""The parts of a snapshot that are written."""

MOST_BYTES = 20 * 2**20
"""Of all files of an export together."""

_LONGEST = 60
"""Letters of a subject's name that a file's name has."""

_ENDINGS = (".svg", "-loss.csv", "-parameters.csv", "-predictions.csv")

_ROWS = 100
"""Rows that are written at once: some of a millisecond."""

Row = tuple[object, ...]
Progress = Callable[[float], bool]
"""Gets how much of a file is written, from 0 to 1; whether to go on."""


class DroppedError(Exception):
    """Whoever asked for an export does not want it any more; nothing of it is left."""


class Saved(NamedTuple):
    """What was written."""

    picture: Path
    """The numbers are beside it, in `-loss.csv` and `-parameters.csv`."""
    predicted: bool
    """What is predicted of each sample is there, too, in `-predictions.csv`."""
    thinned: int
    """Steps that a row of the loss stands for where they were long ago; 1 where each step has its own."""


def export(
    folder: Path,
    picture: Callable[[], str],
    snapshot: Snapshot,
    predicted: Iterable[Predicted] | None = None,
    progress: Progress = lambda _: True,
) -> Saved:
    """Write the picture and the numbers into files of new names. It may be called in any thread.

    Raises:
        OSError: something could not be written, or it is too much.
        DroppedError: `progress` wanted it so.
    """
    curve, parameters = snapshot.curve, snapshot.parameters
    assert curve is not None
    assert parameters is not None
    stem = _free(folder, f"chainstep-{_name(snapshot.subject.name)}-step{snapshot.position.step}")
    contents = {
        stem.with_name(f"{stem.name}.svg"): _drawn(picture),
        stem.with_name(f"{stem.name}-loss.csv"): as_csv(loss_table(curve)),
        stem.with_name(f"{stem.name}-parameters.csv"): as_csv(parameters_table(parameters)),
    }
    if predicted is not None:
        contents[stem.with_name(f"{stem.name}-predictions.csv")] = as_csv(predictions_table(predicted))
    _write(contents, progress)
    return Saved(stem.with_name(f"{stem.name}.svg"), predicted is not None, thinning(curve))


def _name(subject: str) -> str:
    """A subject's name as a part of a file's."""
    return re.sub(r"\W+", "-", Path(subject).stem).strip("-")[:_LONGEST] or "data"


def _free(folder: Path, stem: str) -> Path:
    """A path that no file begins with."""
    for number in count(1):
        numbered = stem if number == 1 else f"{stem}-{number}"
        if not any((folder / f"{numbered}{ending}").exists() for ending in _ENDINGS):
            return folder / numbered
    raise AssertionError  # numbers have no end


Piece = tuple[float, str]
"""How much of a file ends with a text, from 0 to 1, and the text."""


def _drawn(picture: Callable[[], str]) -> Iterator[Piece]:
    yield 1.0, picture()


def _write(contents: dict[Path, Iterator[Piece]], progress: Progress) -> None:
    """All of them, or none."""
    written: list[Path] = []
    left = MOST_BYTES
    try:
        for place, (path, pieces) in enumerate(contents.items()):
            # "x": what somebody else wrote meanwhile stays as well.
            with path.open("xb") as file:
                written.append(path)
                for part, text in pieces:
                    left -= file.write(text.encode())
                    if left < 0:
                        raise OSError(f"it would be more than {MOST_BYTES // 2**20} MB")
                    if not progress((place + part) / len(contents)):
                        raise DroppedError
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


# --- tables: how far each row leads, from 0 to 1, and the row; the first one is its head

Table = Iterator[tuple[float, Row]]


def thinning(curve: Curve) -> int:
    """Steps of the widest row of `loss_table`."""
    return max((part.stop - part.start for part in islice(curve.loss.parts(0, curve.length), 1)), default=1)


def loss_table(curve: Curve) -> Table:
    """A row for each step, measured before its update; empty where nothing was measured or it means nothing.

    Of steps long ago that are known by their stretches, the first of each has a row, which also says how many `steps`
    it stands for and how low and how high their losses went.
    """
    thinned, tests = thinning(curve) > 1, sorted(zip(curve.test_steps, curve.test_loss, strict=True))
    extra = ("steps", "lowest loss", "highest loss") if thinned else ()
    yield 0.0, ("step", "loss", "accuracy", "lr", "test loss", *extra)
    tested = 0
    for loss, accuracy in zip(*(series.parts(0, curve.length) for series in (curve.loss, curve.accuracy)), strict=True):
        step, known, test = loss.start, "" if math.isnan(accuracy.first) else accuracy.first, ""
        if tested < len(tests) and tests[tested][0] == step:
            test, tested = repr(tests[tested][1]), tested + 1
        span = (loss.stop - step, loss.low, loss.high) if thinned else ()
        yield loss.stop / curve.length, (step, loss.first, known, curve.lr[step], test, *span)
        while tested < len(tests) and tests[tested][0] < loss.stop:
            yield loss.stop / curve.length, (tests[tested][0], "", "", "", tests[tested][1], *("" for _ in extra))
            tested += 1
    # The test loss is measured where the run stands, ahead of that step's own loss.
    for step, measured in tests[tested:]:
        yield 1.0, (step, "", "", "", measured, *("" for _ in extra))


def parameters_table(parameters: ParametersView) -> Table:
    """A row for each parameter."""
    yield 0.0, ("name", "data", "grad")
    rows = zip(parameters.labels, parameters.data, parameters.grad, strict=True)
    for number, row in enumerate(rows, start=1):
        yield number / len(parameters.labels), row


def predictions_table(predicted: Iterable[Predicted]) -> Table:
    """A row for each sample: of classes whether the prediction is right, and how sure it is of it; of a quantity what
    is left over, y − ŷ.
    """
    rows = list(predicted)
    classes = any(isinstance(row.target, str) for row in rows)
    more = ("right", "probability") if classes else ("residual",)
    yield 0.0, ("part", "sample", "target", "prediction", *more)
    for number, row in enumerate(rows, start=1):
        yield number / len(rows), (*row[:4], *_judged(row))


def _judged(row: Predicted) -> Row:
    if isinstance(row.target, float) and isinstance(row.prediction, float):
        return (row.target - row.prediction,)
    return (int(row.target == row.prediction), "" if row.probability is None else row.probability)


def as_csv(table: Iterable[tuple[float, Row]]) -> Iterator[Piece]:
    """A table in pieces of CSV."""
    rows = iter(table)
    while some := list(islice(rows, _ROWS)):
        text = io.StringIO()
        # It writes a float as its repr: read again, every bit of it is there.
        csv.writer(text, lineterminator="\n").writerows(row for _, row in some)
        yield some[-1][0], text.getvalue()
