"""What both pictures of a network share: how it is looked at, and its columns of numbers. Must not know where they are
drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style

from chainstep.engine.records import record, replace
from chainstep.engine.training.snapshot.network import Lit, NetworkView

from ..canvas.numbers import NARROWEST, signed
from ..canvas.shortened import shortened
from ..style.glyphs import Glyphs
from ..style.palette import Palette
from .outputs import Note, notes
from .table.nodes import Node, Shown, shown

Unit = tuple[int, int]
"""(layer, neuron), both from 0."""
LONGEST_NAME = 10


@record
class NetworkOptions:
    """How the user wants to see the network."""

    gradients: bool = False
    """With the gradients of units, weights and biases in place of their values."""
    selected: Unit | None = None
    """The neuron that is marked and brought to the front, and shown where its layer is folded."""
    whole: bool = False
    """All of the layer of what was done, and of what comes next, is marked."""
    input: int | None = None
    """The input whose weight is selected; it is marked where it is of a table."""
    unfolded: bool = False
    """The table's column that it is made of has a row for each of its inputs."""


def as_shown(view: NetworkView, options: NetworkOptions) -> Shown:
    """The network with an input for each column of its table."""
    return shown(view, options.input, unfolded=options.unfolded)


@record(eq=False)
class Column:
    """One layer's n numbers, or the inputs'; values or gradients, as asked."""

    title: str
    """`input`, `hidden 1`, `output`."""
    short: str
    """`in`, `L1`, `out`: of a hidden one as its parameters' names begin."""
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
    activation: str
    """What made the units; empty for the inputs and for gradients."""
    notes: tuple[Note, ...] = ()
    """Of the outputs, one a unit; none for gradients."""
    nodes: tuple[Node, ...] = ()
    """Of inputs that are a table's columns, one a unit; none for gradients."""

    @property
    def lone(self) -> bool:
        """It is a single output, whose name stands before its number."""
        return len(self.names) == 1 and self.layer >= 0


def columns(view: NetworkView, gradients: bool, nodes: tuple[Node, ...] = ()) -> list[Column]:
    """The inputs, which may be `nodes` of a table, and then each layer."""
    result = [_of_inputs(view, gradients, nodes)]
    hidden = len(view.layers) - 1
    for index, layer in enumerate(view.layers):
        last = index == hidden
        units = layer.grad if gradients else layer.data
        weights = layer.weight_grads if gradients else layer.weights
        result.append(
            Column(
                title="output" if last else f"hidden {index + 1}" if hidden > 1 else "hidden",
                short="out" if last else f"L{index + 1}",
                layer=index,
                names=view.output_names if last else (),
                units=units,
                known=layer.computed,
                unit_scale=largest(units),
                weights=weights,
                biases=layer.bias_grads if gradients else layer.biases,
                weight_scale=max(map(largest, weights), default=0.0),
                count=len(units),
                fan_in=len(weights[0]) if weights else 0,
                activation="" if gradients else layer.activation,
                notes=notes(view) if last and not gradients else (),
            )
        )
    return result


def _of_inputs(view: NetworkView, gradients: bool, nodes: tuple[Node, ...]) -> Column:
    inputs = view.input_grads if gradients else view.inputs
    return Column(
        title="input",
        short="in",
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
        activation="",
        nodes=() if gradients else nodes,
    )


def largest(values: Sequence[float]) -> float:
    """The largest finite magnitude; 0.0 where there is none."""
    if not math.isfinite(sum(values)):  # of finite numbers, too, where their sum is too large
        values = [value for value in values if math.isfinite(value)]
    # A wide network has tens of thousands of weights: what loops over them in C takes a tenth of the time.
    return abs(max(max(values), -min(values))) if values else 0.0


def stepped(view: NetworkView, granularity: str) -> NetworkView:
    """The view with what the last movement touched, and the next one will, lit: a neuron or a layer is more than the
    weight that it ends with or begins at.
    """
    if granularity not in ("neuron", "layer"):
        return view
    return replace(view, lit=_whole(view.lit), coming=_whole(view.coming))


def _whole(lit: Lit | None) -> Lit | None:
    return lit if lit is None or lit.weight is None else replace(lit, weight=None)


def name_width(names: tuple[str, ...], longest: int = LONGEST_NAME) -> int:
    """Cells for a column of names, shortened where they are long; 0 where there are none. A lone one has room for what
    it is in ASCII, too.
    """
    width = max(map(cell_len, shortened(names, longest)), default=0)
    return max(width, len("y^")) if len(names) == 1 else width


def written(column: Column, neuron: int, width: int, glyphs: Glyphs) -> str:
    """The name of a unit in so many cells."""
    if not width or neuron >= len(column.names):
        return ""
    return glyphs.say(column.names[0]) if column.lone else shortened(column.names, width, glyphs)[neuron]


def written_number(column: Column, neuron: int, digits: int, glyphs: Glyphs, palette: Palette) -> tuple[str, Style]:
    """What a unit holds, in so many cells, or what a column of a table says, and its colour."""
    if neuron >= column.known:
        return glyphs.empty.center(NARROWEST), palette.faint
    value = column.units[neuron]
    if not column.nodes:
        return signed(value, digits or NARROWEST), palette.number(value)
    node = column.nodes[neuron]
    return node.written(digits or NARROWEST, glyphs), palette.text if node.told else palette.faint


def right_aligned(text: str, width: int) -> str:
    """The text at the right end of so many cells; longer ones lose their end."""
    return " " * (width - cell_len(text)) + text if cell_len(text) <= width else text[:width]
