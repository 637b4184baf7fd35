"""The knobs as the screen turns them: names, words, what one notch is, and where one is of no use. Must not know
widgets or how a session acts on them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from chainstep.engine.nn.losses import LOSSES
from chainstep.engine.nn.mlp import INITS
from chainstep.engine.nn.optimizers import KNOBS as OPTIMIZER_KNOBS
from chainstep.engine.nn.optimizers import OPTIMIZERS, SCHEDULES
from chainstep.engine.records import record
from chainstep.engine.training.setup.features import FEATURES, TWO, found
from chainstep.engine.training.setup.settings import CHOICES, ENDLESS, IMMEDIATE, RESTARTING, Settings, SettingsError
from chainstep.engine.training.snapshot.subject import Subject

from . import shape

_KEPT = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999)
_PENALTY = (0.0, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1)

_LADDERS: dict[str, tuple[float, ...]] = {
    "momentum": _KEPT,
    "beta1": _KEPT,
    "beta2": _KEPT,
    "eps": tuple(10.0**power for power in range(-12, 1)),
    "l1": _PENALTY,
    "l2": _PENALTY,
    "gain": (0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0),
    "noise": (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0),
    "split": (0.0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    "validation": (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5),
    "steps": (
        *range(1, 10),
        *range(10, 201, 10),
        *(first * 10**zeros for zeros in (2, 3, 4, 5) for first in (5, 10, 20)),
        ENDLESS,
    ),
}

_FLOATS = ("lr", "gain", "momentum", "beta1", "beta2", "eps", "l1", "l2", "validation")
_FLAGS = ("class_weights", "maximise")
_WHOLE = ("seed", "steps", "horizon")
_OWN = ("own", "none", "")
_UNTIL_PAUSED = ("until paused", "until i pause", "endless", "inf", "∞")
_YES, _NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")


@record
class Knob:
    """One hyperparameter."""

    name: str
    """As `Settings` calls it."""
    label: str
    words: str
    """What it does, in a few words."""
    group: str
    more: str = ""
    """The same in more words, for the line below the list."""

    @property
    def acts(self) -> str:
        """When a turn of it takes effect."""
        if self.name in RESTARTING:
            return "restarts"
        return "at once" if self.name in IMMEDIATE else "next step"


KNOBS = (
    Knob("lr", "learning rate", "base length of a step", "training"),
    Knob("schedule", "schedule", "how the learning rate falls", "training"),
    Knob(
        "horizon",
        "horizon",
        "steps that the schedule takes",
        "training",
        more="steps that the schedule takes; behind them the rate stays",
    ),
    Knob("batch_size", "batch size", "samples a step, or all", "training"),
    Knob("steps", "steps", "where it pauses", "training"),
    Knob("maximise", "maximise", "climb instead of descend", "training"),
    Knob("optimizer", "optimiser", "how a gradient becomes a step", "optimiser"),
    Knob("momentum", "momentum μ", "what is kept of the last step", "optimiser"),
    Knob("beta1", "β1", "what is kept of the mean gradient", "optimiser"),
    Knob("beta2", "β2", "what is kept of the squares' mean", "optimiser"),
    Knob("eps", "ε", "keeps it from dividing by 0", "optimiser"),
    Knob("loss", "loss", "what is made small; may restart", "loss"),
    Knob("l1", "L1 penalty", "adds this times Σ|p| to the loss", "loss"),
    Knob(
        "l2",
        "L2 penalty",
        "adds this times Σp² to the loss",
        "loss",
        more="Σp² times this, biases too; half of torch's weight_decay",
    ),
    Knob("hidden", "hidden layers", "neurons of each, such as 16,16", "network"),
    Knob("activation", "activation", "what bends a neuron's sum", "network"),
    Knob("init", "first weights", "how they are drawn", "network"),
    Knob(
        "gain",
        "gain",
        "how large the first weights are",
        "network",
        more="the first weights are so many times as large as they are drawn; biases stay",
    ),
    Knob("seed", "seed", "which ones are drawn", "network", more="draws the first weights and the minibatches' order"),
    Knob("noise", "noise", "how far the points are scattered", "data"),
    Knob("split", "test split", "part of samples kept for testing", "data"),
    Knob(
        "validation",
        "held out",
        "part of the others, to stop early",
        "data",
        more="part of the training samples that is held out, to stop early by; 0 for none",
    ),
    Knob(
        "class_weights",
        "class weights",
        "rare ones weigh more in the loss",
        "data",
        more="a sample's loss times n/(k·n_c), scikit-learn's balanced; test loss too, accuracy not",
    ),
    Knob("features", "inputs", "what the network sees of the data's two numbers", "data"),
)
"""The knobs in the order of the list."""

_OF_NETWORKS = {"batch_size", "loss"} | {knob.name for knob in KNOBS if knob.group in ("network", "data")}


_OF_CHOICES: Mapping[str, Mapping[str, str]] = {
    "schedule": {name: row.words for name, row in SCHEDULES.items()},
    "optimizer": {
        "sgd": "the learning rate times the gradient",
        "momentum": "along a sum of the gradients that decays by μ, as in torch's SGD",
        "adam": "penalties are part of the gradient that it scales: no AdamW",
    },
    "loss": {name: row.words for name, row in LOSSES.items()},
    "init": {name: row.words for name, row in INITS.items()},
}
"""What each choice means."""


def story(knob: Knob, settings: Settings) -> tuple[str, str]:
    """What a knob or, where it is a choice that needs words, what is chosen is called, and what that means."""
    chosen = str(getattr(settings, knob.name))
    words = _OF_CHOICES.get(knob.name, {}).get(chosen)
    return (chosen, words) if words else (knob.label, knob.more or knob.words)


def idle(name: str, settings: Settings, subject: Subject) -> str:
    """Why a knob is of no use now, in a few words; empty where it is of use."""
    own = {OPTIMIZER_KNOBS[knob] for knob in OPTIMIZERS[settings.optimizer].knobs}
    if subject.expression and name in _OF_NETWORKS:
        return "an expression has none"
    if name == "gain" and settings.init == "zeros":
        return "zeros stay zeros"
    if name == "horizon" and settings.schedule == "constant":
        return "a constant schedule"
    if name == "activation" and not settings.hidden and (LOSSES[settings.loss].logits or not subject.classes):
        return "no hidden layer"
    if name in OPTIMIZER_KNOBS.values() and name not in own:
        return f"{settings.optimizer} has none"
    if name in ("l1", "l2", "class_weights") and settings.loss == "perceptron":
        return "the perceptron has none"
    if name == "class_weights" and not subject.classes:
        return "a number has no classes"
    if name in ("noise", "split") and getattr(subject, name) is None:
        return "it was measured" if subject.split is not None else "the rows are given"
    if name == "features" and len(subject.columns) != len(TWO):
        return "only for two inputs"
    return ""


def notch(settings: Settings, name: str, direction: int, subject: Subject | None = None, layer: int = -1) -> object:
    """The knob's next value upwards (1) or downwards (-1); the same value at the end of its range.

    `subject` says where the data's own noise and split are, `layer` which of the hidden ones is meant.
    """
    value = getattr(settings, name)
    if name == "lr":
        return ladder(value, direction)
    if name in ("noise", "split") and value is None:
        value = getattr(subject, name) if subject else None
        if value is None:
            return None
    if name in _LADDERS:
        return _along(_LADDERS[name], value, direction)
    if name in CHOICES:
        names = [choice for choice in CHOICES[name] if choice != "perceptron" or not _beyond_the_rule(settings)]
        return names[(names.index(value) + direction) % len(names)]
    if name in _FLAGS:
        return direction > 0
    if name == "batch_size":
        sizes = (1, 2, 4, 8, 16, 32, 64, 128, None)
        return sizes[max(0, min(len(sizes) - 1, _place(sizes, value) + direction))]
    if name == "hidden":
        return shape.resized(value, layer % len(value), direction) if value else value
    if name == "horizon":
        return max(1, value + direction * (10 if value + direction * 10 > 0 else 1))
    return value if name == "features" else max(0, value + direction)


def _beyond_the_rule(settings: Settings) -> bool:
    """Whether this is more than the perceptron rule can train."""
    return bool(settings.hidden or settings.l1 or settings.l2 or settings.class_weights)


def ladder(value: float, direction: int) -> float:
    """The next rung of … 0.01, 0.03, 0.1, 0.3, 1, 3 … above (1) or below (-1) a positive number."""
    exponent = math.floor(math.log10(value)) if value > 0 else 0
    rungs = [float(f"{digit}e{exponent + k}") for k in (-1, 0, 1) for digit in (1, 3)]
    return _along([rung for rung in rungs if rung > 0], value, direction)


def _along(rungs: Sequence[float], value: float, direction: int) -> float:
    """The next of ascending rungs; the value itself at their end."""
    if direction > 0:
        return next((rung for rung in rungs if rung > value * 1.0001), value)
    return next((rung for rung in reversed(rungs) if rung < value * 0.9999), value)


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
    low = text.lower()
    try:
        if name in _FLOATS:
            return float(text)
        if name in ("noise", "split"):
            return None if low in _OWN else float(text)
        if name == "steps" and low in _UNTIL_PAUSED:
            return ENDLESS
        if name in _WHOLE:
            return int(text)
        if name == "batch_size":
            return None if low in ("all", "none", "") else int(text)
        if name == "hidden":
            return () if low in _OWN else tuple(int(size) for size in re.split(r"[\s,]+", text.strip(", ")))
    except ValueError:
        kind = "whole numbers" if name in (*_WHOLE, "batch_size", "hidden") else "numbers"
        raise SettingsError(f"{name} takes {kind}, not {text!r}") from None
    if name == "features":
        return () if low in _OWN else _features(text)
    if name in _FLAGS:
        if low not in (*_YES, *_NO):
            raise SettingsError(f"{name} takes yes or no, not {text!r}")
        return low in _YES
    return text


def _features(text: str) -> tuple[str, ...]:
    """Features by number, `1 2 3`, or by name, `x0, x0^2`."""
    if re.fullmatch(r"[\s,1-7]+", text):
        return tuple(list(FEATURES)[int(digit) - 1] for digit in re.findall("[1-7]", text))
    names = []
    for part in filter(None, map(str.strip, text.split(","))):
        name = found(part)
        if name is None:
            known = ", ".join(feature.text for feature in FEATURES.values())
            raise SettingsError(f"there is no input feature {part!r}: it is one of {known}")
        names.append(name)
    return tuple(names)


def shown(settings: Settings, name: str, subject: Subject | None = None) -> str:
    """A knob's value as text; where the data's own is meant, what that is if `subject` says so."""
    value = getattr(settings, name)
    if name in ("noise", "split") and value is None:
        value = getattr(subject, name) if subject else None
        return "-" if value is None else f"{value:.4g}"
    if name == "features":
        return ", ".join(FEATURES[chosen].text for chosen in value) or "own"
    if name == "steps" and value == ENDLESS:
        return _UNTIL_PAUSED[0]
    if name == "batch_size":
        return "all" if value is None else str(value)
    if name == "hidden":
        return ",".join(map(str, value)) or "none"
    if name == "activation":
        return settings.bends
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
