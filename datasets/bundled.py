"""Data that come with the package: small enough to be written out here, or tables installed beside it. Must not know a
user's files, settings or how anything is trained.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

from .dataset import Dataset
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


def lecture() -> Dataset:
    """Four samples of three inputs, classes "-1" and "+1".

    Source: Andrej Karpathy's lecture "The spelled-out intro to neural networks and backpropagation".
    """
    return Dataset(
        name="lecture",
        features=("x0", "x1", "x2"),
        target="y",
        classes=("-1", "+1"),
        train_inputs=((2.0, 3.0, -1.0), (3.0, -1.0, 0.5), (0.5, 1.0, 1.0), (1.0, 1.0, -1.0)),
        train_targets=(1.0, 0.0, 0.0, 1.0),
    )


WONDERLAND_WEIGHTS = (5.0, 2.0, 4.0, -3.0)
"""Three weights and the bias of the decision that `wonderland` tabulates."""


def wonderland() -> Dataset:
    """All answers to three yes-or-no questions, 000 to 111; class "Yes" where 5*x1 + 2*x2 + 4*x3 - 3 > 0."""
    *weights, bias = WONDERLAND_WEIGHTS
    return _truth_table(
        "wonderland",
        features=("not raining", "not busy", "friends are excited"),
        target="go",
        classes=("No", "Yes"),
        rule=lambda *answers: sum(w * x for w, x in zip(weights, answers, strict=True)) + bias > 0,
    )


def and_gate() -> Dataset:
    """The truth table of x0 and x1, four rows."""
    return _gate("and", lambda x0, x1: x0 + x1 == 2)


def or_gate() -> Dataset:
    """The truth table of x0 or x1, four rows."""
    return _gate("or", lambda x0, x1: x0 + x1 >= 1)


def xor_gate() -> Dataset:
    """The truth table of either x0 or x1 but not both, four rows."""
    return _gate("xor", lambda x0, x1: x0 != x1)


def _gate(name: str, rule: Callable[[float, float], bool]) -> Dataset:
    return _truth_table(name, features=("x0", "x1"), target="y", classes=("0", "1"), rule=rule)


def _truth_table(
    name: str,
    features: tuple[str, ...],
    target: str,
    classes: tuple[str, str],
    rule: Callable[..., bool],
) -> Dataset:
    """All 2^m rows of m inputs that are 0 or 1, counting upwards; class 1 where `rule` holds."""
    rows = tuple(product((0.0, 1.0), repeat=len(features)))
    return Dataset(
        name=name,
        features=features,
        target=target,
        classes=classes,
        train_inputs=rows,
        train_targets=tuple(float(rule(*row)) for row in rows),
    )
