"""What the questions of the built-in lessons come to by other means: arithmetic as one does it by hand, difference
quotients of functions written out, a network in plain Python, and figures recorded from PyTorch. Must not know the
engine's lessons.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from ..figures.golden import GOLDEN
from .plain import YS, Trained, drawn, gradient_sizes, outputs, trained, xavier

Truth = float | str
"""A right number, or the text of the right choice."""


def slope(f: Callable[[float], float], x: float) -> float:
    """The derivative of a smooth function by differences to both sides, of which two are combined (Richardson)."""

    def central(h: float) -> float:
        return (f(x + h) - f(x - h)) / (2 * h)

    return (4 * central(5e-4) - central(1e-3)) / 3


def parameters(*sizes: int) -> int:
    """Of a network of so many inputs and neurons."""
    return sum((before + 1) * size for before, size in pairwise(sizes))


@cache
def _run(seed: int = 1337, lr: float = 0.1, *, forgotten: bool = False) -> Trained:
    return trained(seed, lr, forgotten=forgotten)


def _a_node_decides() -> list[Truth]:
    fires = [GOLDEN["wonderland"]["table"][answers] for answers in ("101", "100", "010")]
    assert [found[1] for found in fires] == [1, 1, 0]
    products = 1 * 5 + 0 * 2 + 1 * 4
    return [products, products - 3, "It fires: yes, go", fires[1][0], fires[2][0], 3]


def _how_wrong() -> list[Truth]:
    predicted = GOLDEN["lecture"]["prediction of the untrained net on [2,3,-1]"]
    more = "more" if -math.log(0.1) > 0.9**2 else "less"
    slopes = {"cross-entropy": slope(lambda p: -math.log(p), 0.1), "squared error": slope(lambda p: (p - 1) ** 2, 0.1)}
    steeper = min(slopes, key=lambda name: slopes[name])
    return [0.9**2, 0.05**2, more, steeper, (predicted - 1) ** 2, 0]


def _parabola(x: float) -> float:
    return 3 * x**2 - 4 * x + 5


def _slope_by_nudging() -> list[Truth]:
    golden = GOLDEN["derivative"]
    assert golden["too_small_h"]["forward_difference"] == 0.0
    rises = _parabola(4) - _parabola(3)
    falls = _parabola(-2) - _parabola(-3)
    return [golden["value"][0], rises, golden["slope"][0], "0", falls, 0, "down, x smaller"]


def _climbed(a: float, b: float, c: float, f: float) -> float:
    return (a * b + c) * f


def _derivative_or_gradient() -> list[Truth]:
    golden = GOLDEN["expression"]
    by_a, by_b = golden["grad"]["a"], golden["grad"]["b"]
    assert max(golden["grad"], key=lambda name: abs(golden["grad"][name])) == "a"
    rises = golden["after +0.01*grad on every leaf"] > golden["value"]
    change = _climbed(2, -2.9, 10, -2) - _climbed(2, -3, 10, -2)
    assert math.isclose(change, 0.1 * by_b)
    return [golden["value"], by_a, "a", change, "it rises" if rises else "it falls", -0.01 * by_a]


def _a_product_three_ways() -> list[Truth]:
    golden = GOLDEN["expression"]["grad"]
    return ["f", 5 * -2 - 4 * -2, "not at all", slope(lambda f: 4 * f, -2), golden["c"], golden["a"]]


def _neuron(x: float, w: float, b: float, y: float) -> float:
    return (x * w + b - y) ** 2


def _backprop_by_hand() -> list[Truth]:
    return [
        1,
        slope(lambda r: r**2, 2 * -1 + 2 - 3),
        slope(lambda y: _neuron(2, -1, 2, y), 3),
        slope(lambda b: _neuron(2, -1, b, 3), 2),
        slope(lambda w: _neuron(2, w, 2, 3), -1),
        "grow" if slope(lambda w: _neuron(2, w, 2, 3), -1) < 0 else "become smaller",
        slope(lambda w: _neuron(3, w, -3, 4), 2),
    ]


def _a_tanh_neuron() -> list[Truth]:
    by = GOLDEN["neuron"]["grad"]
    through = slope(math.tanh, _lecture_sum())
    return [through, by["b"], by["w2"], "It does, for inputs where x2 is not 0", by["x1"], by["w1"]]


def _lecture_sum() -> float:
    leaves = GOLDEN["neuron"]["leaves"]
    return float(leaves["x1"] * leaves["w1"] + leaves["x2"] * leaves["w2"] + leaves["b"])


def _tanh_taken_apart() -> list[Truth]:
    n = _lecture_sum()
    e = math.exp(2 * n)
    by_e = slope(lambda e: (e - 1) / (e + 1), e)
    by_m = slope(lambda m: (math.exp(m) - 1) / (math.exp(m) + 1), 2 * n)
    return [math.tanh(n), by_e, by_m, slope(math.tanh, n), "its local derivative"]


def _plus_equals() -> list[Truth]:
    a, b = -2, 3
    through_p, through_s = (a + b) * b, a * b
    both = slope(lambda a: a * b * (a + b), a)
    assert math.isclose(both, through_p + through_s)
    # p is computed first, so its turn comes last: what it writes is what = leaves.
    return [2, through_p, both, through_p, 2 + 2, "no, more"]


def _in_what_order() -> list[Truth]:
    x_grad, early = 1 + 3, 1
    return [
        x_grad,
        slope(lambda v: 2 * v + 3 * 2 * v, 1),
        2 * early,
        "after every node that it feeds",
        "L, s, p",
        slope(lambda b: 3 * b * (3 * b + 3), 2),
    ]


def _count_to_41() -> list[Truth]:
    whole = parameters(3, 4, 4, 1)
    return [4, parameters(3, 4), parameters(4, 4), whole, parameters(2, 16, 16, 1), parameters(4, 8, 3), 0]


def _twenty_steps() -> list[Truth]:
    recorded = GOLDEN["lecture"]["loss_before_update"]
    return [
        "zero_grad",
        -0.1 * _run().grads[0][2][0][-1],
        "a smaller loss" if recorded["1"] < recorded["0"] else "a larger loss",
        "the parameters",
        "below 0.1" if _run(3).losses[-1] < 0.1 else "above 0.1",
    ]


def _zero_grad_forgotten() -> list[Truth]:
    right, wrong = _run(), _run(forgotten=True)
    at_03 = _run(lr=0.3, forgotten=True).losses[-1], _run(lr=0.3).losses[-1]
    tens = [sum(_run(seed, forgotten=bug).losses[-1] < 0.1 for seed in range(1, 11)) for bug in (True, False)]
    return [
        wrong.grads[1][2][0][-1],
        "lower" if wrong.losses[-1] < right.losses[-1] else "higher",
        "far worse" if at_03[0] > 100 * at_03[1] else "lower again",
        "below 0.1" if _run(lr=0.05, forgotten=True).losses[-1] < 0.1 else "above 0.1",
        "fewer" if tens[0] < tens[1] else "as many",
        "the quotient",
    ]


def _the_learning_rate() -> list[Truth]:
    far = 3 - 0.34 * slope(_parabola, 3)
    curvature = slope(lambda x: slope(_parabola, x), 3)
    best = min((0.001, 0.1, 5.0), key=lambda lr: _run(lr=lr).losses[-1])
    farther = "farther, on the other side" if abs(far - 2 / 3) > abs(3 - 2 / 3) else "nearer"
    return [3 - 0.1 * slope(_parabola, 3), farther, 2 / curvature, f"{best:g}", "a number grew too large for a float"]


def _first_weights() -> list[Truth]:
    nearest = min((number / 100 for number in range(-100, 101)), key=lambda p: sum((p - y) ** 2 for y in YS))
    assert nearest == 0.0  # so there is nothing that the output's bias alone could gain
    rows, order = _moons_rows(), list(range(100))
    random.Random("shuffle 1337 0").shuffle(order)
    batch = [rows[row] for row in order[:20]]
    sizes = gradient_sizes(xavier((2, *[16] * 10, 1), 1337, gain=0.4), batch)
    vanished = "under a hundredth" if sizes[0] < sizes[-1] / 100 else "about as large"
    # Of what comes into a ReLU half gets through, and these weights have nine times the variance.
    exploded = "beyond all measure" if (9 / 2) ** 10 > 1000 else "a little larger"
    return [0, "where it was", 0.4**10, vanished, "as it was", exploded, "yes"]


def _moons() -> list[Truth]:
    first = GOLDEN["moons"]["accuracy_before_update"]["0"]
    x, target = _moons_rows()[0]
    y = 2 * target - 1
    predicted = outputs(drawn((2, 16, 16, 1), 1337, biases=False), x, squash=False)[-1][0]
    return [first, max(0.0, 1 - y * predicted), "nearly as good", "no", "+1"]


def _moons_rows() -> list[tuple[tuple[float, float], float]]:
    """Each point, and whether it is of class +1."""
    lines = (_FOLDER / "moons.csv").read_text(encoding="utf-8").splitlines()[1:]
    points = [tuple(map(float, line.split(","))) for line in lines]
    return [((x0, x1), float(y > 0)) for x0, x1, y in points]


_FOLDER = Path(__file__).parents[3] / "datasets" / "data"


def _from_41_to_billions() -> list[Truth]:
    small, digits = parameters(3, 4, 4, 1), parameters(64, 24, 10)
    return [
        _ops(3, 4, 4, 1) / small,
        digits,
        _ops(64, 24, 10) / _ops(3, 4, 4, 1),
        parameters(64, 48, 10) / digits,
        "none",
        "more neurons or layers",
    ]


def _ops(*sizes: int) -> int:
    """Of a forward pass: a product and a sum for each weight, and an activation but for outputs of several classes."""
    neurons = sum(sizes[1:])
    weights = parameters(*sizes) - neurons
    return 2 * weights + neurons - (sizes[-1] if sizes[-1] > 1 else 0)


def _your_own() -> list[Truth]:
    numbers, islands, sex = 5, 3, 1  # of two categories the one says which it is
    return ["= instead of +=", "a wrong order", "1 − o", numbers + islands + sex, "above nine tenths"]


TRUTHS: Mapping[str, Callable[[], list[Truth]]] = {
    "a-node-decides": _a_node_decides,
    "how-wrong": _how_wrong,
    "slope-by-nudging": _slope_by_nudging,
    "derivative-or-gradient": _derivative_or_gradient,
    "a-product-three-ways": _a_product_three_ways,
    "backprop-by-hand": _backprop_by_hand,
    "a-tanh-neuron": _a_tanh_neuron,
    "tanh-taken-apart": _tanh_taken_apart,
    "plus-equals": _plus_equals,
    "in-what-order": _in_what_order,
    "count-to-41": _count_to_41,
    "twenty-steps": _twenty_steps,
    "zero-grad-forgotten": _zero_grad_forgotten,
    "the-learning-rate": _the_learning_rate,
    "first-weights": _first_weights,
    "moons": _moons,
    "from-41-to-billions": _from_41_to_billions,
    "your-own": _your_own,
}
"""By a lesson's id: the answers of its questions on the numbers of the file, in their order."""
