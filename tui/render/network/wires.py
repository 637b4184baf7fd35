"""The Wires picture: units left to right, joined by curves. Must not know widgets, sessions or Grid."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rich.style import Style
from textual.strip import Strip

from chainstep.engine.training.snapshot.network import NetworkView

from ..canvas.braille import Braille, curve
from ..canvas.sheet import Sheet
from ..style.levels import LEVELS, level
from ..style.look import Look
from .columns import Column, NetworkOptions, as_shown, columns, right_aligned, written, written_number
from .fold import about
from .loss import LossPlace
from .loss import draw as draw_loss
from .marks import Mark, marks
from .outputs import put_note
from .table.nodes import Shown
from .wires_layout import BELOW, Place, layout

STRONG = 4, 24
"""Of the wires between two layers the strongest third is drawn in its own colours, so many at least and at most; the
others are faint.
"""
DASH = 4
"""Dots in each dash of a negative weight's wire; a positive one's has no gaps."""
MOST = 64
"""Wires that are drawn between two layers, the strongest of more: the others would only fill what is left free."""
_FAINT, _STRONG, _FRONT, _POINTED, _NEXT, _DONE = range(6)
"""Ranks of wires, each before those of lower ones: strong, of a neuron that is selected or marked, of what is lit, of
the next op and of the last one.
"""
_PALEST = 2
"""The highest level in whose colour a faint wire is drawn."""
BLANK_FROM = 6
"""The least gap, in cells, in which a wire keeps a blank's distance from the number that it leaves."""


def wires(view: NetworkView, width: int, height: int, look: Look, options: NetworkOptions) -> list[Strip]:
    """The network as `height` strips of `width` cells: units from left to right, and each weight as a curve."""
    sheet = Sheet(width, height)
    seen = as_shown(view, options)
    view = seen.view
    table = columns(view, options.gradients, seen.nodes)
    laid = layout(seen, sheet.width, sheet.height, options.selected)
    places, loss = laid.places, laid.loss
    every, behind = marks(view, look), len(view.layers)
    on_loss = [mark for mark in every if mark.at.layer == behind]
    drawing = _Drawing(sheet, look, [mark for mark in every if mark.at.layer < behind], options, seen)
    drawing.curves(table, places, loss, next((mark.line for mark in on_loss), look.palette.quiet))
    drawing.notes(places, loss)
    if laid.captions:
        drawing.captions(table, places)
    ends = [place.left - 1 for place in places[1:]] + [sheet.width]
    for column, place, end in zip(table, places, ends, strict=True):
        drawing.units(column, place, end)
    for mark in reversed(drawing.marks):
        drawing.direction(mark, places)
    if loss is not None and view.loss is not None:
        draw_loss(sheet, look, view.loss, loss, on_loss, gradients=options.gradients)
    return sheet.strips()


