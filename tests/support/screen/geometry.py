"""What is wrong with where things are on a screen: cut off, overlapping, shortened. Must not know which app."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import OptionList, Static

_CORNERS = ("╭", "+")


def faults(screen: Screen[object]) -> list[str]:
    """A line for each fault of the screen and its widgets; there should be none."""
    shown = [screen, *(widget for widget in screen.walk_children(Widget) if widget.display and widget.is_attached)]
    checks = _cut, _shortened, _overlaps, _titled
    return [fault for widget in shown for check in checks for fault in check(widget)]


def _cut(widget: Widget) -> Iterator[str]:
    """It is wholly inside the screen and what contains it, unless that scrolls to it."""
    region, parent = widget.region, widget.parent
    if not region or not isinstance(parent, Widget) or _scrolls(widget):
        return
    around = parent.region if parent.is_container or parent.children else widget.screen.region
    for name, room in (("its container", around), ("the screen", widget.screen.region)):
        if not room.contains_region(region):
            yield f"{_called(widget)} at {region} leaves {name} at {room}"


def _scrolls(widget: Widget) -> bool:
    """Whether something around it brings into sight what has no room."""
    return any(isinstance(one, Widget) and one.allow_vertical_scroll for one in widget.ancestors[:-1])


def _shortened(widget: Widget) -> Iterator[str]:
    """All of a text is there: as many rows as it needs, and none of them too wide."""
    inside = widget.content_region.size
    if isinstance(widget, Static) and widget.content:
        needed = widget.get_content_height(inside, widget.screen.size, inside.width)
        if not inside.width or needed > inside.height:
            yield f"{_called(widget)} needs {needed} rows and has {inside.height}: {widget.content!s:.60}"
    if isinstance(widget, OptionList):
        for place in range(widget.option_count):
            prompt = widget.get_option_at_index(place).prompt
            widest = max(map(len, str(prompt).split("\n")))
            if widest > widget.scrollable_content_region.width:
                yield f"{_called(widget)} breaks a row of {widest} cells: {prompt!s:.60}"
        if widget.option_count and inside.height < min(3, widget.option_count):
            yield f"{_called(widget)} shows {inside.height} rows"


def _titled(widget: Widget) -> Iterator[str]:
    """What stands in the upper edge of its frame is all there."""
    if widget.size.height and not widget.children:
        title = widget.render_line(0).text
        if title.startswith(_CORNERS) and "…" in title:
            yield f"{_called(widget)} shortens its title: {title}"


def _overlaps(widget: Widget) -> Iterator[str]:
    """Its children stand beside each other."""
    children = [child for child in widget.children if child.display and child.region and not child.styles.is_docked]
    for one, other in combinations(children, 2):
        if one.layer == other.layer and _inside(one, widget).overlaps(_inside(other, widget)):
            yield f"{_called(one)} at {one.region} overlaps {_called(other)} at {other.region}"


def _inside(child: Widget, widget: Widget) -> Region:
    return child.region.intersection(widget.region) if _scrolls(child) else child.region


def _called(widget: Widget) -> str:
    return (
        f"{type(widget).__name__}#{widget.id}" if widget.id else f"{type(widget).__name__}.{'.'.join(widget.classes)}"
    )
