"""Losses and penalties against their formulas in plain floats. Knows losses and Values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine import Value
from chainstep.engine.nn.losses import LOSSES, batch_loss
from support.cases import each

scores = st.lists(st.floats(-5.0, 5.0), min_size=1, max_size=4)


def softmax(outputs: Sequence[float], targets: Sequence[float]) -> float:
    total = sum(map(math.exp, outputs))
    return -sum(y * math.log(math.exp(s) / total) for s, y in zip(outputs, targets, strict=True))


def bce(score: float, target: float) -> float:
    p = 1 / (1 + math.exp(-score))
    return -(target * math.log(p) + (1 - target) * math.log(1 - p))


FORMULAS: dict[str, Callable[[Sequence[float], Sequence[float]], float]] = {
    "sse": lambda s, y: sum((a - b) ** 2 for a, b in zip(s, y, strict=True)),
    "mse": lambda s, y: sum((a - b) ** 2 for a, b in zip(s, y, strict=True)),
    "hinge": lambda s, y: sum(max(0.0, 1 - a * b) for a, b in zip(s, y, strict=True)),
    "bce": lambda s, y: sum(map(bce, s, y)),
    "softmax": softmax,
    "perceptron": lambda s, y: sum((a > 0) != b for a, b in zip(s, y, strict=True)),
}


def coded(name: str, count: int, right: int) -> list[float]:
    negative = LOSSES[name].negative_target
    return [1.0 if i == right % count else -1.0 if negative is None else negative for i in range(count)]


def measured(name: str, outputs: Sequence[float], targets: Sequence[float]) -> tuple[float, list[float]]:
    leaves = [Value(number) for number in outputs]
    loss = LOSSES[name].of_sample(leaves, leaves, [Value(target) for target in targets])
    loss.backward()
    return loss.data, [leaf.grad for leaf in leaves]


def test_every_loss_has_its_formula_here() -> None:
    assert FORMULAS.keys() == LOSSES.keys()


@pytest.mark.parametrize("name", LOSSES)
@given(outputs=scores, right=st.integers(0, 3))
def test_a_loss_is_its_formula(name: str, outputs: list[float], right: int) -> None:
    targets = coded(name, len(outputs), right)
    loss, _ = measured(name, outputs, targets)
    assert loss == pytest.approx(FORMULAS[name](outputs, targets), rel=1e-9, abs=1e-9)


@given(outputs=scores, right=st.integers(0, 3))
def test_known_gradients(outputs: list[float], right: int) -> None:
    targets = coded("softmax", len(outputs), right)
    total = sum(map(math.exp, outputs))
    _, grads = measured("softmax", outputs, targets)
    assert grads == pytest.approx([math.exp(s) / total - y for s, y in zip(outputs, targets, strict=True)], abs=1e-12)
    _, grads = measured("bce", outputs, targets)
    assert grads == pytest.approx([1 / (1 + math.exp(-s)) - y for s, y in zip(outputs, targets, strict=True)])
    _, grads = measured("perceptron", outputs, targets)
    assert grads == [y - (s > 0) for s, y in zip(outputs, targets, strict=True)]


@each("scale", [1000.0, 1e300])
@each("sign", [1.0, -1.0])
def test_extreme_scores_do_not_overflow(scale: float, sign: float) -> None:
    score = sign * scale
    for target in (0.0, 1.0):
        loss, (grad,) = measured("bce", [score], [target])
        assert loss == (scale if (score > 0) != (target == 1.0) else 0.0)
        assert grad == pytest.approx(float(score > 0) - target)
    for right in (0, 1):
        loss, grads = measured("softmax", [score, -score, 0.0], [1.0 - right, float(right), 0.0])
        winner = 0 if score > 0 else 1
        assert loss == (0.0 if right == winner else 2 * scale)
        assert grads == [float(winner == i) - float(right == i) for i in range(2)] + [0.0]


def test_the_batch_is_a_sum_or_a_mean_and_penalties() -> None:
    losses, parameters = [1.0, 2.5, 4.0], [3.0, -2.0]
    assert batch_loss(losses, parameters, mean=False, l1=0.0, l2=0.0) == 7.5
    assert batch_loss(losses, parameters, mean=True, l1=0.0, l2=0.0) == 2.5
    assert batch_loss(losses, parameters, mean=True, l1=0.1, l2=0.0) == pytest.approx(3.0)
    assert batch_loss(losses, parameters, mean=True, l1=0.1, l2=0.01) == pytest.approx(3.13)


@given(
    losses=st.lists(st.floats(-9, 9), min_size=1, max_size=5),
    parameters=st.lists(st.floats(-9, 9), min_size=1, max_size=5),
    mean=st.booleans(),
    l1=st.sampled_from([0.0, 0.1]),
    l2=st.sampled_from([0.0, 1e-4]),
)
def test_plain_numbers_and_values_give_the_same_bits(
    losses: list[float], parameters: list[float], mean: bool, l1: float, l2: float
) -> None:
    plain = batch_loss(losses, parameters, mean=mean, l1=l1, l2=l2)
    leaves = [Value(parameter) for parameter in parameters]
    root = batch_loss([Value(loss) for loss in losses], leaves, mean=mean, l1=l1, l2=l2)
    root.backward()
    assert root.data == plain
    for leaf in leaves:
        sign = (leaf.data > 0) - (leaf.data < 0)
        assert leaf.grad == pytest.approx(l1 * sign + 2 * l2 * leaf.data, abs=1e-15)
