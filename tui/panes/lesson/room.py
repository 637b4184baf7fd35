"""Where a lesson stands, and what it leaves to the panes. Knows names and sizes; must not know what a pane shows."""

from __future__ import annotations

from collections.abc import Collection

from textual.geometry import Region

_COLUMN = 120
"""Columns from which on it is a column beside the panes: eighty are left to them. Else it is rows below them."""

_WIDTH = 40
_ROWS = 7
"""Columns, and lines with the frame, that it has at least, where there is room."""

_RULE = 4
"""Lines of the chain rule beside a lesson of rows."""

_THREE = 80, 14
"""Columns and lines in which there is room for three panes."""

_FOUR = 21
"""Lines from which on there is room for four."""


def beside(width: int) -> bool:
    """Whether it is a column."""
    return width >= _COLUMN


def split(width: int, height: int) -> tuple[Region, Region]:
    """(the lesson's place, what is left) of `width` x `height` cells."""
    if beside(width):
        column = _WIDTH + (width - _COLUMN) // 8
        return Region(width - column, 0, column, height), Region(0, 0, width - column, height)
    rows = _ROWS + max(0, height - 24) // 6 if height >= 2 * _ROWS else height // 2
    return Region(0, height - rows, width, rows), Region(0, 0, width, height - rows)


def low(width: int, height: int, *, graph: bool, lit: Collection[str]) -> dict[str, Region] | None:
    """The panes above a lesson of rows: two side by side and the chain rule, those that are `lit` among them; an
    expression's `graph` alone, unless another one is lit. None where all of them have room, or only one has.
    """
    if width < _THREE[0] or not _THREE[1] <= height < _FOUR:
        return None
    top, left = height - _RULE, width * 5 // 9
    places = {"chain-rule": Region(0, top, width, _RULE)}
    others = [name for name in ("parameters", "loss") if name in lit]
    extra = "network" in lit and not {*_INSTEAD}.isdisjoint(lit)
    if graph and not others and not extra:
        return places | {"network": Region(0, 0, width, top)}
    names = ["loss", "parameters"] if len(others) == 2 and "network" not in lit else ["network", *others, "parameters"]
    places |= {names[0]: Region(0, 0, left, top), names[1]: Region(left, 0, width - left, top)}
    if len(others) == 2 and "loss" not in places:
        # All three are lit: the curve stands beside the rule.
        places["chain-rule"] = Region(0, top, left, _RULE)
        places["loss"] = Region(left, top, width - left, _RULE)
    return places


_INSTEAD = {
    "map": ("network", "loss", "parameters"),
    "neuron": ("parameters", "loss", "network"),
    "samples": ("parameters", "loss", "network"),
    "code": ("parameters", "loss", "network"),
    "network": ("map", "loss", "parameters"),
    "parameters": ("neuron", "samples", "loss"),
    "loss": ("samples", "map", "parameters"),
}
"""In whose place a pane stands where it is lit and has none, the first that is not lit."""


def uncovered(places: dict[str, Region], lit: Collection[str], there: Collection[str | None]) -> dict[str, Region]:
    """The places with all panes among them that are lit, as far as they are `there`."""
    places = dict(places)
    for name in (name for name in _INSTEAD if name in lit and name in there and name not in places):
        victim = next((other for other in _INSTEAD[name] if other in places and other not in lit), None)
        if victim is not None:
            places[name] = places.pop(victim)
    return places
