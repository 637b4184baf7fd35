"""Data small enough to write out row by row. Must not know files, settings or how anything is trained."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from .dataset import Dataset


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
