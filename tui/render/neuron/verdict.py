"""What a neuron does on its sample, in words: it fires, stays quiet, or what its activation makes of the sum instead.
Must not know colours or where it is written.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from chainstep.engine.training.snapshot.closeup import NeuronView

from ..canvas.numbers import plain

_ENDS = {"tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0)}
"""Where an activation that squashes ends, on either side."""

_NEAR = 0.01
"""How near to its end it is saturated: as near as the breakpoint of that name has it."""


class Verdict(NamedTuple):
    """A word, and why."""

    word: str
    reasons: tuple[str, ...]
    """The longest first."""
    fires: bool

    def written(self, width: int) -> str:
        """As much as `width` cells have room for."""
        whole = (f"{self.word}: {reason}" for reason in self.reasons)
        return next((text for text in whole if len(text) <= width), self.word[:width])


def verdict(view: NeuronView) -> Verdict | None:
    """What the neuron does; None before its output has been computed."""
    total, output = view.sum, view.output
    if total is None or output is None:
        return None
    if math.isnan(total) or math.isnan(output):
        return Verdict("not a number", (), False)
    above = total > 0.0
    return Verdict(_word(view.activation, total, output), _reasons(view, total), above)


def _word(activation: str, total: float, output: float) -> str:
    if activation == "linear":
        return "passes the sum on"
    if activation in _ENDS:
        end = min(_ENDS[activation], key=lambda end: abs(end - output))
        if abs(end - output) < _NEAR:
            return f"saturated near {end:+.0f}" if end else "saturated near 0"
    if activation == "tanh":
        return "positive" if total > 0.0 else "negative" if total < 0.0 else "zero"
    if total > 0.0:
        return "fires"
    if activation == "leaky_relu" and total < 0.0:
        return "leaks 0.01 of it"
    # The smooth ones let a little through.
    return "nearly quiet" if activation in ("elu", "gelu", "silu", "softplus") and output else "stays quiet"


def _reasons(view: NeuronView, total: float) -> tuple[str, ...]:
    """`6 > 0 (9 > 3 = −b)`: the bias moves the threshold from 0 to −b."""
    sign = ">" if total > 0.0 else "<" if total < 0.0 and view.activation == "tanh" else "≤"
    if view.activation == "tanh" and not total:
        return ()
    against = f"{_number(total)} {sign} 0"
    if view.bias is None or view.running is None or not view.bias:
        return (against,)
    sides = _number(view.running), _number(-view.bias)
    if sides[0] == sides[1] and total:
        return (against,)  # they differ in digits that are not written
    return f"{against} ({sides[0]} {sign} {sides[1]} = −b)", against


def _number(value: float) -> str:
    """As people write it: whole ones without decimals."""
    return f"{value:.0f}" if value == value and abs(value) < 1e4 and value == int(value) else plain(value)
