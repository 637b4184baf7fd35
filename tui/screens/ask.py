"""The questions of the Train screen, and how their answers are read. Must not know sessions."""

from __future__ import annotations

import math
from collections.abc import Sequence

from chainstep.engine.training.snapshot import Snapshot

from ..render import numbers
from .prompt import Prompt


def for_step(now: int) -> Prompt[int]:
    """Which step to go to."""
    return Prompt("Go to step", f"now at step {now}", str(now), _step)


def for_parameter(label: str, now: float) -> Prompt[float]:
    """A parameter's new number."""
    return Prompt(f"Edit {label}", "a finite number; what was recorded after this point is dropped", repr(now), _number)


def for_input(features: Sequence[str], now: Sequence[float] | None) -> Prompt[tuple[float, ...]]:
    """An input to predict."""

    def read(text: str) -> tuple[float, ...]:
        found = tuple(_number(part) for part in text.replace(",", " ").split())
        if len(found) != len(features):
            raise ValueError(f"that is {len(found)} numbers; an input has {len(features)}")
        return found

    value = " ".join(f"{number:g}" for number in now or ())
    return Prompt("Predict", f"a number each for {', '.join(features)}", value, read)


def prediction(snapshot: Snapshot) -> str:
    """What the network made of the typed input, in one line."""
    probe = snapshot.probe
    if probe is None:
        return ""
    outputs = ", ".join(numbers.plain(number) for number in probe.outputs)
    inputs = ", ".join(f"{number:g}" for number in probe.inputs)
    decision = "" if probe.decision is None else f": {snapshot.subject.classes[probe.decision]}"
    return f"f({inputs}) = {outputs}{decision}"


def _step(text: str) -> int:
    try:
        step = int(text)
    except ValueError:
        raise ValueError(f"{text!r} is no whole number") from None
    if step < 0:
        raise ValueError("steps count from 0")
    return step


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{text!r} is no number") from None
    if not math.isfinite(value):
        raise ValueError(f"{text} is not finite")
    return value
