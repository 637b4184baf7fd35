"""A recording as the pictures that it stops at: what is on the screen, from when until when. Knows a terminal; must not
know how they are drawn.
"""

from __future__ import annotations

from typing import NamedTuple

from support.screen.emulator import Cell, Emulator

from .played import Cast

LEFT = "\x1b[?1049l"
"""The screen is given back: what comes behind is no picture any more."""

SHORT = 0.15
"""Seconds below which nothing has stopped: the picture is on its way to the next."""

Row = tuple[Cell, ...]


class Frame(NamedTuple):
    """A picture, and how long it stays."""

    begin: float
    """Seconds."""
    end: float
    rows: tuple[Row, ...]


def frames(cast: Cast) -> list[Frame]:
    """Its pictures, one behind the other; an empty screen at the beginning is none."""
    shown = Emulator(cast.header["width"], cast.header["height"])
    found: list[Frame] = []
    events = [event for event in cast.events if event[1] == "o"]
    ends = [seconds for seconds, _, _ in events[1:]] + [cast.events[-1][0]]
    for (begin, _, data), end in zip(events, ends, strict=True):
        if LEFT in data:
            break
        shown.take_in(data.encode())
        if end - begin < SHORT:
            continue
        rows = tuple(map(tuple, shown.cells()))
        if found and rows == found[-1].rows:
            begin = found.pop().begin
        if any(cell.text.strip() for row in rows for cell in row):
            found.append(Frame(found[-1].end if found else 0.0, end, rows))
    return found


def caption(frame: Frame) -> str:
    """The sentence on the last row."""
    return "".join(cell.text for cell in frame.rows[-1]).strip()
