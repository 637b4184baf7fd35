"""StripPane: a widget that draws strips and resends only the rows that differ. Must not know what they show.

Knows what is private to Textual 8.2.8, which is pinned: how a widget is bound to what its screen has, and where what it
does next waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Self, cast
from weakref import ref

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.color import Color
from textual.dom import DOMNode, NoScreen
from textual.filter import LineFilter
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..commands import Entry, of_pane
from ..render.canvas import frame
from ..render.canvas.pieces import Hint, Piece
from ..render.canvas.row import Row
from ..render.style.light import DARK, Light
from ..render.style.look import Look
from .watched import bind, var

if TYPE_CHECKING:
    from typing import Protocol

    class _Showing(Protocol):
        look: Look
        allowed: frozenset[str]


_MOST = 96
"""Rows of a pane that are kept in mind beside those that are shown."""


class _Dress(dict[Style | None, Style]):
    """Each style with the pane's own colours beneath it, and as the app's filters leave it."""

    def __init__(self, base: Style, ground: Color, filters: Sequence[LineFilter]) -> None:
        super().__init__()
        self._base = base
        self.made_of = base, ground, list(filters)

    def __missing__(self, style: Style | None) -> Style:
        _, ground, filters = self.made_of
        cell = [Segment(" ", self._base + style)]
        for line_filter in filters:
            cell = line_filter.apply(cell, ground)
        self[style] = dressed = cell[0].style or Style()
        return dressed

    def row(self, segments: Iterable[Segment], width: int) -> Strip:
        """Segments in these styles."""
        return Row([Segment(text, self[style]) for text, style, _ in segments], width)


class StripPane(Widget):
    """A pane whose rows are made by `draw`, in a frame with a title where `framed`."""

    DEFAULT_CSS = "StripPane { height: 1; }"

    framed = True
    titled: ClassVar[Collection[str]] = ()
    """Numbers that stand in its title."""
    snapshot: var[Snapshot | None] = var(None, always_update=False, init=False)
    light: var[Light] = var(DARK, init=False)
    """What a lesson has one look at."""
    led: var[bool] = var(False, init=False)
    """Somebody else leads what is shown."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.drawn: Snapshot | None = None
        """The newest snapshot with something for this pane: while it plays, the parts of a picture take turns."""
        self._bare: list[Strip] = []
        """The rows as they were drawn, without frame and without the pane's own colours."""
        self._side: Segment | None = None
        self._rows: list[Strip] = []
        self._dress = _Dress(Style(), Color(0, 0, 0), ())
        self._known: dict[int, tuple[Strip, Strip]] = {}
        """Rows between the edges, bare and dressed, by the bare one's identity: of a scrolled list they come again."""
        self._restyled = True
        self._offered: Sequence[Hint] | None = None
        """The keys that made sense for what was drawn last."""
        self._stale = False
        """What is drawn is of another snapshot than `drawn`."""
        self._blank = False
        """A frame may have painted it before there was anything to be drawn."""
        self._on: ref[Screen[object]] | None = None
        self._fitting = Size(0, 0)
        """The size that it is drawn in."""

    def draw(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        """`height` strips of `width` cells."""
        raise NotImplementedError

    def heading(self, snapshot: Snapshot) -> tuple[str, str]:
        """What stands in the frame's upper edge, at its left and at its right end."""
        raise NotImplementedError

    def marking(self, snapshot: Snapshot) -> Sequence[Piece]:
        """What stands in the frame's upper edge in place of the heading's second half, in styles of its own."""
        return ()

    def footing(self, snapshot: Snapshot) -> Sequence[Piece]:
        """What stands in the frame's lower edge; the pane's keys have the room that it leaves."""
        return ()

    def offers(self, command: str, snapshot: Snapshot) -> bool:
        """Whether a command of the pane's, by its id, makes sense for what is shown."""
        return True

    def clicked(self, x: int, y: int) -> None:
        """A click on a cell of what is drawn, the frame left out."""

    def grid(self) -> tuple[int, int] | None:
        """(columns, rows) of the map that it has room for; None where it shows none."""
        return None

    def concerns(self, snapshot: Snapshot) -> bool:
        """Whether a snapshot has the part that this pane draws."""
        return True

    @property
    def screen(self) -> Screen[object]:
        """As Textual's, which looks for it each time; a pane stays where it is."""
        screen = self._on() if self._on is not None else None
        if screen is None:
            screen = super().screen
            self._on = ref(screen)
        return screen

    @property
    def size(self) -> Size:
        """As Textual's, of what has no border and no padding."""
        return self.region.size

    @property
    def look(self) -> Look:
        """Colours and shapes of the app, and what is lit."""
        look = cast("_Showing", self.app).look
        return look if self.light is DARK else look._replace(light=self.light)

    def _initialize_data_bind(self) -> None:
        """Take what it is bound to, and whatever that becomes. Textual's own way calls every watcher at once, also of
        what is as it was: some thirty times before a first frame.
        """
        for name, (screen, bound) in (self._reactive_connect or {}).items():
            assert isinstance(screen, DOMNode)
            assert isinstance(bound, Reactive)
            setattr(self, name, getattr(screen, bound.name))
            bind(self, name, screen, bound)
        self._reactive_connect = None

    def watch_snapshot(self, now: Snapshot | None) -> None:
        if now is not None and self.concerns(now):
            self.receive(now)
            self.drawn = now
            self._stale = True
            try:
                screen = self.screen
            except NoScreen:
                return  # it is drawn when it has a size
            # The screen draws one pane after the other: a pane by itself would take three messages for it. This is
            # `call_next`, but for looking each time at what `_catch_up` takes.
            screen._next_callbacks.append(events.Callback(callback=self._catch_up))
            screen.check_idle()

    def watch_light(self) -> None:
        self.redraw()

    def watch_led(self) -> None:
        self.redraw()

    async def _catch_up(self) -> None:
        if self._stale:
            with self._context():
                await self.prepare()
                self.redraw()
            await asyncio.sleep(0)  # all panes of a picture at once would hold up a key

    async def prepare(self) -> None:
        """Do beforehand, with the event loop between, what is too much to be drawn at once."""

    def receive(self, snapshot: Snapshot) -> None:
        """A snapshot is about to take the place of `drawn`."""

    def watch_has_focus(self, _has_focus: bool) -> None:
        super().watch_has_focus(_has_focus)
        if self.drawn is None and self.snapshot is not None:
            self._offered = ()  # it waits for a picture, and the foot of the screen for its keys
        self.redraw()

    def on_resize(self) -> None:
        # A frame that came before this news has drawn it in its size.
        if self._stale or self.size != self._fitting:
            self.redraw()

    def redraw(self) -> None:
        """Draw again, and send the rows that changed."""
        dirty = self._renewed()
        if dirty:
            self.refresh(*(Region(0, first, self._fitting.width, count) for first, count in _runs(dirty)))

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """As Textual's; what only is to be painted again is told to the screen without a message, since what is drawn
        here depends on nothing that Textual keeps of a widget.
        """
        if layout or recompose or not repaint or not self._is_mounted:
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        self._repaint_regions.update(regions or (self._size.region,))
        try:
            screen = self.screen
        except NoScreen:
            return self
        screen._dirty_widgets.add(self)
        screen.check_idle()
        return self

    def _renewed(self) -> list[int]:
        """Draw again; the rows that changed."""
        self._stale = False
        self._fitting = width, height = self.size
        if self.drawn is None or not width or not height:
            return []
        bare, side = self._drawing(self.drawn, width, height)
        anew = self._redress() or side != self._side or len(self._rows) != height
        before = [] if anew else self._bare
        # What is sent differs by cells, as the terminal's mirror finds out; but to have it look at every row of every
        # pane takes a fifth to a third more of a frame's CPU.
        dirty = [y for y in range(height) if y >= len(before) or not (before[y] is bare[y] or before[y] == bare[y])]
        if anew:
            self._rows = [Strip.blank(0)] * height
            self._known.clear()
        self._bare, self._side = bare, side
        for y in dirty:
            self._rows[y] = self._dressed(y, width)
        return dirty

    def _drawing(self, snapshot: Snapshot, width: int, height: int) -> tuple[list[Strip], Segment | None]:
        """Bare rows, the edges of the frame among them, and what stands at the ends of the others."""
        if not self.framed:
            return self._in_line(snapshot, width, height), None
        if width < 4 or height < 3:
            self._offer(snapshot)
            return [Strip.blank(width)] * height, None
        palette, glyphs, light = self.look
        lit = self.id in light.panes
        line = palette.pointed_line if lit else palette.accented if self.has_focus else palette.faint
        heading = palette.pointed_cell if any(map(light.number, self.titled)) else palette.strong
        # The content first: the edges say what it has come to show.
        content = self._content(snapshot, width - 2, height - 2)
        title, note = self.heading(snapshot) if self.id not in light.covered else ((self.id or "").capitalize(), "")
        words = self.marking(snapshot) or ([(note, palette.strong)] if note else ())
        title = f"{glyphs.pointed} {title}" if lit or heading is palette.pointed_cell else title
        hints = self._offer(snapshot)
        upper = frame.upper(width, title, words, line, heading, glyphs, heavy=lit)
        lower = frame.lower(width, self.footing(snapshot), hints, line, palette, glyphs, heavy=lit)
        return [upper, *content, lower], frame.side(line, glyphs, heavy=lit)

    def _content(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        """What is inside of the frame: a question mark, where all of it would give away what a lesson asks."""
        if self.id not in self.light.covered:
            return self.draw(snapshot, width, height)
        from ..render.canvas.text import centred

        return centred("? until you have answered", width, height, self.look)

    def _in_line(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        """The rows of a pane without a frame; where it is lit, with a sign before them."""
        palette, glyphs, light = self.look
        rows = self._content(snapshot, width, height)
        if self.id not in light.panes or not rows or width < 2:
            return rows
        sign = Strip([Segment(glyphs.pointed, palette.pointed_cell)], 1)
        return [Strip.join([sign, rows[0].crop(1, width)]), *rows[1:]]

    # --- its keys

    @property
    def allowed(self) -> frozenset[str]:
        """What commands may reach here."""
        return cast("_Showing", self.app).allowed

    @cached_property
    def _keys(self) -> Sequence[Entry]:
        return of_pane(self.screen.name or "", self.id or "", self.allowed)

    def keys(self, snapshot: Snapshot) -> Sequence[Entry]:
        """Its own commands, the most needed first."""
        return [e for e in self._keys if self.offers(e.id, snapshot) and not (self.led and e.leading)]

    def _hints(self, snapshot: Snapshot) -> Sequence[Hint]:
        say = self.look.glyphs.say
        return [(say(entry.shown), entry.label) for entry in self.keys(snapshot)]

    def _offer(self, snapshot: Snapshot) -> Sequence[Hint]:
        """The keys that make sense for what is drawn. Where it has the focus they stand at the foot of the screen, too,
        which is told when they are others.
        """
        hints, before = self._hints(snapshot), self._offered
        if hints != before:
            self._offered = hints
            if self.has_focus and before is not None:
                from .messages import Offered  # a first frame has none

                self.post_message(Offered())
        return hints

    def on_click(self, event: events.Click) -> None:
        width, height = self.size
        if self.drawn is None:
            return
        if not self.framed:
            self.clicked(event.x, event.y)
        elif event.y == height - 1:
            place = frame.lower_hint_at(width, self.footing(self.drawn), self._hints(self.drawn), event.x)
            if place is not None:
                self.call_later(self.screen.run_action, self.keys(self.drawn)[place].action)
        elif event.y > 0 and 0 < event.x < width - 1:
            self.clicked(event.x - 1, event.y - 1)

    # --- its rows

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._restyled = True

    def _redress(self) -> bool:
        """Take over the pane's own colours, and the app's filters; whether they are others now."""
        if not self._restyled:
            return False
        self._restyled = False
        made_of = self.rich_style, self.background_colors[1], list(self.get_line_filters())
        if made_of == self._dress.made_of:
            return False
        self._dress = _Dress(*made_of)
        self._known.clear()
        return True

    def _dressed(self, y: int, width: int) -> Strip:
        bare = self._bare[y]
        if self._side is None or not 0 < y < len(self._bare) - 1:
            return self._dress.row(bare, width)
        known, dressed = self._known.get(id(bare), (None, bare))
        if known is not bare:
            dressed = self._dress.row((self._side, *bare, self._side), width)
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[id(bare)] = bare, dressed
        return dressed

    def render_line(self, y: int) -> Strip:
        if y < len(self._rows):
            return self._rows[y]
        self._redress()  # a blank row, too, is as the app's filters leave it
        width = self.size.width
        return self._dress.row((Segment(" " * width),), width)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows as they are: they have no borders, links or opacity, for which Textual makes each of them anew."""
        width, height = self.size
        if len(self._rows) != height:
            blank, self._blank = self._blank, self.drawn is None
            self._renewed()  # the news of the size is still on its way: the first frame is not a blank one
            if blank and not self._blank:
                self.call_next(self.refresh)  # what is rendered for a frame may lie between the parts that it paints
        elif self._redress():
            self._rows = [self._dressed(y, width) for y in range(len(self._rows))]
        rows = [self.render_line(y) for y in crop.line_range]
        first, end = crop.column_span
        return rows if (first, end) == (0, width) else [row.crop(first, end) for row in rows]


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ascending numbers as (first, count) of each unbroken run."""
    first = previous = numbers[0]
    for number in numbers[1:]:
        if number != previous + 1:
            yield first, previous - first + 1
            first = number
        previous = number
    yield first, previous - first + 1
