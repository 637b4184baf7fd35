"""What the terminal shows, cell by cell, so that a frame sends only the cells that differ, and of their style only
what differs from the cell sent before. Must not know who makes frames, or when they are sent.

Knows what is private to Textual 8.2.8, which is pinned: the two kinds of update that its compositor makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import compress, count, groupby, repeat
from operator import itemgetter, ne, or_
from typing import NamedTuple, cast

from rich.cells import cell_len
from rich.color import Color, ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

GAP = 6
"""Cells between two that differ which are sent again: to move the cursor over them costs as much."""


class _Graphics(NamedTuple):
    """What a style is to a terminal: parameters of SGR, as ECMA-48 calls the sequence."""

    attributes: str
    foreground: str
    """Empty where nothing is drawn in it."""
    background: str

    def after(self, before: _Graphics) -> _Graphics:
        """What the terminal is left with when this is drawn after something else."""
        return self if self.foreground else _Graphics(self.attributes, before.foreground, self.background)


_PLAIN = _Graphics("", "39", "49")

_UNSEEN = ("", "1", "2", "3")
"""Attributes that a blank does not show: bold, dim, italic."""

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27"}
"""What ends an attribute and leaves the colours as they are."""

_MOST = 128
"""Pieces whose cells are kept in mind: as many as a screen has."""

_Cells = tuple[list[str | None], list[_Graphics | None]]
"""Their characters, none in the second half of a wide one; and how each is drawn. None of either is not known."""

_Run = tuple[str, _Graphics]
"""Text, and how all of it is drawn."""

_GRAPHICS = itemgetter(1)


def _blank(graphics: _Graphics) -> _Graphics:
    """How a blank is drawn."""
    return _Graphics("", "", graphics.background) if graphics.attributes in _UNSEEN else graphics


class Ready(CompositorUpdate):
    """A frame as the text to be written."""

    def __init__(self, text: str) -> None:
        self.text = text

    def render_segments(self, console: Console) -> str:
        return self.text


class Mirror:
    """The terminal's cells as they were sent; those that never were are unknown."""

    def __init__(self, colours: ColorSystem) -> None:
        """`colours` are those that the terminal has."""
        self._colours = colours
        self._rows: dict[int, _Cells] = {}
        self._whole: dict[int, tuple[int, list[_Run]]] = {}
        """Column and runs of the rows that were sent in one piece: taken apart when something is sent over them."""
        self._known: dict[int, tuple[Iterable[Segment], _Cells]] = {}
        """The cells of pieces that were sent, by identity: what is painted is never changed."""
        self._graphics: dict[Style | None, tuple[_Graphics, _Graphics]] = {None: (_PLAIN, _blank(_PLAIN))}
        """How text is drawn in a style, and how a blank is."""

    @property
    def known(self) -> bool:
        """Whether anything is known of what the terminal shows."""
        return bool(self._rows or self._whole)

    def forget(self) -> None:
        """The terminal may show something else by now."""
        self._rows.clear()
        self._whole.clear()

    def difference(self, update: LayoutUpdate | ChopsUpdate) -> str:
        """What has to be written so that the terminal shows an update; nothing where it does already."""
        out: list[str] = []
        now = _PLAIN
        for x, y, segments in _pieces(update):
            for start, runs in self._renewed(x, y, segments):
                out.append(f"\x1b[{y + 1};{start + 1}H")
                for text, wanted in runs:
                    if wanted is now:
                        out.append(text)
                        continue
                    graphics = wanted.after(now)
                    if graphics != now:
                        out.append(_turn(now, graphics))
                        now = graphics
                    out.append(text)
        if now != _PLAIN:
            out.append("\x1b[0m")
        return "".join(out)

    def _runs(self, segments: Iterable[Segment]) -> list[_Run]:
        runs: list[_Run] = []
        for text, style, _ in segments:
            drawn = self._graphics.get(style) or self._learnt(style)
            runs.append((text, drawn[text.isspace()]))
        return runs

    def _learnt(self, style: Style | None) -> tuple[_Graphics, _Graphics]:
        graphics = _graphics(style or Style(), self._colours)
        self._graphics[style] = drawn = graphics, _blank(graphics)
        return drawn

    def _renewed(self, x: int, y: int, segments: Iterable[Segment]) -> Iterator[tuple[int, Iterable[_Run]]]:
        """Take over a piece of row `y`; (column, runs) of what differs there from what was there."""
        if y not in self._rows:
            runs, whole = self._runs(segments), self._whole.get(y)
            if whole is None:
                # The first frame is not to wait until each of its cells is looked at.
                self._whole[y] = x, runs
                yield x, runs
            if whole is None or whole == (x, runs):
                return
        characters, drawn = self._cells(segments)
        changed = self._take_over(x, y, characters, drawn)
        if not changed:
            return
        first = last = changed[0]
        for k in changed:
            if k - last > GAP:
                yield x + first, _grouped(characters[first : last + 1], drawn[first : last + 1])
                first = k
            last = k
        yield x + first, _grouped(characters[first : last + 1], drawn[first : last + 1])

    def _take_over(self, x: int, y: int, characters: list[str | None], drawn: list[_Graphics | None]) -> Sequence[int]:
        """Take over cells of row `y`; which of them differ from what was there."""
        (row, looks), end = self._row(y), x + len(characters)
        row += repeat(None, end - len(row))
        looks += repeat(None, end - len(looks))
        before, how = row[x:end], looks[x:end]
        if before == characters and how == drawn:
            return []
        row[x:end], looks[x:end] = characters, drawn
        # A terminal blanks the other half of a wide character of which one half is overwritten.
        if x and before[0] == "":
            row[x - 1] = None
        if end < len(row) and row[end] == "":
            row[end] = None
        # Every frame goes through here, cell by cell.
        return [*compress(count(), map(or_, map(ne, before, characters), map(ne, how, drawn)))]

    def _cells(self, segments: Iterable[Segment]) -> _Cells:
        """A piece's cells; where a list is scrolled, strips come again, each in another row."""
        strip, cells = self._known.get(id(segments), (None, None))
        if cells is None or strip is not segments:
            cells = _cells(self._runs(segments))
            if isinstance(segments, Strip):
                if len(self._known) >= _MOST:
                    self._known.clear()
                self._known[id(segments)] = segments, cells
        return cells

    def _row(self, y: int) -> _Cells:
        """The cells of a row of which something was sent."""
        if y in self._whole:
            x, runs = self._whole.pop(y)
            characters, drawn = _cells(runs)
            self._rows[y] = [*repeat(None, x), *characters], [*repeat(None, x), *drawn]
        return self._rows[y]


