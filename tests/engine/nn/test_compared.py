"""Losses of one prediction, and their slopes."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from chainstep.engine.nn.compared import Said, hinge, log_loss, squared_error
from support.cases import each


@each(
    ("measure", "prediction", "meant", "loss", "slope"),
    [
        (squared_error, 0.1, True, 0.81, -1.8),
        (squared_error, 0.95, True, 0.0025, -0.1),
        (squared_error, 0.1, False, 0.01, 0.2),
        (log_loss, 0.1, True, math.log(10.0), -10.0),
        (log_loss, 0.95, True, -math.log(0.95), -1.0 / 0.95),
        (log_loss, 0.95, False, math.log(20.0), 20.0),
        (hinge, 0.1, True, 0.9, -1.0),
        (hinge, 0.1, False, 1.1, 1.0),
        (hinge, 1.5, True, 0.0, 0.0),
    ],
)
def test_small_near_the_target_and_large_far_from_it(
    measure: Callable[[float, bool], Said], prediction: float, meant: bool, loss: float, slope: float
) -> None:
    assert measure(prediction, meant) == pytest.approx((loss, slope))
