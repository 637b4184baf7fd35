"""The knobs as the screen turns them: names, words, and what one notch is. Must not know widgets or how a session acts
on them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from chainstep.engine.training.settings import CHOICES, IMMEDIATE, RESTARTING, Settings, SettingsError

_LADDERS: dict[str, tuple[float, ...]] = {
    "momentum": (0.0, 0.5, 0.8, 0.9, 0.95, 0.99),
    "l1": (0.0, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1),
    "l2": (0.0, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1),
}


@dataclass(frozen=True, slots=True)
class Knob:
    """One hyperparameter."""

    name: str
    """As `Settings` calls it."""
    label: str
    words: str
    """What it does, in a few words."""

    @property
    def acts(self) -> str:
        """When a turn of it takes effect."""
        if self.name in RESTARTING:
            return "restarts"
        return "at once" if self.name in IMMEDIATE else "next step"


KNOBS = (
    Knob("lr", "learning rate", "base length of a step"),
    Knob("schedule", "schedule", "how the learning rate falls"),
    Knob("horizon", "horizon", "steps that the schedule takes"),
    Knob("optimizer", "optimiser", "how a gradient becomes a step"),
    Knob("momentum", "momentum", "what is kept of the last step"),
    Knob("batch_size", "batch size", "samples a step"),
    Knob("loss", "loss", "what is made small"),
    Knob("l1", "L1", "penalty on Σ|p|"),
    Knob("l2", "L2", "penalty on Σp²"),
    Knob("activation", "activation", "what bends a neuron's sum"),
    Knob("maximise", "maximise", "climb instead of descend"),
    Knob("hidden", "hidden layers", "neurons of each, such as 16,16"),
    Knob("init", "initialisation", "how first weights are drawn"),
    Knob("seed", "seed", "which first weights are drawn"),
    Knob("steps", "steps", "where it pauses"),
)
"""The knobs in the order of the list."""


def notch(settings: Settings, name: str, direction: int) -> object:
    """The knob's next value upwards (1) or downwards (-1); the same value at the end of its range."""
    value = getattr(settings, name)
    if name == "lr":
        return ladder(value, direction)
    if name in _LADDERS:
        return _along(_LADDERS[name], value, direction)
    if name in CHOICES:
        names = CHOICES[name]
        return names[(names.index(value) + direction) % len(names)]
    if name == "maximise":
        return not value
    if name == "batch_size":
        sizes = (1, 2, 4, 8, 16, 32, 64, 128, None)
        return sizes[max(0, min(len(sizes) - 1, _place(sizes, value) + direction))]
    if name == "hidden":
        return tuple(max(1, size + direction) for size in value)
    if name in ("steps", "horizon"):
        return max(1, value + direction * (10 if value + direction * 10 > 0 else 1))
    return value + direction


def ladder(value: float, direction: int) -> float:
    """The next rung of … 0.01, 0.03, 0.1, 0.3, 1, 3 … above (1) or below (-1) a positive number."""
    exponent = math.floor(math.log10(value)) if value > 0 else 0
    rungs = [float(f"{digit}e{exponent + k}") for k in (-1, 0, 1) for digit in (1, 3)]
    if direction > 0:
        return next(rung for rung in rungs if rung > value * 1.0001)
    return next((rung for rung in reversed(rungs) if 0 < rung < value * 0.9999), value)


def _along(rungs: Sequence[float], value: float, direction: int) -> float:
    if direction > 0:
        return next((rung for rung in rungs if rung > value), value)
    return next((rung for rung in reversed(rungs) if rung < value), value)


def _place(sizes: Sequence[int | None], value: int | None) -> int:
    if value is None:
        return len(sizes) - 1
    return sum(1 for size in sizes if size is not None and size < value)


def read(name: str, text: str) -> object:
    """What a user typed for a knob, as its value.

    Raises:
        SettingsError: it is of the wrong kind; the message is one line.
    """
    text = text.strip()
    try:
        if name in ("lr", "momentum", "l1", "l2"):
            return float(text)
        if name in ("seed", "steps", "horizon"):
            return int(text)
        if name == "batch_size":
            return None if text.lower() in ("all", "none", "") else int(text)
        if name == "hidden":
            return tuple(int(size) for size in text.split(",") if size.strip())
    except ValueError:
        kind = "whole numbers" if name in ("seed", "steps", "horizon", "batch_size", "hidden") else "numbers"
        raise SettingsError(f"{name} takes {kind}, not {text!r}") from None
    if name == "maximise":
        return text.lower() in ("yes", "true", "on", "1")
    return text


def shown(settings: Settings, name: str) -> str:
    """A knob's value as text."""
    value = getattr(settings, name)
    if name == "batch_size":
        return "all" if value is None else str(value)
    if name == "hidden":
        return ",".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
