"""Targets as numbers, and what outputs decide: at the threshold, between equal ones, and in regression."""

from __future__ import annotations

import math

from chainstep.engine.nn.losses import LOSSES
from chainstep.engine.training.setup.data import NO_CLASSES, Coding
from support.cases import each

THRESHOLDS = {("hinge", "linear"): 0.0, ("mse", "tanh"): 0.0, ("mse", "sigmoid"): 0.5, ("perceptron", "step"): 0.5}


@each(("loss", "activation"), THRESHOLDS)
def test_an_output_exactly_at_the_threshold_is_the_first_class(loss: str, activation: str) -> None:
    threshold = THRESHOLDS[loss, activation]
    coding = Coding.of(2, LOSSES[loss], activation)
    assert coding.decide([threshold]) == 0
    assert coding.decide([math.nextafter(threshold, 1.0)]) == 1
    assert coding.is_right([threshold], coding.encode(0.0))
    assert not coding.is_right([threshold], coding.encode(1.0))


def test_of_equal_outputs_the_first_is_chosen() -> None:
    coding = Coding.of(3, LOSSES["softmax"], "linear")
    assert coding.decide([1.0, 1.0, 1.0]) == 0
    assert coding.decide([0.0, 1.0, 1.0]) == 1


def test_softmax_targets_sum_to_1() -> None:
    """The shift by the largest score cancels only then: the loss is smooth."""
    for classes in (2, 3, 7):
        coding = Coding.of(classes, LOSSES["softmax"], "linear")
        assert {sum(coding.encode(float(index))) for index in range(classes)} == {1.0}


def test_regression_decides_nothing() -> None:
    assert NO_CLASSES.decide([1.0]) is None
    assert not NO_CLASSES.is_right([1.0], NO_CLASSES.encode(1.0))
