"""Checks at the edge: kinks, poles, saturation, NaN. Knows expressions and what libraries do there; must not know
engines.

Measured: torch 2.13, jax 0.10, micrograd 0.1.0. Where the truth itself is infinite, or where mathematics leaves a
choice, a difference is told and not called wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...records import record

ALL = ("", "a", "b")
_NAN = float("nan")


@record(eq=False)
class Edge:
    """One expression at one point."""

    name: str
    text: str
    at: Mapping[str, float]
    open: tuple[str, ...] = ()
    """What is a choice: "" the value, or leaves whose gradient is."""
    words: str = ""
    """What others do where it is a choice."""
    judged: tuple[str, ...] = ALL
    """What is looked at."""


_POLE = "torch and chainstep give {want}; micrograd, with Python's own arithmetic, raises"

EDGES = (
    Edge("relu at 0", "relu(a)", {"a": 0.0}, ("a",), "relu'(0) is 0 in torch, micrograd and chainstep"),
    Edge(
        "leaky_relu at 0",
        "leaky_relu(a)",
        {"a": 0.0},
        ("a",),
        "its slope at 0 is 0.01 in torch and chainstep, 1 in jax",
    ),
    Edge("abs at 0", "abs(a)", {"a": 0.0}, ("a",), "its slope at 0 is 0 in torch and chainstep, 1 in jax"),
    Edge("a * b at 0", "a * b", {"a": 0.0, "b": 3.0}),
    Edge("a ** 2 at 0", "a ** 2", {"a": 0.0}),
    Edge("a ** 1 at 0", "a ** 1", {"a": 0.0}),
    Edge("a ** 0", "a ** 0", {"a": 3.0}),
    Edge(
        "a ** 0 at 0",
        "a ** 0",
        {"a": 0.0},
        ("a",),
        "its slope at 0 is 0 in torch and chainstep, nan in jax; micrograd raises",
    ),
    Edge("a ** -1 at 0", "a ** -1", {"a": 0.0}, ("", "a"), _POLE.format(want="inf")),
    Edge("a ** 0.5 at 0", "a ** 0.5", {"a": 0.0}, ("a",), _POLE.format(want="a slope of inf")),
    Edge(
        "a ** 0.5 of a negative",
        "a ** 0.5",
        {"a": -4.0},
        ("", "a"),
        "Python's own ** turns complex, and so does micrograd; torch and chainstep give nan",
    ),
    Edge("a / b at b = 0", "a / b", {"a": 1.0, "b": 0.0}, ALL, _POLE.format(want="inf")),
    Edge("tanh(1000)", "tanh(a)", {"a": 1000.0}),
    Edge("tanh(-1000)", "tanh(a)", {"a": -1000.0}),
    Edge("sigmoid(1000)", "sigmoid(a)", {"a": 1000.0}),
    Edge("sigmoid(-1000)", "sigmoid(a)", {"a": -1000.0}),
    Edge("exp(1000)", "exp(a)", {"a": 1000.0}, ("", "a"), "torch and chainstep give inf; Python's math.exp raises"),
    Edge("exp(-1000)", "exp(a)", {"a": -1000.0}),
    Edge("log(1e-20)", "log(a)", {"a": 1e-20}),
    Edge("log(1e-30)", "log(a)", {"a": 1e-30}),
    Edge("log(0)", "log(a)", {"a": 0.0}, ("", "a"), "torch and chainstep give −inf; Python's math.log raises"),
    Edge(
        "log of a negative", "log(a)", {"a": -1.0}, ("", "a"), "torch and chainstep give nan; Python's math.log raises"
    ),
    # Which slope nan has is nobody's question.
    Edge("nan + 1", "a + b", {"a": _NAN, "b": 1.0}, judged=("",)),
    Edge("nan * 0", "a * b", {"a": _NAN, "b": 0.0}, judged=("",)),
    *(
        Edge(f"{name}(nan)", f"{name}(a)", {"a": _NAN}, judged=("",))
        for name in ("relu", "tanh", "exp", "log", "sigmoid")
    ),
)