def _cells(runs: Iterable[_Run]) -> _Cells:
    characters: list[str | None] = []
    drawn: list[_Graphics | None] = []
    for text, graphics in runs:
        if text.isascii() or cell_len(text) == len(text):
            characters += text
            drawn += [graphics] * len(text)
            continue
        for character in text:
            width = cell_len(character)
            if width:
                characters += [character, *repeat("", width - 1)]
                drawn += [graphics] * width
            elif characters:
                # It is drawn over the one before, which may be wide.
                at = -1 if characters[-1] or len(characters) < 2 else -2
                characters[at] = (characters[at] or "") + character
    return characters, drawn


def _grouped(characters: Iterable[str | None], drawn: Iterable[_Graphics | None]) -> Iterator[_Run]:
    for graphics, run in groupby(zip(characters, drawn, strict=True), _GRAPHICS):
        yield "".join(character or "" for character, _ in run), cast("_Graphics", graphics)


def _pieces(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Iterable[Segment]]]:
    """(column, row, segments) of what an update paints."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            yield update.region.x, y, [segment for strip in strips for segment in strip]
        return
    for y, left, right in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x < right and end > left:
                yield x, y, strip if end <= right else strip.crop(0, right - x)


def _graphics(style: Style, colours: ColorSystem) -> _Graphics:
    def codes(colour: Color | None, foreground: bool) -> str:
        return ";".join((colour or Color.default()).downgrade(colours).get_ansi_codes(foreground))

    drawn = style.without_color.render("\0", color_system=colours)
    attributes = drawn.partition("\0")[0].removeprefix("\x1b[").removesuffix("m")
    return _Graphics(attributes, codes(style.color, True), codes(style.bgcolor, False))


@lru_cache(maxsize=1024)
def _turn(before: _Graphics, after: _Graphics) -> str:
    """From one way of drawing to another."""
    changed = [b for a, b in zip(before[1:], after[1:], strict=True) if a != b]
    if before.attributes == after.attributes:
        pass
    elif not before.attributes:
        changed.insert(0, after.attributes)
    elif not after.attributes and before.attributes in _OFF:
        changed.insert(0, _OFF[before.attributes])
    else:
        changed = ["0", after.attributes, *(b for a, b in zip(_PLAIN[1:], after[1:], strict=True) if a != b)]
    return f"\x1b[{';'.join(filter(None, changed))}m"
