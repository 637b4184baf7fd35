"""Random graphs of ops, for property tests, and what "the same bits" means. Knows Values and ops alone."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from chainstep.engine import Value
from chainstep.engine.autograd.ops.table import OPS
from chainstep.engine.autograd.value import apply

Recipe = list[tuple[str, int, int]]
"""Ops in order; the numbers choose each one's inputs."""


def bits(number: float) -> str:
    """Equal where the bits are: −0.0 is 0.0, and any NaN is any NaN."""
    return "nan" if number != number else (number + 0.0).hex()


def recipes(names: Sequence[str], longest: int) -> st.SearchStrategy[Recipe]:
    """Recipes of these ops."""
    line = st.tuples(st.sampled_from(names), st.integers(0, 99), st.integers(0, 99))
    return st.lists(line, min_size=1, max_size=longest)


def grown(nodes: Sequence[Value], recipe: Recipe, exponents: Sequence[float] = ()) -> list[Value]:
    """The nodes and those that a recipe makes of them: each line applies an op to two of the nodes so far. A constant
    exponent is one of `exponents`.
    """
    made = list(nodes)
    for name, i, j in recipe:
        # From the end, so that most of the graph hangs together.
        a, b = made[-1 - i % len(made)], made[-1 - j % len(made)]
        if name == "powc":
            made.append(a ** exponents[j % len(exponents)])
        else:
            made.append(apply(OPS[name], a, b if OPS[name].arity == 2 else None))
    return made
