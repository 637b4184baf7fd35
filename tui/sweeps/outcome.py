"""What came of a run, as plain data: it travels from the worker, is kept, and is told as a row. Must not know where the
run was trained.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from chainstep.engine.records import record
from chainstep.engine.training.setup.settings import Settings

from .spec import Knobs, plain_knobs
from .values import KINDS

MOST_POINTS = 120
"""Losses of a curve."""

_OPTIONS = {**{name: name for name in KINDS if name not in ("steps", "loss")}, "mistake": "mistakes"}
"""Name in a row -> knob. How many steps were trained, and the loss, are what came of the run."""

_OF_NETWORKS = frozenset({"hidden", "activation", "init", "gain", "batch_size"})


@record
class Outcome:
    """A run that has come to its end, or that failed."""

    knobs: Knobs
    """Those that were set: with the subject they are the run."""
    settings: Knobs
    """Every knob of the command line as it acted, by its option's name with `_` for `-`."""
    steps: int = 0
    loss: float | None = None
    """Over all training samples, after the last update, penalties included."""
    accuracy: float | None = None
    test_loss: float | None = None
    curve: tuple[tuple[int, float], ...] = ()
    """(step, loss before its update), thinned; the last one is the final loss."""
    error: str | None = None
    """Why there is none, in one line."""

    @property
    def finite(self) -> bool:
        """Whether it has a loss that can be compared."""
        return self.loss is not None and math.isfinite(self.loss)

    @property
    def cost(self) -> float:
        """What runs are compared by: the final loss, or infinity where it cannot be."""
        return self.loss if self.loss is not None and self.finite else math.inf

    def row(self) -> dict[str, object]:
        """As a row of `--json`."""
        if self.error is not None:
            return {"event": "failed", **self.settings, "error": self.error}
        return {
            "event": "run",
            **self.settings,
            "steps": self.steps,
            "loss": self.loss,
            "accuracy": self.accuracy,
            "test_loss": self.test_loss,
        }

    def to_json(self) -> dict[str, object]:
        """As a JSON object; it keeps what is not finite as Python's `json` does."""
        return {name: getattr(self, name) for name in self.__match_args__}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Outcome:
        """The outcome of `to_json`, of a file from anywhere.

        Raises:
            ValueError: it is none.
        """
        loss, accuracy, test_loss = (found[name] for name in ("loss", "accuracy", "test_loss"))
        error, steps, settings = found["error"], found["steps"], found["settings"]
        curve = tuple((step, value) for step, value in found["curve"])
        sound = (
            isinstance(steps, int)
            and isinstance(settings, dict)
            and isinstance(error, str | None)
            and all(isinstance(number, int | float | None) for number in (loss, accuracy, test_loss))
            and all(isinstance(step, int) and isinstance(value, int | float) for step, value in curve)
            and len(curve) <= MOST_POINTS + 1
        )
        if not sound:
            raise ValueError("a run of it is not what was kept")
        told = {name: tuple(value) if isinstance(value, list) else value for name, value in settings.items()}
        return cls(plain_knobs(found["knobs"]), told, steps, loss, accuracy, test_loss, curve, error)


def failed(knobs: Knobs, error: str) -> Outcome:
    """The outcome of a run that failed."""
    told = {_name(name): value for name, value in knobs.items() if name not in ("steps", "loss")}
    return Outcome(knobs, told, error=error)


def _name(knob: str) -> str:
    return next((name for name, own in _OPTIONS.items() if own == knob), knob)


def told_settings(settings: Settings, *, network: bool) -> dict[str, object]:
    """The knobs of the command line as they act; of an expression those that mean something to it."""
    named = {name: getattr(settings, knob) for name, knob in _OPTIONS.items() if network or knob not in _OF_NETWORKS}
    if network:
        named["class_weights"] = settings.class_weights
    return named
