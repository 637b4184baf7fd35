"""From a file to the network in it: a script that builds it, which runs in a child, or its tensors. Must not know
sessions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from chainstep.datasets import printable
from chainstep.engine.training.analysis.model import Dense

from ..children.child import Child, ChildError, messages
from ..children.task import Limits, Task
from . import tensors
from .errors import ExchangeError
from .network import Network, dense

_SECONDS = 120.0
"""How long a script may take: importing torch alone takes some."""

_LARGEST = 1 << 30
"""Bytes of a file of tensors."""


def read_network(what: str, activations: Sequence[str] = (), python: str = "") -> Network:
    """The network of FILE.safetensors or of FILE.py[:NAME]. `activations`, one for all layers but the last or one a
    layer, are for tensors that do not say theirs.

    Raises:
        ExchangeError: there is none that can be stepped.
    """
    file, name = _parted(what)
    shown = printable(file, 200)
    if not Path(file).is_file():
        raise ExchangeError(f"{shown}: there is no such file")
    try:
        if file.endswith(".py"):
            if activations:
                raise ExchangeError("a script says its activations itself")
            return _built(Path(file).absolute(), name, python)
        if file.endswith(".safetensors"):
            return _of_tensors(Path(file), activations)
    except ExchangeError as error:
        raise ExchangeError(f"{shown}: {printable(str(error), 400)}") from None
    raise ExchangeError(f"{shown}: a model comes from a .py that builds an nn.Sequential, or from a .safetensors file")


def _parted(what: str) -> tuple[str, str]:
    """The file, and which of its names is meant."""
    file, colon, name = what.rpartition(":")
    return (file, name) if colon and file.endswith(".py") else (what, "")


# --- a script


def _built(file: Path, name: str, python: str) -> Network:
    task = Task("chainstep.tui.exchange.sequential", {"file": str(file), "name": name}, file.parent, python)
    child = Child(task, Limits(seconds=_SECONDS, memory=None))
    try:
        told = list(messages(child))
    except ChildError as error:
        raise ExchangeError(str(error)) from None
    assert child.end is not None
    refused = next((message["refused"] for message in told if "refused" in message), None)
    if refused is not None:
        raise ExchangeError(str(refused))
    if not told or "whole" not in told[-1]:
        raise ExchangeError(f"it {child.end.why}")
    return _of_messages(told[:-1])


def _of_messages(told: Sequence[Mapping[str, Any]]) -> Network:
    """Layers, and an activation behind each that has one.

    Raises:
        ExchangeError: they are no network.
    """
    layers: list[Dense] = []
    unbiased: list[int] = []
    bent = True
    for message in told:
        if "activation" in message:
            if bent:
                raise ExchangeError(f"{message['activation']} does not come behind a linear layer of its own")
            layers[-1] = layers[-1]._replace(activation=str(message["activation"]))
            bent = True
            continue
        weights, inputs, biases = message.get("weights"), message.get("inputs"), message.get("biases")
        if not _numbers(weights) or type(inputs) is not int or not (biases is None or _numbers(biases)):
            raise ExchangeError("what came of it is no layer")
        layers.append(dense(weights or (), inputs, biases, "linear"))
        unbiased += [len(layers)] * (biases is None)
        bent = False
    return Network(tuple(layers), tuple(unbiased))


def _numbers(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(number, float) for number in value)


# --- tensors


def _of_tensors(file: Path, activations: Sequence[str]) -> Network:
    if file.stat().st_size > _LARGEST:
        raise ExchangeError(f"it is larger than {_LARGEST >> 30} GB")
    found, metadata = tensors.read(file.read_bytes())
    pairs = list(_layers(found))
    if not pairs:
        raise ExchangeError("it has no linear layer")
    bends = _activations(metadata, activations, len(pairs))
    layers = [
        dense(weights.numbers, weights.shape[1], biases and biases.numbers, bend)
        for (weights, biases), bend in zip(pairs, bends, strict=True)
    ]
    return Network(tuple(layers), tuple(number for number, (_, biases) in enumerate(pairs, start=1) if biases is None))


def _layers(found: Mapping[str, tensors.Tensor]) -> Iterator[tuple[tensors.Tensor, tensors.Tensor | None]]:
    """Weights and biases of each layer, as their names are numbered."""
    names = sorted({name.rpartition(".")[0] for name in found}, key=_natural)
    for name in names:
        own = {key.rpartition(".")[2]: found[key] for key in found if key.rpartition(".")[0] == name}
        weights, biases = own.pop("weight", None), own.pop("bias", None)
        if own or weights is None or len(weights.shape) != 2 or (biases is not None and len(biases.shape) != 1):
            raise ExchangeError(f"{name or min(found)!r} is no linear layer, which has a weight with rows and a bias")
        if 0 in weights.shape:
            raise ExchangeError(f"{name} has no weights")
        yield weights, biases


def _natural(name: str) -> list[tuple[int, str]]:
    """10 comes behind 9."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name) if part]


def _activations(metadata: Mapping[str, str], given: Sequence[str], count: int) -> Sequence[str]:
    if len(given) == 1:
        return [given[0]] * (count - 1) + ["linear"]
    if not given and "activations" in metadata:
        try:
            given = json.loads(metadata["activations"])
        except (ValueError, RecursionError):
            given = ()
        if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
            raise ExchangeError("its activations are no list of names")
    if not given and count == 1:
        return ["linear"]
    if not given:
        raise ExchangeError("it does not say its activations: --activation relu, say, or one a layer, relu,tanh,linear")
    if len(given) != count:
        raise ExchangeError(f"{count} layers need {count} activations, not {len(given)}")
    return given
