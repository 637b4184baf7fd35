"""A session on a network from elsewhere, with its weights: on an example, on a table, or on inputs that are typed. Must
not know where the network is from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chainstep.datasets import DataError
from chainstep.engine.nn.losses import LOSSES
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula, Recorded, TrainingData
from chainstep.engine.training.setup.fitting import coded_outputs
from chainstep.engine.training.setup.settings import Settings, SettingsError
from chainstep.engine.training.setup.size import refuse_giant

from ...exchange.network import Network
from .knobs import adjusted, with_horizon
from .source import Source
from .typed import typed_inputs


def on_inputs(
    network: Network, name: str, inputs: Sequence[float] = (), overrides: Mapping[str, object] | None = None
) -> tuple[Session, Source]:
    """A session on one sample: `inputs`, or a 1 for each.

    Raises:
        DataError: there are not as many inputs as the network takes.
        SettingsError: a knob cannot be set so.
    """
    inputs = inputs or (1.0,) * network.inputs
    if len(inputs) != network.inputs:
        raise DataError(f"{name} takes {network.inputs} inputs, not {len(inputs)}")
    leaves = {f"x{place}": number for place, number in enumerate(inputs)}
    source = Source("inputs", name, leaves=leaves, choices={"outputs": network.outputs})
    loss = "softmax" if network.outputs > 1 else "mse"
    settings = adjusted(Settings(loss=loss, lr=0.01, steps=20, hidden=network.hidden), overrides or {})
    data = typed_inputs(name, leaves, network.outputs)
    return _session(network, name, data, with_horizon(settings, overrides or {})), source


def on_session(network: Network, name: str, session: Session, named: bool) -> Session:
    """The session's data and knobs, but with this network; `named` says that its loss was asked for.

    Raises:
        DataError: the network does not fit the data.
        SettingsError: the network is too large.
    """
    data = session.subject
    if isinstance(data, Formula | Recorded):
        raise DataError(f"{data.name} has no data that a network could be stepped on")
    columns = len(session.settings.features or data.features)
    if columns != network.inputs:
        raise DataError(f"{name} takes {network.inputs} inputs, and {data.name} has {columns}")
    settings = session.settings.replace(hidden=network.hidden, frozen=())
    if not named:
        settings = _fitting_loss(network, data, settings)
    return _session(network, name, data, settings)


def _fitting_loss(network: Network, data: TrainingData, settings: Settings) -> Settings:
    """The loss that goes with as many outputs: of two classes a network may have two, or one for both."""
    if settings.loss == "perceptron":
        settings = settings.replace(loss="sse", activation="relu", maximise=False)
    if len(data.classes) == 2 and LOSSES[settings.loss].one_hot != (network.outputs == 2):
        return settings.replace(loss="softmax" if network.outputs == 2 else "bce")
    return settings


def _session(network: Network, name: str, data: TrainingData, settings: Settings) -> Session:
    settings = _with_activations(network, data, settings)
    wanted = coded_outputs(data, settings)[1].outputs
    if wanted != network.outputs:
        raise DataError(
            f"{name} has {network.outputs} outputs, and {data.name} with loss {settings.loss} wants {wanted}"
        )
    refuse_giant(network.inputs, settings, network.outputs)
    return Session(data, settings.replace(frozen=network.missing), network.parameters)


def _with_activations(network: Network, data: TrainingData, settings: Settings) -> Settings:
    """One activation for all, where that says the same."""
    plain = settings.replace(activation=network.activations[0], activations=())
    try:
        output, _ = coded_outputs(data, plain)
    except SettingsError:
        output = ""
    if {*network.activations[:-1]} <= {plain.activation} and output == network.activations[-1]:
        return plain
    return plain.replace(activations=network.activations)
