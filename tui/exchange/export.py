"""A session's model in the format that is asked for, as bytes. Must not know where they go."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from chainstep.engine.training.analysis.arithmetic import Arithmetic
from chainstep.engine.training.analysis.model import Model, model, nodes
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula, Recorded

from . import tensors
from .drawing import dot
from .errors import ExchangeError
from .programs import arrays, formulas, pytorch, scalars, shared

MOST_BYTES = 50 * 2**20
"""A script with more data is of no use to anybody."""

_SCRIPTS: Mapping[str, Callable[[Model, str], str]] = {
    "pytorch": pytorch.script,
    "numpy": arrays.script,
    "micrograd": scalars.script,
}

_FORMULAS: Mapping[str, Callable[[Model, Arithmetic, str], str]] = {
    "pytorch": formulas.for_torch,
    "micrograd": formulas.for_micrograd,
}

BINARY = frozenset({"safetensors"})
"""Formats that are no text."""


def exported(session: Session, to: str, file: str | None = None, sample: int = 1) -> bytes:
    """The model where the session stands. `file` is what a script is going to be called, `sample` the one that is
    drawn, counted from 1.

    Raises:
        ExchangeError: it cannot be had so.
    """
    if to == "dot":
        return _drawn(session, sample).encode()
    made = model(session.run, session.subject.name)
    if to == "csv":
        return _table(made).encode()
    called = Path(file).name if file else f"{to}_model.py"
    if isinstance(session.subject, Formula) and to in _FORMULAS:
        return _FORMULAS[to](made, session.arithmetic(), called).encode()
    if isinstance(session.subject, Formula | Recorded):
        kind = "an expression" if isinstance(session.subject, Formula) else "a script"
        others = ", ".join([*(_FORMULAS if kind == "an expression" else ()), "dot, csv"])
        raise ExchangeError(f"{shared.printed(made.name)} is {kind}, and {to} takes a network: --to {others}")
    if to == "safetensors":
        return _tensors(made)
    content = _SCRIPTS[to](made, called).encode()
    if len(content) > MOST_BYTES:
        size, most = len(content) // 2**20, MOST_BYTES // 2**20
        raise ExchangeError(f"it would be {size} MB with its data, and at most {most} are written")
    return content


def _drawn(session: Session, sample: int) -> str:
    subject = session.subject
    title = f"{shared.printed(subject.name)}, step {session.step}"
    if isinstance(subject, Formula | Recorded):
        count = len(subject.moments) if isinstance(subject, Recorded) else 1
    else:
        count = len(subject.train_inputs)
        title += f", sample {sample} of {count}"
    if not 1 <= sample <= count:
        raise ExchangeError(f"there is no sample {sample}: it has {count}")
    return dot(nodes(session.run, sample - 1), title)


def _table(made: Model) -> str:
    """A row a parameter. A float is written as its repr: read again, every bit of it is there."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("name", "data"), *zip(made.names, made.parameters, strict=True)])
    return text.getvalue()


def _tensors(made: Model) -> bytes:
    """Under the names that nn.Sequential gives them; what else a network is made of is in the metadata."""
    named: dict[str, tensors.Tensor] = {}
    for module, layer in zip(pytorch.module_names(made), made.layers, strict=True):
        flat = [number for row in layer.weights for number in row]
        named[f"{module}.weight"] = tensors.Tensor((len(layer.weights), len(layer.weights[0])), flat)
        named[f"{module}.bias"] = tensors.Tensor((len(layer.biases),), layer.biases)
    activations = json.dumps([layer.activation for layer in made.layers])
    return tensors.written(named, {"format": "pt", "activations": activations})
