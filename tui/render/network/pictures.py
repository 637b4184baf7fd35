"""Which picture of a network suits it, and what is where in it. Must not know colours, widgets or sessions.

Pictures are loaded where they are drawn: the first frame waits for its own alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from chainstep.engine.training.snapshot.network import NetworkView
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..style.glyphs import Glyphs
from .columns import NetworkOptions, Unit, as_shown

MOST_OF_CARD = 4
"""Parameters of a network that may have a card, at most."""

MOST_WIRES = 40
"""Wires between two layers beyond which they are a tangle."""


def fitting(view: NetworkView, width: int, height: int) -> str:
    """The picture that shows `view` better in `width` x `height` cells: `wires` or `grid`."""
    counts = [len(view.columns or view.inputs), *(len(layer.data) for layer in view.layers)]
    tangled = any(before * after > MOST_WIRES for before, after in pairwise(counts))
    # A unit with its number takes seven cells, and a wire needs three to be seen as one.
    narrow = width < 10 * len(counts) - 3
    return "grid" if tangled or narrow or max(counts) > height else "wires"


def has_card(snapshot: Snapshot) -> bool:
    """Whether the network is one neuron on the few yes-or-no inputs of data with two classes."""
    network, samples = snapshot.network, snapshot.samples
    return (
        network is not None
        and samples is not None
        and len(samples.rows) == samples.count
        and len(network.layers) == 1
        and len(network.layers[0].data) == 1
        and snapshot.subject.parameters <= MOST_OF_CARD
        and len(snapshot.subject.classes) == 2
        and not snapshot.settings.features
        and all(number in (0.0, 1.0) for row in samples.rows for number in row.prediction.inputs)
    )


def planar(snapshot: Snapshot) -> bool:
    """Whether the data has two inputs, and so a map."""
    return len(snapshot.subject.columns) == 2


def unit_at(
    view: NetworkView,
    picture: str,
    width: int,
    height: int,
    glyphs: Glyphs,
    options: NetworkOptions,
    cell: tuple[int, int],
) -> Unit | None:
    """The (layer, neuron), both from 0, drawn at cell (x, y), or (-1, input); None where there is none.

    Size, glyphs and options are as they were for drawing.
    """
    from . import grid_layout, wires_layout

    selected, seen = options.selected, as_shown(view, options)
    columns: Sequence[wires_layout.Place | grid_layout.Block] = (
        wires_layout.layout(seen, width, height, selected).places
        if picture == "wires"
        else grid_layout.layout(seen, width, height, selected, split=bool(glyphs.split))
    )
    found = ((layer, column.neuron_at(*cell)) for layer, column in enumerate(columns, start=-1))
    at = next(((layer, neuron) for layer, neuron in found if neuron is not None), None)
    return (-1, seen.input_of(at[1])) if at is not None and at[0] < 0 else at
