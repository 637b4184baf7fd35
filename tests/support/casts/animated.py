"""Pictures of a terminal as one SVG that moves by itself, in any browser and without a script. Must not know what they
show, or where they are from.

Each row is drawn once for all the times that it looks so, and is seen at those. Whoever wants no motion sees one
picture.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from support.screen.emulator import Cell

from .frames import Frame, Row

CELL, LINE, BASE = 8.4, 17.0, 13.0
"""A cell's width and height, and where in it letters stand, at 14 pixels."""

EDGE = 8.0
"""Pixels around the screen."""

_NAMED = {"default": "#e0e0e0", "black": "#000000", "white": "#ffffff"}

_STYLE = """\
text{font:14px ui-monospace,DejaVu Sans Mono,Menlo,Consolas,Liberation Mono,monospace}
.b{font-weight:bold}.u{text-decoration:underline}
g{animation:%(length)gs step-end infinite}
@media(prefers-reduced-motion:reduce){g{animation:none!important}}"""


def animated(frames: Sequence[Frame], poster: int) -> str:
    """The frames as SVG, over and over; `poster` is the one that is seen where nothing is to move."""
    columns, rows = len(frames[0].rows[0]), len(frames[0].rows)
    width, height = columns * CELL + 2 * EDGE, rows * LINE + 2 * EDGE
    ground = Counter(cell.ground for row in frames[poster].rows for cell in row).most_common(1)[0][0]
    inks = _Inks()
    seen: dict[tuple[bool, ...], list[str]] = {}
    for y in range(rows):
        for row in dict.fromkeys(frame.rows[y] for frame in frames):
            drawn = "".join(_row(row, y, ground, inks))
            if drawn:
                seen.setdefault(tuple(frame.rows[y] == row for frame in frames), []).append(drawn)
    groups, rules = [], []
    for number, (when, pieces) in enumerate(seen.items()):
        content = "\n".join(pieces)
        if all(when):
            groups.append(content)
            continue
        groups.append(f'<g id="f{number}">{content}</g>')
        rules.append(f"#f{number}{{animation-name:k{number};visibility:{'visible' if when[poster] else 'hidden'}}}")
        rules.append(f"@keyframes k{number}{{{_moments(frames, when)}}}")
    style = "\n".join([_STYLE % {"length": frames[-1].end}, *inks.rules(), *rules])
    size = f'width="{width:g}" height="{height:g}" viewBox="{-EDGE:g} {-EDGE:g} {width:g} {height:g}"'
    back = f'<rect x="{-EDGE:g}" y="{-EDGE:g}" width="100%" height="100%" rx="6" fill="{_colour(ground)}"/>'
    return "\n".join(
        [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>', f"<style>{style}</style>", back, *groups, "</svg>\n"]
    )


def _moments(frames: Sequence[Frame], when: Sequence[bool]) -> str:
    """When a row becomes visible, and when it is hidden, in percent of the whole."""
    length, said = frames[-1].end, []
    for visible, run in groupby(zip(frames, when, strict=True), lambda pair: pair[1]):
        (frame, _), *_ = run
        said.append(f"{100 * frame.begin / length:.2f}%{{visibility:{'visible' if visible else 'hidden'}}}")
    return "".join(said)


class _Inks:
    """Colours by a short name each."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def name(self, colour: str) -> str:
        return self._names.setdefault(_colour(colour), f"c{len(self._names)}")

    def rules(self) -> list[str]:
        return [f".{name}{{fill:{colour}}}" for colour, name in self._names.items()]


def _colour(name: str) -> str:
    return _NAMED.get(name, f"#{name}")


def _row(row: Row, y: int, ground: str, inks: _Inks) -> Iterator[str]:
    """What is drawn of a row: its grounds, and then its words, each in a place of its own."""
    for under, run in groupby(enumerate(row), lambda at: _ground(at[1])):
        places = [x for x, _ in run]
        if under != ground:
            x, size = places[0] * CELL, f'width="{len(places) * CELL:.6g}" height="{LINE:g}"'
            yield f'<rect x="{x:.6g}" y="{y * LINE:g}" {size} class="{inks.name(under)}"/>'
    for (look, blank), run in groupby(enumerate(row), lambda at: (_look(at[1], inks), not at[1].text.strip())):
        cells = [*run]
        # The cell behind a wide letter is empty.
        text = "".join(cell.text for _, cell in cells)
        if not blank or ("u" in look.split() and text):
            x, length = cells[0][0] * CELL, len(cells) * CELL
            text = escape(text).replace(" ", "&#160;")
            yield (
                f'<text x="{x:.6g}" y="{y * LINE + BASE:g}" textLength="{length:.6g}" lengthAdjust="spacingAndGlyphs"'
                f' class="{look}">{text}</text>'
            )


def _ground(cell: Cell) -> str:
    return cell.ink if cell.reverse else cell.ground


def _look(cell: Cell, inks: _Inks) -> str:
    """The classes of a letter."""
    if not cell.text.strip() and not cell.underlined:
        return ""
    ink = cell.ground if cell.reverse else cell.ink
    if cell.reverse and ink == "default":
        ink = "black"
    return " ".join([inks.name(ink), *("b" * cell.bold), *("u" * cell.underlined)])
