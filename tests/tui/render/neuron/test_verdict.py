"""What a neuron does, in words that are true of its activation. Must not know pictures."""

from __future__ import annotations

import math

from chainstep.engine.autograd.value import Value
from chainstep.engine.nn.mlp import ACTIVATIONS
from chainstep.tui.render.neuron.verdict import verdict
from support.cases import each
from support.networks import neuron_view


def said(activation: str, total: float, bias: float | None = 0.0, running: float | None = None) -> str:
    output = ACTIVATIONS[activation](Value(total)).data
    told = verdict(neuron_view(activation=activation, sum=total, output=output, bias=bias, running=running))
    assert told is not None
    return told.written(40)


@each(
    ("activation", "total", "words"),
    [
        ("step", 6.0, "fires: 6 > 0"),
        ("step", 0.0, "stays quiet: 0 ≤ 0"),
        ("relu", 0.0, "stays quiet: 0 ≤ 0"),
        ("relu", -2.5, "stays quiet: -2.5000 ≤ 0"),
        ("relu", 2.5, "fires: 2.5000 > 0"),
        ("leaky_relu", -2.0, "leaks 0.01 of it: -2 ≤ 0"),
        ("leaky_relu", 0.0, "stays quiet: 0 ≤ 0"),
        ("gelu", -1.0, "nearly quiet: -1 ≤ 0"),
        ("softplus", 0.0, "nearly quiet: 0 ≤ 0"),
        ("silu", 1.0, "fires: 1 > 0"),
        ("sigmoid", 1.0, "fires: 1 > 0"),
        ("sigmoid", -1.0, "stays quiet: -1 ≤ 0"),
        ("sigmoid", -9.0, "saturated near 0: -9 ≤ 0"),
        ("tanh", 1.0, "positive: 1 > 0"),
        ("tanh", -1.0, "negative: -1 < 0"),
        ("tanh", 0.0, "zero"),
        ("tanh", -9.0, "saturated near -1: -9 < 0"),
        ("linear", 3.0, "passes the sum on: 3 > 0"),
        ("relu", math.nan, "not a number"),
        ("relu", math.inf, "fires: inf > 0"),
    ],
)
def test_each_activation_has_its_words(activation: str, total: float, words: str) -> None:
    assert said(activation, total) == words


def test_the_bias_is_a_threshold() -> None:
    assert said("step", 6.0, bias=-3.0, running=9.0) == "fires: 6 > 0 (9 > 3 = −b)"
    assert said("step", -1.0, bias=-3.0, running=2.0) == "stays quiet: -1 ≤ 0 (2 ≤ 3 = −b)"


def test_a_narrow_place_has_the_word() -> None:
    told = verdict(neuron_view(activation="step", sum=6.0, output=1.0, bias=-3.0, running=9.0))
    assert [told.written(width) for width in (30, 20, 8, 3)] == [
        "fires: 6 > 0 (9 > 3 = −b)",
        "fires: 6 > 0",
        "fires",
        "fir",
    ]


def test_before_its_output_there_is_none() -> None:
    assert verdict(neuron_view(output=None)) is None
