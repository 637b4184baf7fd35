"""What the losses say of one and the same prediction, with their slopes. Must not know networks or training."""

from __future__ import annotations

from typing import NamedTuple

from ..autograd.value import Value


class Said(NamedTuple):
    """A loss of one prediction."""

    loss: float
    slope: float
    """∂loss/∂ŷ, by backward."""


def squared_error(prediction: float, meant: bool) -> Said:
    """(ŷ − y)², with y = 1 where it is `meant` to be 1, else 0."""
    p = Value(prediction)
    return _said((p - float(meant)) ** 2, p)


def log_loss(prediction: float, meant: bool) -> Said:
    """−log ŷ or, where it is meant to be 0, −log(1 − ŷ): binary cross-entropy of a probability."""
    p = Value(prediction)
    return _said(-(p if meant else 1.0 - p).log(), p)


def hinge(prediction: float, meant: bool) -> Said:
    """max(0, 1 − y·ŷ), with y = 1 or −1."""
    p = Value(prediction)
    return _said((1.0 - (1.0 if meant else -1.0) * p).relu(), p)


def _said(loss: Value, prediction: Value) -> Said:
    loss.backward()
    return Said(loss.data, prediction.grad)
