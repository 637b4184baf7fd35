"""Checks in which several ops play together: nodes that are used twice, sums, the lecture's neuron, micrograd's own
example. Knows expressions; must not know engines.
"""

from __future__ import annotations

from .check import Check, Stage

_AB = ({"a": 3.0, "b": 2.0}, {"a": -1.5, "b": 0.5})
_ABC = ({"a": 3.0, "b": 2.0, "c": 5.0}, {"a": -1.5, "b": 0.5, "c": -0.25})
_NEURON = ({"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0, "b": 6.8813735870195432},)
_SUM = "x1 * w1 + x2 * w2 + b"

REPEATS = 6

DIAMONDS = Stage(
    "",
    tuple(
        Check(name, text, _AB, REPEATS)
        for name, text in (
            ("diamond", "(a * b) * (a + b)"),
            ("a node added to itself", "[c := a * b, c + c][-1]"),
            ("a node squared by *", "[c := a + b, c * c][-1]"),
            ("a long and a short way", "[c := a * b, d := c * a, d + c][-1]"),
            ("a short and a long way", "[c := a * b, d := c * a, c + d][-1]"),
            ("a way of three ops and none", "[c := a + b, d := c * a, e := d * b, f := e + a, f * c][-1]"),
            ("none and a way of three ops", "[c := a + b, d := c * a, e := d * b, f := e + a, c * f][-1]"),
            ("diamonds in a row", "[c := a + b, d := c * c, e := d + d, e * d][-1]"),
        )
    ),
)
"""Nodes that are used on several ways, with + and * alone."""

TOGETHER = (
    Stage("", (Check("sum()", "sum([a, b, c])", _ABC), Check("sum() of products", "sum([a * b, b * c, c * a])", _ABC))),
    Stage("", (Check("sum() from a start", "sum([a * b, b * c], c)", _ABC),)),
    Stage("", (Check("the lecture's neuron", f"tanh({_SUM})", _NEURON, REPEATS),)),
    Stage(
        "",
        (Check("the lecture's neuron, by exp", f"[e := exp(({_SUM}) * 2), (e - 1) / (e + 1)][-1]", _NEURON, REPEATS),),
    ),
    Stage(
        "",
        (
            Check(
                "micrograd's example",
                "[c := a + b, d := a * b + b**3, c := c + (c + 1), c := c + (1 + c + (-a)),"
                " d := d + (d * 2 + relu(b + a)), d := d + (3 * d + relu(b - a)), e := c - d, f := e**2,"
                " g := f / 2.0, g + 10.0 / f][-1]",
                ({"a": -4.0, "b": 2.0},),
                REPEATS,
            ),
        ),
    ),
)
"""What is written in the lecture and in micrograd's README."""

NUMPY = tuple(
    Stage("", (Check(f"with NumPy: {text}", text, ({"a": 3.0}, {"a": -1.5})),))
    for text in (
        "a + np.float64(2.5)",
        "np.float64(2.5) + a",
        "a * np.float64(2.5)",
        "np.float64(2.5) * a",
        "a * np.int64(3)",
        "a ** np.int64(3)",
    )
)
"""NumPy's scalars, where an engine takes plain numbers."""
