"""What both pictures of a network share: its columns of numbers, and folding. Must not know where they are drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from chainstep.engine.training.snapshot import NetworkView

from .palette import Glyphs

Unit = tuple[int, int]
"""(layer, neuron), both from 0."""
LONGEST_NAME = 10
BINS = 4
"""Bars in a folded layer's histogram."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One layer's n numbers, or the inputs'; values or gradients, as asked."""

    title: str
    layer: int
    """-1 for the inputs."""
    names: tuple[str, ...]
    """One a unit, or none at all."""
    units: tuple[float, ...]
    known: int
    """How many of the units hold a number; the others are yet to be computed."""
    unit_scale: float
    weights: tuple[tuple[float, ...], ...]
    """n rows of m; no rows for the inputs."""
    biases: tuple[float, ...]
    weight_scale: float
    """The largest finite |weight|."""
    count: int
    fan_in: int


def columns(view: NetworkView, gradients: bool) -> list[Column]:
    """The inputs and then each layer."""
    inputs = view.input_grads if gradients else view.inputs
    result = [
        Column(
            title="input",
            layer=-1,
            names=view.input_names,
            units=inputs,
            known=len(inputs) if view.computed else 0,
            unit_scale=largest(inputs),
            weights=(),
            biases=(),
            weight_scale=0.0,
            count=len(inputs),
            fan_in=0,
        )
    ]
    for index, layer in enumerate(view.layers):
        last = index == len(view.layers) - 1
        units = layer.grad if gradients else layer.data
        weights = layer.weight_grads if gradients else layer.weights
        result.append(
            Column(
                title="output" if last else f"layer {index + 1}",
                layer=index,
                names=view.output_names if last else (),
                units=units,
                known=layer.computed,
                unit_scale=largest(units),
                weights=weights,
                biases=layer.bias_grads if gradients else layer.biases,
                weight_scale=largest(value for row in weights for value in row),
                count=len(units),
                fan_in=len(weights[0]) if weights else 0,
            )
        )
    return result


def largest(values: Iterable[float]) -> float:
    """The largest finite magnitude; 0.0 where there is none."""
    return max((abs(value) for value in values if math.isfinite(value)), default=0.0)


def focus(view: NetworkView, selected: Unit | None, layer: int) -> int | None:
    """The neuron of `layer` that has to be seen: the selected one, else the one being computed."""
    if selected is not None and selected[0] == layer:
        return selected[1]
    return view.lit.neuron if view.lit is not None and view.lit.layer == layer else None


def name_width(names: Iterable[str]) -> int:
    """Cells for a column of names; 0 where there are none."""
    return min(LONGEST_NAME, max(map(cell_len, names), default=0))


def fitted(name: str, width: int, glyphs: Glyphs) -> str:
    """A name of at most `width` cells, in characters that the terminal has."""
    if not glyphs.braille:
        name = name.encode("ascii", "replace").decode()
    return name if cell_len(name) <= width else set_cell_size(name, width - 1) + glyphs.ellipsis


@dataclass(frozen=True, slots=True)
class Slot:
    """A row's content: a neuron, or a note of how many are hidden."""

    row: int
    neuron: int | None
    hidden: int = 0


def slots(count: int, rows: int, spread: bool, seen: int | None) -> tuple[Slot, ...]:
    """Which of `count` neurons get one of `rows` rows, centred.

    `spread` takes as much of the height as even distances can, else neighbours touch. Where they do not all fit, the
    page that holds neuron `seen` is shown (the first, if None), with a note of how many are above and below.
    """
    if rows <= 0 or count <= 0:
        return ()
    if count <= rows:
        pitch = -(-rows // count) if spread else 1
        if (count - 1) * pitch >= rows:
            pitch -= 1
        top = (rows - ((count - 1) * pitch + 1)) // 2
        return tuple(Slot(top + pitch * neuron, neuron) for neuron in range(count))
    seen = min(max(0, seen or 0), count - 1)
    if rows == 1:
        return (Slot(0, seen),)
    if rows == 2:
        return (Slot(0, seen), Slot(1, None, count - 1))
    # Pages, not a window that follows: the picture stays still while an op walks through the layer.
    above = 0 if seen < rows - 1 else rows - 1 + (seen - rows + 1) // (rows - 2) * (rows - 2)
    top = 1 if above else 0
    shown = count - above
    if shown > rows - top:
        shown = rows - top - 1
    below = count - above - shown
    head = (Slot(0, None, above),) if above else ()
    foot = (Slot(rows - 1, None, below),) if below else ()
    return head + tuple(Slot(top + place, above + place) for place in range(shown)) + foot
