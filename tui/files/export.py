"""Writes what is shown into files: the screen as SVG, the curve and the parameters as CSV. Must not know the session or
the app.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable
from itertools import count
from pathlib import Path

from chainstep.engine.training.snapshot.curve import Curve
from chainstep.engine.training.snapshot.parameters import ParametersView
from chainstep.engine.training.snapshot.parts import Part
from chainstep.engine.training.snapshot.snapshot import Snapshot

PARTS: frozenset[Part] = frozenset({"curve", "parameters", "test"})
"""The parts of a snapshot that are written."""

_LONGEST = 60
"""Letters of a subject's name that a file's name has."""


def export(folder: Path, picture: str, snapshot: Snapshot) -> Path:
    """Write the picture and the numbers; the path of the picture. The numbers are beside it, in `-loss.csv` and
    `-parameters.csv`.

    Raises:
        OSError: something could not be written; nothing of it is left.
    """
    assert snapshot.curve is not None
    assert snapshot.parameters is not None
    contents = {
        ".svg": picture,
        "-loss.csv": loss_table(snapshot.curve),
        "-parameters.csv": parameters_table(snapshot.parameters),
    }
    name = re.sub(r"\W+", "-", Path(snapshot.subject.name).stem).strip("-")[:_LONGEST]
    stem = f"chainstep-{name or 'data'}-step{snapshot.position.step}"
    for number in count(1):
        numbered = stem if number == 1 else f"{stem}-{number}"
        files = {folder / f"{numbered}{ending}": text for ending, text in contents.items()}
        if not any(path.exists() for path in files):
            break
    _write(files)
    return next(iter(files))


def _write(files: dict[Path, str]) -> None:
    """All of them, or none."""
    written: list[Path] = []
    try:
        for path, text in files.items():
            # "x": what somebody else wrote meanwhile stays as well.
            with path.open("x", encoding="utf-8", newline="") as file:
                written.append(path)
                file.write(text)
    except OSError:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def loss_table(curve: Curve) -> str:
    """A row for each step, measured before its update; empty where nothing was measured or it means nothing. Of steps
    long ago that are known by their stretches, the first of each has one.
    """
    tested = dict(zip(curve.test_steps, curve.test_loss, strict=True))
    rows: list[tuple[object, ...]] = []
    for loss, accuracy in zip(*(series.parts(0, curve.length) for series in (curve.loss, curve.accuracy)), strict=True):
        step, known = loss.start, "" if math.isnan(accuracy.first) else accuracy.first
        rows.append((step, loss.first, known, curve.lr[step], tested.get(step, "")))
    # The test loss is measured where the run stands, ahead of that step's own loss.
    rows += [(step, "", "", "", loss) for step, loss in tested.items() if step >= curve.length]
    return _csv(("step", "loss", "accuracy", "lr", "test loss"), rows)


def parameters_table(parameters: ParametersView) -> str:
    """A row for each parameter."""
    return _csv(("name", "data", "grad"), zip(parameters.labels, parameters.data, parameters.grad, strict=True))


def _csv(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    text = io.StringIO()
    # It writes a float as its repr: read again, every bit of it is there.
    csv.writer(text, lineterminator="\n").writerows([head, *rows])
    return text.getvalue()
