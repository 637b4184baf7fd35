"""StripPane: a widget that draws strips and resends only the rows that differ. Must not know what they show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, cast

from rich.style import Style
from textual.geometry import Region
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from chainstep.engine.training.snapshot import Snapshot

from ..render.frame import frame
from ..theme import Look


class _HasLook(Protocol):
    look: Look


class StripPane(Widget):
    """A pane whose rows are made by `draw`, in a frame with a title where `framed`."""

    DEFAULT_CSS = "StripPane { height: 1; }"

    framed = True
    snapshot: var[Snapshot | None] = var(None, always_update=False)

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._bare: list[Strip] = []
        """The rows as they were drawn, without the pane's own colours."""
        self._rows: list[Strip] = []
        self._base: Style | None = None

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        """`height` strips of `width` cells."""
        raise NotImplementedError

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        """What stands in the frame's upper edge, at its left and at its right end."""
        raise NotImplementedError

    @property
    def look(self) -> Look:
        """Colours and shapes of the app."""
        return cast(_HasLook, self.app).look

    def watch_snapshot(self) -> None:
        self.redraw()

    def watch_has_focus(self, _has_focus: bool) -> None:
        super().watch_has_focus(_has_focus)
        self.redraw()

    def on_resize(self) -> None:
        self.redraw()

    def redraw(self) -> None:
        """Draw again, and send the rows that changed."""
        width, height = self.size
        if self.snapshot is None or not width or not height:
            return
        if not self.framed:
            rows = self.draw(self.snapshot, width, height)
        elif width < 4 or height < 3:
            rows = [Strip.blank(width)] * height
        else:
            palette = self.look.palette
            line = Style(color=palette.accent.rich_color) if self.has_focus else palette.faint
            heading = palette.text + Style(bold=True)
            content = self.draw(self.snapshot, width - 2, height - 2)
            rows = frame(content, width, *self.heading(self.snapshot), line, heading, self.look.glyphs)
        base = self.rich_style
        if base != self._base or len(self._bare) != height:
            self._base, self._bare, self._rows = base, [], [Strip.blank(width)] * height
        dirty = [y for y in range(height) if y >= len(self._bare) or self._bare[y] != rows[y]]
        self._bare = rows
        for y in dirty:
            self._rows[y] = rows[y].apply_style(base)
        if dirty:
            self.refresh(*(Region(0, first, width, count) for first, count in _runs(dirty)))

    def render_line(self, y: int) -> Strip:
        if y < len(self._rows):
            return self._rows[y]
        return Strip.blank(self.size.width, self.rich_style)


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ascending numbers as (first, count) of each unbroken run."""
    first = previous = numbers[0]
    for number in numbers[1:]:
        if number != previous + 1:
            yield first, previous - first + 1
            first = number
        previous = number
    yield first, previous - first + 1
