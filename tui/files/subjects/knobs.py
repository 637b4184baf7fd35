"""Knobs that a user sets, laid over those that a subject comes with. Must not know where either are from."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from chainstep.engine.training.setup.settings import Settings, SettingsError, turned

_COUPLED = ("activation", "loss")
"""Knobs that take others along when they are turned."""

_TURNED = (*_COUPLED, "seed")
"""Knobs that are not only put in their place."""

_OF_NETWORKS = ("hidden", "activation", "loss", "init", "gain", "batch_size", "class_weights")
"""Knobs that an expression has no use for."""


def for_expression(overrides: Mapping[str, object]) -> Settings:
    """Settings for a typed expression, with the user's own on top.

    Raises:
        SettingsError: a knob cannot be set so, or is for networks.
    """
    refuse_network_knobs("this", overrides)
    return with_horizon(adjusted(Settings(loss="sse", lr=0.01, steps=20), overrides), overrides)


def with_horizon(settings: Settings, named: Collection[str]) -> Settings:
    """The settings of a run that begins: its schedule runs over its own steps, unless a horizon is among the knobs that
    are `named`.
    """
    return settings if "horizon" in named else settings.replace(horizon=max(1, settings.steps))


def adjusted(settings: Settings, overrides: Mapping[str, object]) -> Settings:
    """The settings with the user's own on top; what hangs together with them follows.

    Raises:
        SettingsError: a value is out of its range, or two of them exclude each other.
    """
    # The shape comes first: whether the perceptron rule applies depends on it.
    own = {name: value for name, value in overrides.items() if name not in _COUPLED}
    settings = settings.replace(**own)
    for name in _TURNED:
        if name in overrides:
            settings = turned(settings, name, overrides[name])
    settings = settings.replace(**own)
    for name in _COUPLED:
        if name in overrides and getattr(settings, name) != overrides[name]:
            raise SettingsError(
                f"loss {settings.loss} goes with activation {settings.activation}, not with {name} {overrides[name]}"
            )
    return settings


def refuse_network_knobs(what: str, overrides: Mapping[str, object]) -> None:
    """Nothing, where all `overrides` are of use to the expression `what`.

    Raises:
        SettingsError: one is for networks alone.
    """
    for name in _OF_NETWORKS:
        if name in overrides:
            raise SettingsError(f"{what} is an expression: --{name.replace('_', '-')} is for networks")
