"""The defaults' rows: how well a table is learnt without one option, against scikit-learn's default network on the same
columns and the same split. Needs scikit-learn, and whichever of the packages that ship the tables is installed.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tarfile
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from chainstep.datasets import Dataset
from chainstep.datasets.user_table import open_table

from . import peers
from .rows import Row, skipped

SEEDS = range(5)
ENOUGH = 20
"""Test rows; a figure on fewer is told, and not judged."""

SLACK = 0.02
"""How far below its peer a figure may be."""


class Table(NamedTuple):
    """A CSV file that a package ships."""

    name: str
    package: str
    path: str
    target: str


_R = "resources/rdata/csv/"
TABLES = (
    Table("iris", "sklearn", "datasets/data/iris.csv", "5"),
    Table("wine", "sklearn", "datasets/data/wine_data.csv", "14"),
    Table("breast cancer", "sklearn", "datasets/data/breast_cancer.csv", "31"),
    Table("digits", "sklearn", "datasets/data/digits.csv.gz", "65"),
    Table("penguins", "plotnine", "data/penguins.csv", "species"),
    Table("titanic", "pydataset", f"{_R}COUNT/titanic.csv", "survived"),
    Table("rossi", "lifelines", "datasets/rossi.csv", "arrest"),
    Table("Boston", "pydataset", f"{_R}MASS/Boston.csv", "medv"),
    Table("mpg", "plotnine", "data/mpg.csv", "hwy"),
    Table("tips", "pydataset", f"{_R}reshape2/tips.csv", "tip"),
    Table("airquality", "pydataset", f"{_R}datasets/airquality.csv", "Ozone"),
    Table("faithful", "plotnine", "data/faithful.csv", "eruptions"),
    Table("diamonds", "plotnine", "data/diamonds.csv", "price"),
    Table("fair", "statsmodels", "datasets/fair/fair.csv", "affairs"),
    Table("mtcars", "plotnine", "data/mtcars.csv", "mpg"),
)


def defaults(repetitions: int) -> Iterator[Row]:
    """A row a table: the means over five seeds, whatever `repetitions` says."""
    if not peers.module("sklearn"):
        yield skipped("defaults", "scikit-learn is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        for table in TABLES:
            path = _file(table, Path(folder))
            yield _row(table, path) if path else skipped(table.name, f"{table.package} is not installed")


def _file(table: Table, folder: Path) -> Path | None:
    """Where the file of an installed package is; packed ones are unpacked into a folder."""
    spec = find_spec(table.package)
    if spec is None or not spec.submodule_search_locations:
        return None
    home = Path(spec.submodule_search_locations[0])
    path, pack = home / table.path, home / "resources.tar.gz"
    if path.exists() or not pack.exists():
        return path if path.exists() else None
    with tarfile.open(pack) as packed:
        content = packed.extractfile(table.path)
        assert content is not None
        made = folder / Path(table.path).name
        made.write_bytes(content.read())
    return made


def _row(table: Table, path: Path) -> Row:
    data = open_table(path, table.target).data
    unit = "accuracy" if data.classes else "R²"
    began = perf_counter()
    ends = [_trained(path, table.target, seed) for seed in SEEDS]
    seconds = (perf_counter() - began) / len(ends)
    ours = [float(end["test_accuracy" if data.classes else "test_r2"]) for end in ends]
    mine, its = statistics.fmean(ours), statistics.fmean(_peer(data))
    tests = len(data.test_targets)
    note = f"{len(data.train_targets)} rows, {len(data.features)} features, {ends[-1]['steps']} steps, {seconds:.1f} s"
    if tests < ENOUGH:
        return Row(table.name, unit, mine, its, None, (min(ours), max(ours)), note=f"{note}; only {tests} test rows")
    reached = mine >= its - SLACK
    return Row(table.name, unit, mine, its, None, (min(ours), max(ours)), f"≥ peer - {SLACK:g}", reached, note)


def _trained(path: Path, target: str, seed: int) -> dict[str, Any]:
    """The end event of a training in a process of its own."""
    words = [sys.executable, "-P", "-m", "chainstep.tui", "train", str(path), "--target", target, "--json"]
    told = subprocess.run([*words, "--seed", str(seed)], capture_output=True, text=True, check=True)
    end: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return end


def _peer(data: Dataset) -> Sequence[float]:
    """Accuracy or R² of scikit-learn's default network for each seed."""
    from sklearn.neural_network import MLPClassifier, MLPRegressor  # type: ignore[import-not-found]

    kind = MLPClassifier if data.classes else MLPRegressor
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it has not converged is what its defaults do
        return [
            float(
                kind(random_state=seed)
                .fit(data.train_inputs, data.train_targets)
                .score(data.test_inputs, data.test_targets)
            )
            for seed in SEEDS
        ]
