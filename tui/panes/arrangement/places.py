"""Where each pane goes at a given size. Knows names and sizes only; must not know what a pane shows. What a lesson
takes of the room is loaded where there is one: the first frame does not wait for it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from textual.geometry import Region, Size

LESSON = "lesson"
"""The id of a lesson's pane, which the others make room for."""

NAMES = ("network", "loss", "parameters", "samples", "chain-rule")
"""The panes, in the order in which a small terminal shows them."""

SMALLEST = (80, 21)
"""Columns and lines below which there is room for one pane at a time."""

_WIDE = 112
_HUGE = 170

_SHARED = 14
"""Lines of a column from which on two panes share it."""

_AROUND = 3
"""Lines of the table of samples that show none: its frame and its heading."""

_TWO_ROWS = 47
"""Lines from which on a huge terminal has a second row of panes, so that both are useful."""

_PARAMETERS = 56
"""Columns in which a parameter has its sparkline too."""

_ROWS_OF_GRAPH = 12
"""Rows in which the graphs of short expressions fit."""

_ROWS_OF_LEAVES = 9
"""Rows in which the leaves of most expressions have room."""

_LISTING = 50, 82
"""Columns in which the trace has data and grad, and also each op in numbers."""

_GRAPH = 86
"""Columns in which the graph of a neuron with four inputs fits."""


def huge(size: Size) -> bool:
    """Whether there is room for a second row of panes."""
    return size.width >= _HUGE and size.height >= _TWO_ROWS


def arrange(
    width: int,
    height: int,
    *,
    graph: bool,
    alone: str,
    enlarged: bool = False,
    mapped: bool = False,
    turned: bool = False,
    close: bool = False,
    coded: bool = False,
    samples: int = 0,
    listed: bool = False,
    two_rows: bool = False,
    given: dict[str, Region] | None = None,
) -> dict[str, Region]:
    """Where to put the panes in `width` x `height` cells; a pane that is left out is not shown.

    `graph` says that the network pane holds an expression's, which wants width; `alone` is the pane that is shown where
    there is room for one; where `enlarged` it has all. `mapped` puts the map beside the others where there is room,
    `turned` in the network's place; `close` the selected neuron and `coded` the code in that of the parameters, which
    `samples` have if they are `listed` and there is no room below the curve. Places may be `given` for the others.
    """
    if enlarged:
        places = {alone: Region(0, 0, width, height)}
    elif given is not None:
        places = given
    elif two_rows or huge(Size(width, height)):
        places = _two_rows(width, height, graph=graph, mapped=mapped)
    else:
        places = _with_map(width, height, graph=graph, alone=alone, mapped=mapped)
    if samples and width >= _WIDE and {"loss", "parameters"} <= places.keys() and places["loss"].height >= _SHARED:
        places |= _below_curve(samples + _AROUND, places["loss"])
    instead = "samples" if samples and listed and "samples" not in places else ""
    instead = "code" if coded else "neuron" if close else instead
    if turned:
        _turn(places, graph=graph, moving=given is None, low=width < _WIDE and not instead)
    if instead:
        _put_instead(instead, places, graph=graph, moving=given is None and width < _WIDE)
    return places


def arrange_beside_lesson(
    width: int, height: int, lit: Collection[str], there: Collection[str | None], **options: Any
) -> dict[str, Region]:
    """The same with a lesson in a column or in rows of its own, over nothing; the panes that it lights are in sight, of
    which those are `there` already.
    """
    from ..lesson.room import low, split, uncovered

    page, rest = split(width, height)
    given = low(*rest.size, graph=options["graph"], lit=lit)
    places = arrange(*rest.size, **options, two_rows=huge(Size(width, height)), given=given)
    if width < SMALLEST[0] or height < SMALLEST[1]:
        # Which of the others is seen is the learner's choice.
        there = {"map", "neuron", *({options["alone"]} & {"network"})} & {*there}
    return {LESSON: page, **(places if options.get("enlarged") else uncovered(places, lit, there))}


def _turn(places: dict[str, Region], *, graph: bool, moving: bool, low: bool) -> None:
    """Put the map in the network's place, where it has none of its own; others may be `moving` aside."""
    if "map" not in places and "network" in places:
        places["map"] = places.pop("network")
        if "loss" in places and moving:
            places |= _around_map(places, graph=graph, low=low)


def _put_instead(instead: str, places: dict[str, Region], *, graph: bool, moving: bool) -> None:
    """Put a pane in the place of the parameters. Where others may be `moving`, a few rows of it say more than a few
    rows of these: it takes those of the rule as well, and of the curve where that stands beside them.
    """
    if "parameters" in places:
        yielding = ("loss", "chain-rule") if graph else ("chain-rule",)
        taken = ("parameters", *(yielding if moving and "loss" in places else ()))
        places[instead] = Region.from_union([places.pop(other) for other in taken])


def _with_map(width: int, height: int, *, graph: bool, alone: str, mapped: bool) -> dict[str, Region]:
    """The four panes, and the map where it is wanted and has a place of its own."""
    places = _panes(width, height, graph=graph, alone=alone)
    if not mapped or not beside(width, height, graph=graph):
        return places
    return _with_graph(width, places) if graph else places | _shared("loss", "map", places["loss"])


