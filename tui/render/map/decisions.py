"""A map of a network, or of one of its neurons, as a field to be drawn, and its words. Must not know widgets."""

from __future__ import annotations

from rich.cells import cell_len

from chainstep.engine.training.snapshot.plots.map import MapView

from ..style.look import Look
from .heat import Field, nice
from .shades import ground

_LONGEST = 12
"""Letters of a class in the legend."""

_CENTRES = {"sigmoid": 0.5, "step": 0.5}
_REACHES = {"tanh": 1.0, "sigmoid": 0.5, "step": 0.5}


def decided(view: MapView, here: tuple[float, float] | None) -> Field:
    """The network's decisions, or its output for regression."""
    many = len(view.classes) > 2
    labels = view.decisions or tuple(int(value > 0.0) for value in view.values)
    full = 2.0 * view.margin if view.margin else view.reach or nice(_largest(view.values))
    return Field(
        features=view.features,
        extent=view.extent,
        columns=view.columns,
        values=view.values,
        labels=labels,
        many=many,
        full=full,
        margin=view.margin,
        points=view.points,
        regression=not view.classes,
        here=here,
    )


def fired(view: MapView, activation: str, here: tuple[float, float] | None) -> Field:
    """A neuron's output, above and below the middle of what it can give."""
    centre = _CENTRES.get(activation, 0.0)
    values = [value - centre for value in view.neuron_values]
    return Field(
        features=view.features,
        extent=view.extent,
        columns=view.columns,
        values=values,
        labels=[int(value > 0.0) for value in values],
        many=False,
        full=_REACHES.get(activation) or nice(_largest(values)),
        margin=None,
        points=(),
        here=here,
    )


def legend(view: MapView, look: Look) -> list[str]:
    """Which glyph is which class: `○ -1`."""
    marks = ground(look, many=len(view.classes) > 2)
    return [f"{marks.point(k, test=False)} {name[:_LONGEST]}" for k, name in enumerate(view.classes)]


def _cross(view: MapView, look: Look) -> str:
    """The glyph of what is decided wrongly, to stand before how many are; empty where that has one a class."""
    many = len(view.classes) > 2
    return "" if many else ground(look, many=False).point(0, test=False, wrong=True) + " "


def tally(view: MapView) -> list[str]:
    """How many are decided wrongly: `wrong 3/100`, `test 5/100`."""
    if not view.classes:
        return []
    (wrong, train), (missed, test) = view.tally(test=False), view.tally(test=True)
    return [f"wrong {wrong}/{train}", *([f"test {missed}/{test}"] if test else [])]


def headings(view: MapView, width: int, look: Look) -> tuple[str, str]:
    """Legend and tally in `width` cells: the tally gives way where there is no room for both."""
    marks, counts = legend(view, look), tally(view)
    if counts:
        counts[0] = _cross(view, look) + counts[0]
    for gap, kept in (("  ", counts), (" ", counts), (" ", counts[:1]), (" ", [])):
        title, note = gap.join(["Map", *marks]), "  ".join(kept)
        if cell_len(title) + cell_len(note) + 2 <= width:
            break
    return title, note


def _largest(values: tuple[float, ...] | list[float]) -> float:
    return max((abs(value) for value in values if value - value == 0.0), default=1.0)
