"""`chainstep import`: from the words to a session on somebody's network. Must not know formats."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from chainstep.datasets import printable
from chainstep.engine.training.session import Session

from ...exchange.network import Network
from ...exchange.reading import read_network
from ...files.subjects.imported import on_inputs, on_session
from ...files.subjects.source import Source
from .. import opening, options
from ..output import complain, emit
from ..statuses import UsageError


class Asked(NamedTuple):
    """What the words say, besides the knobs."""

    on: str | None
    target: str | None
    inputs: str | None
    activation: str | None
    python: str


def open_network(file: str, asked: Asked, knobs: dict[str, Any], *, as_json: bool) -> int:
    """Open the app on the network of a file, or print it; returns the exit status.

    Raises:
        ExchangeError: there is no network in it that can be stepped.
        DataError, SettingsError: it does not fit what it is to be stepped on, or a knob cannot be set so.
        UsageError: the words do not go together.
        NoTerminalError: the app cannot be shown here.
    """
    activations = [name.strip() for name in (asked.activation or "").split(",") if name.strip()]
    network = read_network(file, activations, asked.python)
    name = printable(Path(file).name, 60)
    session, source = _session(network, name, asked, knobs)
    notes = [f"layer {number} has no biases: here they are 0, and frozen" for number in network.unbiased]
    if not as_json:
        return opening.show(session, source, f"chainstep import {printable(file, 200)} --json", None, notes)
    for note in notes:
        complain(note)
    _print(network, session)
    return 0


def _session(network: Network, name: str, asked: Asked, knobs: dict[str, Any]) -> tuple[Session, Source]:
    if asked.on is not None:
        if asked.inputs is not None:
            raise UsageError("--inputs are for a network without --on")
        named = knobs["loss"] is not None
        session, source = opening.by_options(asked.on, asked.target, knobs)
        return on_session(network, name, session, named), source
    if asked.target is not None or options.choices(knobs) is not None:
        raise UsageError("--target and how a table is read are for a network --on a table")
    return on_inputs(network, name, _numbers(asked.inputs), options.overrides(knobs))


def _numbers(text: str | None) -> list[float]:
    try:
        return [float(part) for part in (text or "").split(",") if part.strip()]
    except ValueError:
        raise UsageError(f"--inputs takes numbers, as 0.5,-1, not {printable(text or '', 60)}") from None


def _print(network: Network, session: Session) -> None:
    rows = zip(session.labels, session.parameters, strict=True)
    emit(*({"name": name, "data": number} for name, number in rows))
    sizes = [network.inputs, *(len(layer.biases) for layer in network.layers)]
    end = {"event": "end", "sizes": sizes, "activations": network.activations, "loss": session.final_loss()[0]}
    emit({**end, "parameters": len(network.parameters)})
