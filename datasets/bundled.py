"""Reads the tables that are installed with the package. Must not know a user's files, nor any settings."""

from __future__ import annotations

from pathlib import Path

from .split import Row

FOLDER = Path(__file__).with_name("data")

IRIS_SPECIES = ("setosa", "versicolor", "virginica")


def moons_points() -> list[Row]:
    """The 100 points of micrograd's demo: 2 inputs, class 0 where its label is -1 and class 1 where it is +1.

    Source: karpathy/micrograd, `demo.ipynb`; `make_moons(n_samples=100, noise=0.1)` under its seed.
    """
    return [((float(x0), float(x1)), float(int(label) > 0)) for x0, x1, label in _cells("moons.csv")]


def iris_flowers() -> list[Row]:
    """150 flowers: length and width of sepal, then of petal, in cm; the class is an index of IRIS_SPECIES.

    Source: R. A. Fisher, "The use of multiple measurements in taxonomic problems" (1936), with the figures of
    scikit-learn's `load_iris`, which follow the paper where the UCI copy differs in two rows.
    """
    return [
        (tuple(map(float, measures)), float(IRIS_SPECIES.index(species))) for *measures, species in _cells("iris.csv")
    ]


def digits() -> list[Row]:
    """1,797 handwritten digits, 8 x 8 pixels each, row by row from the top left, from 0 for paper to 1 for ink; the
    class is the digit.

    Source: E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits" (UCI, 1998, CC BY 4.0), its test part as
    scikit-learn's `load_digits` has it.
    """
    import gzip  # no other example is packed

    lines = gzip.decompress((FOLDER / "digits.csv.gz").read_bytes()).decode().splitlines()
    rows = [list(map(int, line.split(","))) for line in lines]
    return [(tuple(ink / 16 for ink in pixels), float(digit)) for *pixels, digit in rows]


def _cells(file: str) -> list[list[str]]:
    """The rows below the header; nothing in them is quoted."""
    return [line.split(",") for line in (FOLDER / file).read_text(encoding="utf-8").splitlines()[1:]]