class _Drawing:
    """One picture on its way to a sheet."""

    def __init__(self, sheet: Sheet, look: Look, marks: Sequence[Mark], options: NetworkOptions, seen: Shown) -> None:
        self.sheet, self.marks, self.options, self.seen = sheet, marks, options, seen
        self.look = look
        self.palette, self.glyphs = look.palette, look.glyphs
        self.chosen = {options.selected, (-1, seen.chosen)}
        """Units that are marked."""

    # --- between the units

    def curves(self, table: Sequence[Column], places: Sequence[Place], loss: LossPlace | None, style: Style) -> None:
        """The wires into every column and, in a style of their own, into a loss that stands behind them."""
        canvas = Braille(self.sheet.width, self.sheet.height)
        for column, (before, after) in zip(table[1:], pairwise(places), strict=True):
            self._into(canvas, column, before, after)
        if loss is not None and loss.behind:
            size, start, end = (canvas.width, canvas.height), 2 * (places[-1].leave + 1), 2 * loss.dot - 1
            for _, row in places[-1].ends():
                canvas.draw(curve(size, (start, 4 * row + 2), (end, 4 * loss.row + 2)), style)
        canvas.onto(self.sheet, self.glyphs)

    def _into(self, canvas: Braille, column: Column, before: Place, after: Place) -> None:
        """The wires into one column, the strongest last."""
        blank = 1 if after.dot - before.leave >= BLANK_FROM and not before.shape.below else 0
        start, end = 2 * (before.leave + blank), 2 * after.dot - 1
        strands = sorted(self._strands(column, before, after), key=lambda strand: strand[:2])
        least, most = STRONG
        strong = sorted(strand[1] for strand in strands)[-max(least, min(most, len(strands) // 3)) :]
        for rank, size, source, target, weight in strands[-MOST:]:
            if not weight and rank < _POINTED:
                continue
            rank = max(rank, _STRONG if size >= strong[0] and self.options.selected is None else _FAINT)
            # Both ends in the middle of their cells, level with the glyphs.
            dash = DASH if weight < 0 and rank < _POINTED else 1
            path = curve((canvas.width, canvas.height), (start, 4 * source + 2), (end, 4 * target + 2), dash)
            canvas.draw(path, self._style(rank, weight, column.weight_scale), rank)

    def _strands(self, column: Column, before: Place, after: Place) -> Iterator[tuple[int, float, int, int, float]]:
        """(rank, |weight|, source row, target row, weight) of every wire into `column`."""
        layer, selected = column.layer, self.options.selected
        fronts = {selected[1]} if selected is not None and selected[0] == layer else set()
        out_of = selected[1] if selected is not None and selected[0] == layer - 1 else None
        marked: dict[tuple[int, int], int] = {}
        for mark in [] if self.options.whole else reversed(self.marks):
            if mark.at.layer == layer and mark.at.weight is not None:
                rank = _DONE if mark.done else _POINTED if mark.pointed else _NEXT
                at = mark.at.neuron, mark.at.weight
                marked[at] = max(rank, marked.get(at, rank))
            elif mark.at.layer == layer:
                fronts.add(mark.at.neuron)
        # Of a table's column the weight of what the sample says in it stands for all.
        sources = [
            (source, start, self.seen.input_of(source) if not layer else source) for source, start in before.ends()
        ]
        for neuron, target in after.ends():
            for source, start, weighed in sources:
                rank = marked.get((neuron, source), _FRONT if neuron in fronts or source == out_of else _FAINT)
                weight = column.weights[neuron][weighed]
                yield rank, abs(weight) if math.isfinite(weight) else math.inf, start, target, weight

    def _style(self, rank: int, weight: float, scale: float) -> Style:
        """The style of a wire; where a neuron is selected, those of others have no colour."""
        palette = self.palette
        if rank >= _POINTED:
            return (palette.pointed_line, palette.coming_line, palette.lit_line)[rank - _POINTED]
        if not math.isfinite(weight):
            return palette.alarm
        step = level(weight, scale)
        if rank > _FAINT:
            return palette.ladder[step + LEVELS]
        if self.options.selected is not None:
            return palette.faint
        return palette.ladder[max(-_PALEST, min(_PALEST, step)) + LEVELS]

    # --- above and below them

    def captions(self, table: Sequence[Column], places: Sequence[Place]) -> None:
        """What the columns are, in the first row; shorter for all where one has no room for it."""
        for texts in ([column.title for column in table], [column.short for column in table]):
            starts = [min(place.left, self.sheet.width - len(text)) for place, text in zip(places, texts, strict=True)]
            ends = [0, *(x + len(text) + 1 for x, text in zip(starts, texts, strict=True))]
            if all(x >= end for x, end in zip(starts, ends[:-1], strict=True)):
                break
        for column, x, text in zip(table, starts, texts, strict=True):
            lines = [mark.line for mark in self.marks if mark.at.layer == column.layer]
            self.sheet.put(x, 0, text, [*lines, self.palette.quiet][0])

    def notes(self, places: Sequence[Place], loss: LossPlace | None) -> None:
        """How many of the wires are drawn or, where all are, what they mean."""
        gaps = [(before, after, len(before.ends()) * len(after.ends())) for before, after in pairwise(places)]
        some = [gap for gap in gaps if gap[2] > MOST]
        for before, after, count in some:
            self._strongest(before, after, count)
        if not some:
            self._legend(places, loss)

    def _strongest(self, before: Place, after: Place, count: int) -> None:
        room = after.dot - before.leave - 2
        texts = [text for text in (f"strongest {MOST} of {count}", f"{MOST} of {count}") if len(text) <= room]
        if texts:
            x = before.leave + (after.dot - before.leave - len(texts[0])) // 2
            self.sheet.put(x, self.sheet.height - 1, texts[0], self.palette.quiet)

    def _legend(self, places: Sequence[Place], loss: LossPlace | None) -> None:
        """What lines and shapes mean, in the last row where the picture leaves it free."""
        sheet, palette, glyphs = self.sheet, self.palette, self.glyphs
        lowest = max((slot.row + place.shape.below for place in places for slot in place.slots), default=0)
        lowest = lowest if loss is None else max(lowest, loss.lowest)
        if lowest + 2 > sheet.height:
            return
        solid, dashed = ("⠤⠤⠤", "⠤⠄⠠⠤") if glyphs.unicode else ("---", "- -")
        more, less = palette.ladder[-1], palette.ladder[0]
        parts = [("weight ", palette.quiet), (f"{solid} + ", more), (f"{dashed} -", less)]
        parts += [("   neuron ", palette.quiet), (f"{glyphs.dot} + ", more), (f"{glyphs.negative_dot} -", less)]
        x = (sheet.width - sum(len(text) for text, _ in parts)) // 2
        for text, style in parts if x >= 0 else ():
            sheet.put(x, sheet.height - 1, text, style)
            x += len(text)

    # --- the units

    def units(self, column: Column, place: Place, end: int) -> None:
        """The units of a column, and what is said of those that are folded, as far as cell `end`."""
        for slot in place.slots:
            if slot.neuron is None:
                text = about(column, place.slots, end - place.left, self.glyphs)
                self.sheet.put(place.left, slot.row, text, self.palette.quiet)
            else:
                here = (mark for mark in self.marks if mark.on(column.layer, slot.neuron, whole=self.options.whole))
                self._unit(column, place, slot.neuron, slot.row, list(here))

    def _unit(self, column: Column, place: Place, neuron: int, row: int, marks: Sequence[Mark]) -> None:
        """A unit's glyph, its number and its name."""
        sheet, palette, glyphs, shape = self.sheet, self.palette, self.glyphs, place.shape
        glyph, style = glyphs.pending, palette.faint
        if neuron < column.known:
            value = column.units[neuron]
            glyph, style = glyphs.unit(value), palette.diverging(value, column.unit_scale)
        text, number = written_number(column, neuron, shape.digits, glyphs, palette)
        if (column.layer, neuron) in self.chosen:
            style = number = palette.chosen
        for mark in reversed(marks):
            style = mark.line if shape.digits else mark.cell
            number = mark.cell if mark.at.weight is None else number
        sheet.put(place.dot, row, glyph, style)
        name = written(column, neuron, shape.name, glyphs)
        inputs = column.layer < 0
        if shape.below:
            # Blanks keep wires off the digits: in ASCII a wire beside them would read as a sign.
            left = place.dot - shape.digits // 2
            sheet.put(left - 1, row + 1, " " * (shape.digits + 2), None)
            sheet.put(left, row + 1, text.center(shape.digits), number)
            sheet.put(place.dot - 1 - shape.name if inputs else place.dot + 2, row, name, palette.quiet)
        elif inputs:
            sheet.put(place.left, row, name, palette.quiet)
            sheet.put(place.dot - 1 - shape.digits, row, right_aligned(text, shape.digits), number)
        else:
            number_at, name_at = place.dot + 2, place.dot + 3 + shape.digits
            if column.lone and shape.name:
                number_at, name_at = place.dot + 3 + shape.name, place.dot + 2
            sheet.put(number_at, row, text.rjust(shape.digits)[: shape.digits], number)
            sheet.put(name_at, row, name, palette.quiet)
        if shape.note and column.notes:
            self._note(column, place, neuron, row)

    def _note(self, column: Column, place: Place, neuron: int, row: int) -> None:
        """What is said of an output: beside it, or below its number where that stands below it."""
        shape, note = place.shape, column.notes[neuron]
        if not shape.below:
            put_note(self.sheet, place.left + shape.cells - shape.note, row, note, self.look)
        elif column.lone:
            for below, text in enumerate(note.texts, start=2):
                self.sheet.put(place.left, row + below, text, self.palette.quiet)
        else:
            put_note(self.sheet, place.left + BELOW + 1, row + 1, note, self.look)

    def direction(self, mark: Mark, places: Sequence[Place]) -> None:
        """An arrow head: of the last op where its number arrived, at the unit going forward, at what fed it going back;
        of the next one where it leaves from; of what is lit before the unit.
        """
        at, whole = mark.at, self.options.whole and not mark.pointed
        if at.layer < 0:
            return  # what leads to an input is nothing
        before, after = places[at.layer], places[at.layer + 1]
        units = [row for neuron, row in after.ends() if whole or neuron == at.neuron]
        fed = [row for neuron, row in before.ends() if neuron == at.weight]
        x, rows = after.dot - 1 - (not mark.done), units
        if at.weight is not None and at.backward == mark.done and not mark.pointed:
            x, rows = before.leave, fed
        elif at.weight is not None and not mark.pointed:
            x = after.dot - 1
        elif at.backward and after.leave < self.sheet.width:
            x = after.leave + (not mark.done)
        for row in rows:
            self.sheet.put(x, row, mark.arrow, mark.line)
