"""What each class weighs, and when one is rare."""

from __future__ import annotations

import pytest

from chainstep.engine.nn.losses import LOSSES
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.class_weights import balanced, rarest
from chainstep.engine.training.setup.data import Coding, Formula
from chainstep.engine.training.setup.settings import Settings, SettingsError
from support.sessions import Begin


def test_weights_are_balanced_as_scikit_learn_has_them() -> None:
    """sklearn.utils.class_weight.compute_class_weight("balanced", classes=[0, 1, 2], y=[0] * 6 + [1] * 3 + [2])."""
    assert balanced([6, 3, 1]) == (0.5555555555555556, 1.1111111111111112, 3.3333333333333335)
    assert balanced([5, 5]) == (1.0, 1.0)
    # What no sample is of is no class, and scikit-learn refuses it.
    assert balanced([6, 0, 2]) == (8 / 12, 1.0, 2.0)


def test_a_class_is_rare_below_half_of_an_equal_share() -> None:
    assert rarest([75, 25]) is None
    assert rarest([76, 24]) == 1
    assert rarest([16, 42, 42]) == 0
    assert rarest([17, 42, 41]) is None
    assert rarest([50, 0, 50]) is None


def test_a_weight_stands_behind_the_coded_target() -> None:
    coding = Coding.of(2, LOSSES["hinge"], "linear").balanced([0.0, 0.0, 0.0, 1.0])
    assert coding.encode(0.0) == (-1.0, 4 / 6)
    assert coding.encode(1.0) == (1.0, 2.0)
    assert coding.is_right([0.5], coding.encode(1.0))
    several = Coding.of(3, LOSSES["softmax"], "linear").balanced([0.0, 0.0, 0.0, 1.0, 2.0, 2.0])
    assert several.encode(1.0) == (0.0, 1.0, 0.0, 2.0)
    assert several.is_right([0.0, 1.0, 0.0], several.encode(1.0))


def test_what_has_no_classes_refuses_weights_in_a_line(begin: Begin) -> None:
    with pytest.raises(SettingsError, match=r"^class weights are for classes, and y is a number$"):
        begin("sine", class_weights=True)
    with pytest.raises(SettingsError, match=r"^an expression has no classes"):
        Session(Formula("x*x", {"x": 2.0}, "square"), Settings(loss="sse", class_weights=True))
    with pytest.raises(SettingsError, match=r"^the perceptron rule counts wrong decisions"):
        begin("wonderland", class_weights=True)
