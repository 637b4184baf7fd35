"""What the engine's tests share: the worked numbers, and a reader of rules as the screen prints them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from support.figures.golden import GOLDEN


@pytest.fixture(scope="session")
def golden() -> dict[str, Any]:
    """The worked numbers of the lecture and the demo."""
    return GOLDEN


@pytest.fixture(scope="session")
def worked_out() -> Callable[[str, Mapping[str, float]], float]:
    """(rule with `{name}`s, number of each) -> what a reader with a pocket calculator gets."""
    return _worked_out


def _worked_out(rule: str, values: Mapping[str, float]) -> float:
    rule = re.sub(r"\|([^|]*)\|", r"abs(\1)", rule)
    rule = rule.replace("√", "sqrt").replace("²", "**2").replace("^{t}", "**{t}")
    for written, meant in (("·", "*"), ("≥", ">="), ("≤", "<="), ("≠", "!="), ("[", "("), ("]", ")"), ("−", "-")):
        rule = rule.replace(written, meant)
    known = {
        "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
        "sign": lambda x: (x > 0) - (x < 0),
        "step": lambda x: 1 if x > 0 else 0,
        "relu": lambda x: max(0.0, x),
        "softplus": lambda x: math.log(1 + math.exp(x)),
        "leaky_relu": lambda x: x if x > 0 else x / 100,
        "elu": lambda x: x if x > 0 else math.exp(x) - 1,
        "gelu": lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2,
        "silu": lambda x: x / (1 + math.exp(-x)),
        "Φ": lambda x: (1 + math.erf(x / math.sqrt(2))) / 2,
        "φ": lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi),
    }
    functions = {name: getattr(math, name) for name in ("exp", "log", "tanh", "sqrt", "sin", "cos")}
    numbers = {name: f"({number!r})" for name, number in values.items()}
    return float(eval(rule.format(**numbers), {**functions, **known}))
