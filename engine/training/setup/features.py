"""Inputs made of the two that a data set has, as TensorFlow Playground offers them. Must not know networks or sessions.

Source: TensorFlow Playground, `INPUTS` of `playground.ts`. Their names are the Playground's, which count from 1, and so
are they saved; as text they count from 0, as inputs do everywhere else, whatever the data calls its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence

from ...records import record

TWO = ("x1", "x2")
"""The data's own two inputs."""

OWN = ("x0", "x1")
"""What people call them."""


@record
class Feature:
    """One input."""

    text: str
    """As people write it."""
    made_of: Callable[[float, float], float]


FEATURES: Mapping[str, Feature] = {
    "x1": Feature("x0", lambda x1, x2: x1),
    "x2": Feature("x1", lambda x1, x2: x2),
    "x1^2": Feature("x0²", lambda x1, x2: x1 * x1),
    "x2^2": Feature("x1²", lambda x1, x2: x2 * x2),
    "x1*x2": Feature("x0·x1", lambda x1, x2: x1 * x2),
    "sin x1": Feature("sin(x0)", lambda x1, x2: _sin(x1)),
    "sin x2": Feature("sin(x1)", lambda x1, x2: _sin(x2)),
}
"""The inputs by name."""


def _sin(x: float) -> float:
    return math.sin(x) if math.isfinite(x) else math.nan


def found(typed: str) -> str | None:
    """The name of the feature that people type as `x0^2`, `x0*x1` or `sin x0`, or as it stands on the screen."""
    plain = _typed(typed)
    return next((name for name, feature in FEATURES.items() if _typed(feature.text) == plain), None)


def _typed(text: str) -> str:
    return re.sub(r"[\s()]", "", text.replace("²", "^2").replace("**", "^").replace("·", "*"))


def as_set(selected: Collection[str]) -> tuple[str, ...]:
    """Selected features in the order of the table, each once; the data's own two alone are no selection."""
    ordered = tuple(name for name in FEATURES if name in selected)
    return () if ordered == TWO else ordered


def wrong(own: Sequence[str], selected: Collection[str]) -> str | None:
    """Why these cannot be made of a data set's own features, in one line."""
    if selected and len(own) != len(TWO):
        return f"input features are made of two numbers, and this data has {len(own)}"
    return None


def names(own: Sequence[str], selected: Sequence[str]) -> tuple[str, ...]:
    """What the network's inputs are called."""
    return tuple(FEATURES[name].text for name in selected) or tuple(own)


def raw_names(own: Sequence[str], selected: Sequence[str]) -> tuple[str, ...]:
    """What the numbers are called that an input is made of."""
    return OWN if selected else tuple(own)


def expanded(row: Sequence[float], selected: Sequence[str]) -> tuple[float, ...]:
    """The network's inputs for a row of the data; the row itself where nothing is selected."""
    return tuple(FEATURES[name].made_of(row[0], row[1]) for name in selected) if selected else tuple(row)


def place(row: Sequence[float], inputs: Sequence[float], selected: Sequence[str]) -> tuple[float, ...]:
    """Where a row lies whose inputs may have been changed by hand.

    An input that is one of the data's own says it itself. From one that is made of them no place follows: whoever
    changes that alone makes a sample that no row could give.
    """
    if not selected:
        return tuple(inputs)
    own = dict(zip(selected, inputs, strict=True))
    return tuple(own.get(name, number) for name, number in zip(TWO, row, strict=True))


def toggled(selected: Sequence[str], name: str) -> tuple[str, ...]:
    """The selection with one feature more or less; nothing selected means the data's own two."""
    return as_set(set(selected or TWO) ^ {name})
