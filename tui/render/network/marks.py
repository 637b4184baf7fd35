"""What the last op and the next one touch, what a lesson has one look at, and how that is shown. Must not know where a
picture draws it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.style import Style

from chainstep.engine.records import record
from chainstep.engine.training.snapshot.network import Lit, NetworkView

from ..style.light import Light
from ..style.look import Look


@record
class Mark:
    """What an op touches, and the colours and the glyph for it."""

    at: Lit
    done: bool
    """It was just done; else it comes next."""
    line: Style
    cell: Style
    arrow: str
    pointed: bool = False
    """It is neither: a lesson has one look at it."""

    def on(self, layer: int, neuron: int, *, whole: bool) -> bool:
        """Whether it touches a neuron, both from 0, or where the `whole` layer counts any of that."""
        return self.at.layer == layer and ((whole and not self.pointed) or self.at.neuron == neuron)


def marks(view: NetworkView, look: Look) -> list[Mark]:
    """Those of what is lit, then that of the last op and that of the next one, as far as they touch the network: of two
    on one place the first is seen.
    """
    palette, glyphs, light = look
    lit, cell = palette.pointed_line, palette.pointed_cell
    found = [Mark(at, False, lit, cell, glyphs.pointed, pointed=True) for at in _named(view, light)]
    if view.lit is not None:
        arrow = glyphs.done(backward=view.lit.backward)
        found.append(Mark(view.lit, True, palette.lit_line, palette.lit_cell, arrow))
    if view.coming is not None:
        arrow = glyphs.coming(backward=view.coming.backward)
        found.append(Mark(view.coming, False, palette.coming_line, palette.coming_cell, arrow))
    return found


_PART = re.compile(r"L(\d+)\.n(\d+)(?:\.(?:w(\d+)|b))?")


def _named(view: NetworkView, light: Light) -> Iterator[Lit]:
    """The parts of the network that are lit: the inputs are layer -1, the loss is one behind the last."""
    for name in sorted(light.things()):
        found = _PART.fullmatch(name)
        if found is not None:
            layer, neuron, weight = int(found[1]) - 1, int(found[2]) - 1, None if found[3] is None else int(found[3])
            if _there(view, layer, neuron, weight):
                yield Lit(layer, neuron, weight, False)
        elif name == "loss":
            yield Lit(len(view.layers), 0, None, False)
        elif name in view.input_names:
            yield Lit(-1, view.input_names.index(name), None, False)


def _there(view: NetworkView, layer: int, neuron: int, weight: int | None) -> bool:
    """Whether the network has such a neuron, and such a weight of it."""
    if not 0 <= layer < len(view.layers) or not 0 <= neuron < len(view.layers[layer].weights):
        return False
    return weight is None or weight < len(view.layers[layer].weights[neuron])