def _around_map(places: dict[str, Region], *, graph: bool, low: bool) -> dict[str, Region]:
    """The map in the network's place, and what moves aside for it."""
    loss, rows = places["loss"], places["parameters"]
    if graph:
        # Few numbers are beside it: they do with the right side.
        top = places["chain-rule"].y
        right = Region(loss.x, 0, loss.width, top)
        return {"map": Region(0, 0, loss.x, top), **_over("loss", "parameters", right, _ROWS_OF_LEAVES)}
    if low:
        # It takes the height of the parameters too, and these go below the curve.
        return {
            "map": Region(0, 0, places["map"].width, rows.bottom),
            "parameters": Region(loss.x, loss.bottom, loss.width, rows.height),
        }
    return {}


def _below_curve(lines: int, place: Region) -> dict[str, Region]:
    """The curve, and below it the samples with the lines that they need, at most half of all."""
    height = place.height - min(lines, place.height // 2)
    return {"loss": place.crop_size((place.width, height)), "samples": place.shrink((height, 0, 0, 0))}


def beside(width: int, height: int, *, graph: bool) -> bool:
    """Whether the map has a place of its own; beside an expression's graph there is more room for it."""
    return width >= (_WIDE if graph else _HUGE) and height >= SMALLEST[1]


def _with_graph(width: int, places: dict[str, Region]) -> dict[str, Region]:
    """The four panes of an expression and its map, which is below the graph."""
    graph, rule = places["network"], places["chain-rule"]
    lower = max(_ROWS_OF_GRAPH, rule.y * 4 // 9)
    right = Region(graph.right, 0, width - graph.right, rule.y)
    return {
        "chain-rule": rule,
        "network": Region(0, 0, graph.width, lower),
        "map": Region(0, lower, graph.width, rule.y - lower),
        **_over("loss", "parameters", right, _ROWS_OF_LEAVES),
    }


def _over(upper: str, lower: str, place: Region, rows: int) -> dict[str, Region]:
    """Two panes in the place of one, the lower one of so many rows, but of no more than half of them."""
    rows = min(rows, place.height // 2)
    return {
        upper: place.crop_size((place.width, place.height - rows)),
        lower: place.shrink((place.height - rows, 0, 0, 0)),
    }


def _shared(upper: str, lower: str, place: Region) -> dict[str, Region]:
    """Two panes in the place of one, the lower one a little larger."""
    height = place.height * 4 // 9
    return {upper: place.crop_size((place.width, height)), lower: place.shrink((height, 0, 0, 0))}


def _panes(width: int, height: int, *, graph: bool, alone: str) -> dict[str, Region]:
    """The four panes that are always there."""
    if width < SMALLEST[0] or height < SMALLEST[1]:
        return _one(width, height, alone)
    rule = 6 if height < 29 else 7 if height < 47 else 9
    top = height - rule
    places = {"chain-rule": Region(0, top, width, rule)}
    if width < _WIDE:
        upper = max(12 if graph else 10, top * 3 // 5)
        left = width * 5 // 9
        if graph:
            places["network"] = Region(0, 0, width, upper)
            places["parameters"] = Region(0, upper, left, top - upper)
            places["loss"] = Region(left, upper, width - left, top - upper)
        else:
            places["network"] = Region(0, 0, left, upper)
            places["loss"] = Region(left, 0, width - left, upper)
            places["parameters"] = Region(0, upper, width, top - upper)
        return places
    middle = _PARAMETERS if width >= _HUGE else 38
    if graph:
        right = width // 3
        upper = top * 3 // 5
        places["network"] = Region(0, 0, width - right, upper)
        places["parameters"] = Region(0, upper, width - right, top - upper)
        places["loss"] = Region(width - right, 0, right, top)
        return places
    left = (width - middle) * 5 // 9
    places["network"] = Region(0, 0, left, top)
    places["parameters"] = Region(left, 0, middle, top)
    places["loss"] = Region(left + middle, 0, width - left - middle, top)
    return places


def _two_rows(width: int, height: int, *, graph: bool, mapped: bool) -> dict[str, Region]:
    """The four panes, and below them the trace with its graph and the map.

    An expression's graph is there already, so it gets no other one.
    """
    rule, middle = 7, _PARAMETERS
    top = height - rule
    upper, lower = top // 2, top - top // 2
    places = {"chain-rule": Region(0, top, width, rule)}
    if graph:
        left = width - width // 3
        places["network"] = Region(0, 0, left, upper)
        places["loss"] = Region(left, 0, width - left, top)
        if mapped:
            places |= _shared("loss", "map", places["loss"])
        places["parameters"] = Region(0, upper, middle, lower)
        places["trace"] = Region(middle, upper, left - middle, lower)
        return places
    left = (width - middle) * 5 // 9
    right = width - left - middle
    places["network"] = Region(0, 0, left, upper)
    places["parameters"] = Region(left, 0, middle, upper)
    places["loss"] = Region(left + middle, 0, right, upper)
    room = width
    if mapped:
        room -= right
        places["map"] = Region(room, upper, right, lower)
    narrow, wide = _LISTING
    listing = max(narrow, min(wide, room - _GRAPH))
    places["trace"] = Region(0, upper, listing, lower)
    places["graph"] = Region(listing, upper, room - listing, lower)
    return places


def _one(width: int, height: int, alone: str) -> dict[str, Region]:
    """One pane, and the chain rule below it where that leaves enough."""
    if alone == "chain-rule" or height < 9:
        return {alone: Region(0, 0, width, height)}
    return {alone: Region(0, 0, width, height - 4), "chain-rule": Region(0, height - 4, width, 4)}
