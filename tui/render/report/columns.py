"""A table's columns as rows of text: what each is taken for, and why. Must not know what changes that."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from chainstep.datasets.columns.selection import ColumnReport
from chainstep.datasets.printable import printable

from ..canvas.shortened import shortened
from ..canvas.text import cut
from ..style.look import Look

_MARK, _KIND, _MISSING, _GAP = 2, 10, 7, 2
"""Cells of what is not as wide as it needs to be."""

_LEAST_NAME, _LEAST_WHY = 12, 24
"""Cells that the longest name has at least, and then the reason."""


def heading(columns: Sequence[ColumnReport], width: int, look: Look) -> Text:
    """What stands above them."""
    named = _names(columns, width)
    row = f"{'':{_MARK}}{cut('column', named, ''):<{named}}{'':{_GAP}}{'taken for':<{_KIND}}{'missing':>{_MISSING}}"
    return Text(cut(f"{row}{'':{_GAP}}why", width, look.glyphs.ellipsis), look.palette.quiet)


def rows(columns: Sequence[ColumnReport], width: int, look: Look) -> list[Text]:
    """A row for each column, at most `width` cells wide: marked if it is used or the target, quiet if it is not."""
    named, glyphs = _names(columns, width), look.glyphs
    names = shortened(tuple(printable(column.column) for column in columns), named, glyphs)
    return [_row(column, name, named, width, look) for column, name in zip(columns, names, strict=True)]


def _row(column: ColumnReport, name: str, named: int, width: int, look: Look) -> Text:
    glyphs = look.glyphs
    target = column.kind == "target"
    mark = glyphs.cursor if target else glyphs.dot if column.used else glyphs.hollow
    style = "bold" if target else "" if column.used else "dim"  # no colours: a list has one beneath its cursor
    missing = str(column.missing or "")
    text = Text(f"{mark:<{_MARK}}", style)
    text.append(Text(name, style))
    text.pad_right(max(0, named + _MARK - text.cell_len))
    text.append(f"{'':{_GAP}}{column.kind:<{_KIND}}{missing:>{_MISSING}}{'':{_GAP}}", style)
    why = cut(glyphs.say(printable(column.why, 200)), max(1, width - text.cell_len), glyphs.ellipsis)
    text.append(why, style or "dim")
    text.truncate(max(1, width))
    return text


def _names(columns: Sequence[ColumnReport], width: int) -> int:
    """Cells of the names."""
    longest = max(map(len, (printable(column.column) for column in columns)), default=0)
    spare = width - _MARK - 2 * _GAP - _KIND - _MISSING - _LEAST_WHY
    return max(_LEAST_NAME, min(longest, spare))
