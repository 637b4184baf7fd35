"""The container of the panes, which has each where it goes. Must not know what a pane shows.

Knows what is private to Textual 8.2.8, which is pinned: that a widget remembers how it was arranged.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from textual.containers import Container
from textual.geometry import Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.strip import Strip
from textual.widget import Widget

from ..watched import var
from .places import LESSON, NAMES, SMALLEST, arrange, arrange_beside_lesson, beside, huge


class _Panes(Layout):
    """Textual's side of `arrange`."""

    name = "panes"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        assert isinstance(parent, Arrangement)
        places = parent.places(size, {child.id for child in children})
        return [
            WidgetPlacement(places[child.id], child.styles.offset.resolve(size, size), child.styles.margin, child)
            for child in children
            if child.id in places
        ]


class Arrangement(Container):
    """The container of the panes."""

    BLANK = True  # panes cover all of it, but for a place that is kept for one that is yet to come

    graph: var[bool] = var(False, init=False)
    alone: var[str] = var(NAMES[0], init=False)
    enlarged: var[bool] = var(False, init=False)
    mapped: var[bool] = var(False, init=False)
    turned: var[bool] = var(False, init=False)
    close: var[bool] = var(False, init=False)
    coded: var[bool] = var(False, init=False)
    samples: var[int] = var(0, init=False)
    """How many there are, where a table of them is wanted."""
    listed: var[bool] = var(False, init=False)
    lesson: var[Collection[str] | None] = var(None, init=False)
    """The panes that the lesson lights; None while there is no lesson."""

    def __init__(self, *panes: Widget, id: str) -> None:
        super().__init__(*panes, id=id)
        self._panes = _Panes()

    @property
    def layout(self) -> Layout:
        return self._panes

    def render_lines(self, crop: Region) -> list[Strip]:
        """Nothing, as the app's filters leave it: what is blank goes past them otherwise."""
        rows = super().render_lines(crop)
        for line_filter in self.get_line_filters():
            rows = [rows[0].apply_filter(line_filter, self.background_colors[1])] * len(rows) if rows else rows
        return rows

    def places(self, size: Size, there: Collection[str | None]) -> dict[str, Region]:
        """Where the panes go, of which those are `there` already: a place is kept for the samples, not for others."""
        options: dict[str, Any] = {
            "graph": self.graph,
            "alone": self.alone,
            "enlarged": self.enlarged,
            "mapped": self.mapped and "map" in there,
            "turned": self.turned and "map" in there,
            "close": self.close and "neuron" in there,
            "coded": self.coded and "code" in there,
            "samples": 0 if self.graph else self.samples,
            # What has the focus stays.
            "listed": (self.listed or self.alone == "samples") and "samples" in there,
        }
        if self.lesson is None or LESSON not in there:
            return arrange(*size, **options)
        return arrange_beside_lesson(*size, self.lesson, there, **options)

    @property
    def _room(self) -> Size:
        """As much as there is; before the first frame as the app has, which is a little more."""
        return self.size or self.app.size

    @property
    def tabled(self) -> bool:
        """The table of the samples has a place, be it there yet or not."""
        return "samples" in self.places(self._room, {"map", "neuron", "samples", LESSON})

    @property
    def below_curve(self) -> bool:
        """The samples share the column of the curve."""
        return "samples" in self.places(self.size, {"map", "neuron", LESSON})

    @property
    def single(self) -> bool:
        """There is room for one pane only, or one has it all."""
        return self.enlarged or self._room.width < SMALLEST[0] or self._room.height < SMALLEST[1]

    @property
    def beside(self) -> bool:
        """The map has a place of its own."""
        room = self.size
        if self.lesson is not None and not huge(room):
            from ..lesson.room import split

            room = split(*room)[1].size
        return beside(*room, graph=self.graph) and not self.enlarged

    def elsewhere(self, name: str) -> bool:
        """There is room for one pane, and it is another one."""
        return self.single and self.alone != name

    def bring(self, name: str) -> None:
        """Show a pane where there is room for one."""
        if self.single:
            self.alone = name

    def _arrange_anew(self) -> None:
        # A new layout forgets how the ancestors were arranged, but not how this one was.
        self._clear_arrangement_cache()
        self.refresh(layout=True)

    def watch_alone(self, before: str, now: str) -> None:
        if self.single or self.lesson is not None or "samples" in (before, now):
            self._arrange_anew()

    watch_graph = watch_enlarged = watch_lesson = _arrange_anew
    watch_mapped = watch_turned = watch_close = watch_coded = watch_samples = watch_listed = _arrange_anew
