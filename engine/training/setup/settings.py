"""The knobs of a session, their ranges and their errors. Must not know data, tapes or the screen."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import UnionType

from ...nn.losses import LOSSES
from ...nn.mlp import ACTIVATIONS, INITS
from ...nn.optimizers import KNOBS as OPTIMIZER_KNOBS
from ...nn.optimizers import OPTIMIZERS, SCHEDULES
from ...records import record, replace
from .features import FEATURES, as_set
from .mistakes import MISTAKES

ENDLESS = 2**63 - 1
"""Steps of a run that has no end of its own: it goes on until it is paused."""


class SettingsError(ValueError):
    """A knob was given a value that it cannot take; the message is one line that names the knob."""


@record
class Settings:
    """Hyperparameters of a session. `replace` makes a changed copy; every instance is valid.

    Raises:
        SettingsError: a value is out of its range.
    """

    seed: int = 1337
    """At least 0 where somebody chooses it, see `turned`; a run that was saved with another one keeps it."""
    hidden: tuple[int, ...] = (16, 16)
    """Neurons of each hidden layer; empty for a single layer."""
    activation: str = "relu"
    activations: tuple[str, ...] = ()
    """Of each layer, the last one too, where `activation` cannot say it; empty where it does."""
    init: str = "demo"
    gain: float = 1.0
    """The first weights, but not the biases, are so many times as large as they are drawn."""
    loss: str = "hinge"
    optimizer: str = "sgd"
    schedule: str = "constant"
    lr: float = 0.1
    """Base learning rate; the schedule scales it."""
    horizon: int = 100
    """Steps over which the schedule runs, from the first one on; turning `steps` does not move it."""
    momentum: float = 0.9
    beta1: float = 0.9
    """What Adam keeps of the mean of the gradients."""
    beta2: float = 0.999
    """What Adam keeps of the mean of their squares."""
    eps: float = 1e-8
    """What keeps Adam from dividing by 0."""
    batch_size: int | None = None
    """Samples a step; None for all of them."""
    l1: float = 0.0
    l2: float = 0.0
    steps: int = 100
    """Where headless training ends and the app pauses; each time it plays on from there, after as many again."""
    class_weights: bool = False
    """A sample's loss is taken times what its class weighs: n / (k·n_c), "balanced", as scikit-learn has it."""
    maximise: bool = False
    """Climb the gradient instead of descending it."""
    frozen: tuple[int, ...] = ()
    """Parameters that updates leave alone, in order."""
    noise: float | None = None
    """How far the data's points are scattered; None for the data as it is."""
    split: float | None = None
    """The fraction of samples that are kept for testing; None for the data's own."""
    validation: float = 0.0
    """The fraction of the training samples that is held out of training, to stop early by; 0 for none."""
    features: tuple[str, ...] = ()
    """Inputs made of the data's two, in the order of the table; empty for the data's own."""
    mistakes: tuple[str, ...] = ()
    """What is broken on purpose, in the order of the table."""
    order: tuple[int, ...] = ()
    """The ops of a sample in the order in which backward fires them, by their places on its tape; those that are not
    named follow in the right order, and what is not there is passed over. Empty for the right order.
    """

    def __post_init__(self) -> None:
        for name, kinds in _KINDS.items():
            value = getattr(self, name)
            if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
                raise SettingsError(f"{name} cannot be {value!r}")
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise SettingsError(f"{name} {getattr(self, name)!r} is none of {', '.join(choices)}")
        self._check_numbers()
        self._check_lists()
        # The same set is the same setting, however it was put together.
        object.__setattr__(self, "frozen", tuple(sorted(set(self.frozen))))
        object.__setattr__(self, "features", as_set(self.features))
        object.__setattr__(self, "mistakes", tuple(name for name in MISTAKES if name in self.mistakes))

    def _check_numbers(self) -> None:
        if not (math.isfinite(self.lr) and self.lr > 0):
            raise SettingsError(f"lr must be finite and above 0, not {self.lr!r}")
        if not (math.isfinite(self.gain) and self.gain > 0):
            raise SettingsError(f"gain must be finite and above 0, not {self.gain!r}")
        for name in ("l1", "l2"):
            if not (math.isfinite(getattr(self, name)) and getattr(self, name) >= 0):
                raise SettingsError(f"{name} must be finite and at least 0, not {getattr(self, name)!r}")
        for name in ("momentum", "beta1", "beta2"):
            if not 0 <= getattr(self, name) < 1:
                raise SettingsError(f"{name} must be at least 0 and below 1, not {getattr(self, name)!r}")
        if not (math.isfinite(self.eps) and self.eps > 0):
            raise SettingsError(f"eps must be finite and above 0, not {self.eps!r}")
        if self.noise is not None and not (math.isfinite(self.noise) and self.noise >= 0):
            raise SettingsError(f"noise must be finite and at least 0, not {self.noise!r}")
        if not 0 <= self.validation < 1:
            raise SettingsError(f"validation must be at least 0 and below 1, not {self.validation!r}")
        if self.split is not None and not 0 <= self.split < 1:
            raise SettingsError(f"split must be at least 0 and below 1, not {self.split!r}")
        if self.batch_size is not None and self.batch_size < 1:
            raise SettingsError(f"batch_size must be at least 1, not {self.batch_size}")
        if self.steps < 0:
            raise SettingsError(f"steps must be at least 0, not {self.steps}")
        if self.horizon < 1:
            raise SettingsError(f"horizon must be at least 1, not {self.horizon}")

    def _check_lists(self) -> None:
        if unknown := [name for name in self.features if name not in FEATURES]:
            raise SettingsError(f"there is no input feature {unknown[0]!r}: it is one of {', '.join(FEATURES)}")
        if any(type(size) is not int or size < 1 for size in self.hidden):
            raise SettingsError(f"hidden layers need at least 1 neuron, not {','.join(map(str, self.hidden))}")
        if unknown := [name for name in self.activations if name not in ACTIVATIONS]:
            raise SettingsError(f"activation {unknown[0]!r} is none of {', '.join(ACTIVATIONS)}")
        if self.activations and len(self.activations) != len(self.hidden) + 1:
            count = len(self.hidden) + 1
            raise SettingsError(f"{count} layers need {count} activations, not {len(self.activations)}")
        if any(type(index) is not int or index < 0 for index in self.frozen):
            raise SettingsError(f"frozen takes numbers of parameters from 0, not {_listed(self.frozen)}")
        if any(type(index) is not int or index < 0 for index in self.order) or len({*self.order}) < len(self.order):
            raise SettingsError(f"order takes places of ops from 0, each once, not {_listed(self.order)}")
        if unknown := [name for name in self.mistakes if name not in MISTAKES]:
            raise SettingsError(f"there is no mistake {unknown[0]!r}: it is one of {', '.join(MISTAKES)}")

    def replace(self, **changes: object) -> Settings:
        """A copy with the named knobs changed.

        Raises:
            SettingsError: there is no such knob, or a value is out of its range.
        """
        unknown = changes.keys() - KNOBS
        if unknown:
            raise SettingsError(f"there is no knob called {min(unknown)!r}")
        return replace(self, **changes)

    @property
    def bends(self) -> str:
        """The activations in short: `relu`, or `relu+tanh` where layers have their own."""
        return "+".join(dict.fromkeys(self.activations)) or self.activation

    @property
    def broken_weights(self) -> tuple[str, ...]:
        """The mistakes that are made in the first weights."""
        return tuple(name for name in self.mistakes if MISTAKES[name].restarts)

    def rate(self, step: int) -> float:
        """Effective learning rate of a step: base times schedule."""
        return self.lr * SCHEDULES[self.schedule].scale(step, self.horizon)

    def rates(self, step: int, count: int) -> list[float]:
        """The same of `count` steps from `step` on."""
        lr, horizon, scale = self.lr, self.horizon, SCHEDULES[self.schedule].scale
        falling = range(step, max(step, min(step + count, horizon)))
        return [lr * scale(k, horizon) for k in falling] + [lr * scale(horizon, horizon)] * (count - len(falling))

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Settings:
        """The defaults with `values` laid over them; lists, as JSON has them, are tuples."""
        return cls().replace(
            **{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        )


def _listed(items: Iterable[object]) -> str:
    return ", ".join(map(str, items))


CHOICES: Mapping[str, tuple[str, ...]] = {
    "activation": tuple(ACTIVATIONS),
    "init": tuple(INITS),
    "loss": tuple(LOSSES),
    "optimizer": tuple(OPTIMIZERS),
    "schedule": tuple(SCHEDULES),
}
"""What each knob that is a choice can be."""

_KINDS: Mapping[str, type | UnionType] = {
    **dict.fromkeys(("lr", "gain", "l1", "l2", "momentum", "beta1", "beta2", "eps", "validation"), int | float),
    **dict.fromkeys(("noise", "split"), int | float | None),
    **dict.fromkeys(("seed", "horizon", "steps"), int),
    **dict.fromkeys(("hidden", "activations", "frozen", "features", "mistakes", "order"), tuple),
    "batch_size": int | None,
    **dict.fromkeys(("class_weights", "maximise"), bool),
}
"""What the other knobs are made of; a bool is no number here."""

KNOBS = frozenset(Settings.__match_args__)

DATA = frozenset({"noise", "split", "validation", "features"})
"""Knobs that decide which samples there are."""

RESTARTING = frozenset({"seed", "hidden", "init", "gain"}) | DATA
"""Knobs that begin again with new weights; every other one acts on the run as it is. But see `restarts`."""

IMMEDIATE = frozenset({"lr", "steps", "frozen", "order"})
"""Knobs that act in the middle of a step; the others wait for the next one."""

_OF_TAPES = frozenset({"hidden", "activation", "activations", "loss", "features", "class_weights"})
"""Knobs that make other ops of a sample."""

_OF_UPDATES = frozenset(OPTIMIZER_KNOBS.values())

SAME_PROGRAM = frozenset({*_OF_UPDATES, "lr", "steps", "horizon", "schedule", "optimizer", "maximise", "frozen"})
"""Knobs that leave the arithmetic of forward, loss and backward as it is."""


def of_program(settings: Settings) -> Settings:
    """The settings but for `SAME_PROGRAM`, which are at their defaults: where these are the same, so is the program."""
    plain = Settings()
    return settings.replace(**{name: getattr(plain, name) for name in SAME_PROGRAM})


def restarts(old: Settings, new: Settings) -> bool:
    """Whether a change of settings draws new weights: by one of `RESTARTING`, or by a mistake in the first weights."""
    return old.broken_weights != new.broken_weights or any(
        getattr(old, name) != getattr(new, name) for name in RESTARTING
    )


def turned(settings: Settings, name: str, value: object) -> Settings:
    """The settings with one knob turned, and with those that hang together with it.

    The perceptron rule belongs to the step function and climbs: leaving either leaves both, and coming back brings
    both back.

    Raises:
        SettingsError: there is no such knob, or the value is out of its range.
    """
    # What is turned is the activation of all layers, or there are other layers.
    own: dict[str, object] = {"activations": ()} if name in ("activation", "hidden") else {}
    if name in _OF_TAPES:
        own["order"] = ()  # it is of the ops that were
    changed = settings.replace(**{**own, name: value})
    if name == "seed" and changed.seed < 0:
        # Python's generator takes a seed without its sign: -1 would draw the weights of 1, in batches of other samples.
        raise SettingsError(f"seed must be at least 0, not {changed.seed}")
    if name == "activation" and settings.loss == "perceptron" and value != "step":
        return changed.replace(loss="sse", maximise=False)
    if name == "activation" and value == "step" and settings.loss == "sse" and not settings.hidden:
        return changed.replace(loss="perceptron", maximise=True, optimizer="sgd")
    if name == "loss" and value == "perceptron":
        return changed.replace(activation="step", activations=(), maximise=True)
    if name == "loss" and settings.loss == "perceptron":
        return changed.replace(maximise=False)
    return changed
