"""What the last op and the next one touch, and how that is shown. Must not know where a picture draws it."""

from __future__ import annotations

from rich.style import Style

from chainstep.engine.records import record
from chainstep.engine.training.snapshot.network import Lit, NetworkView

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

    def on(self, layer: int, neuron: int, *, whole: bool) -> bool:
        """Whether it touches a neuron, both from 0, or where the `whole` layer counts any of that."""
        return self.at.layer == layer and (whole or self.at.neuron == neuron)


def marks(view: NetworkView, look: Look) -> list[Mark]:
    """That of the last op, then that of the next one, as far as they touch the network."""
    palette, glyphs = look
    found = []
    if view.lit is not None:
        arrow = glyphs.done(backward=view.lit.backward)
        found.append(Mark(view.lit, True, palette.lit_line, palette.lit_cell, arrow))
    if view.coming is not None:
        arrow = glyphs.coming(backward=view.coming.backward)
        found.append(Mark(view.coming, False, palette.coming_line, palette.coming_cell, arrow))
    return found
