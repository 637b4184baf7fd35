"""How a row of a listing is written as a place, and which row a written place is. Must not know numbers or strips."""

from __future__ import annotations

import re

from chainstep.engine.training.snapshot.tape import TraceView

from .outline import Outline, Row

_WRITTEN = re.compile(
    r"(?:(?:forward|loss|zero_grad|backward|update|step \d+|sample \d+) )*"
    r"(?:(?P<batch>batch )?line (?P<line>\d+)|parameter (?P<parameter>\S+)"
    r"|layer (?P<layer>\d+)|L(?P<of>\d+)\.n(?P<neuron>\d+))"
)

_OF_NEURON = re.compile(r"L(\d+)\.n(\d+)\.")


def written(view: TraceView, row: Row) -> str:
    """The place that is a row: `line 17`, `batch line 2`, `parameter L1.n1.w0`, `L1.n2`, `layer 1`."""
    if row.place is not None and row.place[0] is not None and not view.headings:
        layer, neuron = row.place
        return f"layer {layer}" if neuron is None else f"L{layer}.n{neuron}"
    if view.section == "parameters":
        return f"parameter {view.lines[row.first].name}"
    return f"{'batch ' if view.section == 'batch' else ''}line {row.first + 1}"


def row_at(text: str, view: TraceView, rows: Outline) -> int | None:
    """The row that a written place is in this listing; None where it is none of its rows."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None
    if match["line"] and view.section == ("batch" if match["batch"] else "sample"):
        line = int(match["line"]) - 1
        return rows.row_of(line) if line < len(view.lines) else None
    if match["parameter"] and view.section == "parameters":
        return next(
            (rows.row_of(k) for k in _own(match["parameter"], view) if view.lines[k].name == match["parameter"]), None
        )
    layer = match["layer"] or match["of"]
    if layer:
        return rows.heading((int(layer), int(match["neuron"]) if match["neuron"] else None))
    return None


def _own(parameter: str, view: TraceView) -> range:
    """The lines among which a parameter's is: a network's has its neuron in its name."""
    neuron = _OF_NEURON.match(parameter)
    return view.lines.of((int(neuron[1]), int(neuron[2]))) if neuron else range(len(view.lines))
