"""The Grid picture: a neuron is a row of weights, bias and unit. Must not know widgets, sessions or Wires."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from chainstep.engine.training.snapshot.network import NetworkView

from ..canvas.sheet import LevelCells, Sheet
from ..style.covered import Covered
from ..style.glyphs import Glyphs
from ..style.levels import LEVELS, level, levels
from ..style.look import Look
from ..style.palette import Palette
from .columns import LONGEST_NAME, Column, NetworkOptions, as_shown, columns, right_aligned, written, written_number
from .fold import about
from .grid_layout import Block, layout
from .loss import LossPlace, beneath
from .loss import draw as draw_loss
from .marks import Mark, marks
from .outputs import notes, put_note
from .table.nodes import Shown

_DETAILS = {
    "told": ("its weights on what each says", "one a column"),
    "pairs": ("two weights in a cell", "two a cell"),
    "spread": ("how its weights are spread", "weights spread", "spread"),
}
"""What a heading says of weights that have no cell of their own."""

_SHORTEST_NAME = 4
"""Cells with fewer of which names say nothing."""


def grid(view: NetworkView, width: int, height: int, look: Look, options: NetworkOptions) -> list[Strip]:
    """The network as `height` strips of `width` cells: a heading, then `■□■ ▪ ● +0.91` for each neuron."""
    sheet = Sheet(width, height)
    seen = as_shown(view, options)
    blocks = layout(seen, sheet.width, sheet.height, options.selected, split=bool(look.glyphs.split))
    table = columns(seen.view, options.gradients, seen.nodes)
    every = marks(view, look)
    drawing = _Drawing(sheet, look, every, options, seen)
    loss = _loss_place(view, blocks[-1], sheet)
    if sheet.height > 2:
        drawing.headings(table, blocks)
        drawing.legend(blocks, loss)
    for index, (column, block) in enumerate(zip(table, blocks, strict=True)):
        end = blocks[index + 1].left - 1 if index + 1 < len(blocks) else sheet.width
        for slot in block.slots:
            if slot.neuron is None:
                text = about(column, block.slots, end - block.left, look.glyphs)
                sheet.put(block.left, slot.row, text, look.palette.quiet)
                continue
            if block.shape.detail == "upright":
                drawing.upright(column, block, slot.neuron, slot.row, blocks[index - 1])
            elif block.shape.weighted:
                drawing.weights(column, block, slot.neuron, slot.row)
            drawing.unit(column, block, slot.neuron, slot.row)
    if sheet.height > 2:
        beside = blocks[1].shape.cells if blocks[1].spaced else -2
        drawing.inputs_named(table[0], blocks[0], blocks[1].left + beside)
        drawing.outputs_told(table[-1], blocks[-1])
    if loss is not None and view.loss is not None:
        on_loss = [mark for mark in every if mark.at.layer == len(view.layers)]
        draw_loss(sheet, look, view.loss, loss, on_loss, gradients=options.gradients)
    return sheet.strips()


@lru_cache(maxsize=256)
def _levels(weights: tuple[float, ...], scale: float) -> Sequence[int | None]:
    """Those of a neuron's weights, which stay as they are from op to op: for as many neurons as a picture has rows."""
    return levels(weights, scale)


def _shown(palette: Palette, glyphs: Glyphs) -> tuple[LevelCells, LevelCells]:
    """What shows a weight of each level, and a bias; None is the level of what is not finite. The same again for the
    same colours and shapes.
    """
    known = _SHOWN.get((id(palette), id(glyphs)))
    if known is None:
        every = range(-LEVELS, LEVELS + 1)
        blocks = LevelCells({step: (glyphs.block(step), palette.shade(step)) for step in (None, *every)})
        biases = LevelCells({step: (glyphs.bias_block(step), palette.shade(step)) for step in every})
        _SHOWN.clear()
        _SHOWN[id(palette), id(glyphs)] = known = palette, glyphs, blocks, biases
    return known[2:]


_SHOWN: dict[tuple[int, int], tuple[Palette, Glyphs, LevelCells, LevelCells]] = {}
"""Those of the last picture, by the identities of its colours and shapes."""


def _loss_place(view: NetworkView, outputs: Block, sheet: Sheet) -> LossPlace | None:
    """The loss's place, below the outputs; none where these have no numbers."""
    shape = outputs.shape
    if view.loss is None or not outputs.slots or not shape.digits:
        return None
    told = len(notes(view)[0].texts) if len(view.output_names) == 1 else int(outputs.spaced)
    first = outputs.slots[-1].row + 1 + (told if not shape.note else 0)
    left = outputs.left + (2 if shape.detail == "upright" else 0)
    free = Region(left, first, sheet.width - left, sheet.height - first)
    return beneath(outputs.left + shape.unit, free, digits=shape.digits, below=False, left=False)


class _Drawing:
    """One picture on its way to a sheet."""

    def __init__(self, sheet: Sheet, look: Look, marks: Sequence[Mark], options: NetworkOptions, seen: Shown) -> None:
        self.sheet, self.marks, self.options, self.seen = sheet, marks, options, seen
        self.look = look
        self.chosen = {options.selected, (-1, seen.chosen)}
        """Units that are marked."""
        self.palette, self.glyphs = palette, glyphs = look.palette, look.glyphs
        self.blocks, self.biases = _shown(palette, glyphs)
        self._marked = {(mark.at.layer, mark.at.neuron) for mark in marks}

    def _on(self, column: Column, neuron: int) -> Sequence[Mark]:
        """What is marked of a neuron: the next op before the last one, which is drawn over it."""
        if not self.options.whole and (column.layer, neuron) not in self._marked:
            return ()
        return [mark for mark in reversed(self.marks) if mark.on(column.layer, neuron, whole=self.options.whole)]

    def headings(self, table: Sequence[Column], blocks: Sequence[Block]) -> None:
        """`hidden 1 ×16` over each column, or shorter over all where one has no room for it."""
        ends = [block.left for block in blocks[1:]] + [self.sheet.width + 1]
        short = [column.short for column in table]
        counts = [self.glyphs.say(f"×{column.count}") for column in table]
        choices = ([column.title for column in table], short, ["", *short[1:]])
        for names in choices:
            texts = [f"{name} {count}" if name else count[1:] for name, count in zip(names, counts, strict=True)]
            if all(block.left + len(text) < end for block, text, end in zip(blocks, texts, ends, strict=True)):
                break
        else:
            texts = [count[1:] for count in counts]
        for column, block, text, end in zip(table, blocks, texts, ends, strict=True):
            more = [f"{text}, {words}" for words in _DETAILS.get(block.shape.detail, ())]
            text = next((each for each in more if block.left + len(each) < end), text)
            lines = [mark.line for mark in self.marks if mark.at.layer == column.layer]
            if block.left + len(text) < end:
                self.sheet.put(block.left, block.head, text, [*lines, self.palette.quiet][0])

    def legend(self, blocks: Sequence[Block], loss: LossPlace | None) -> None:
        """What the shapes mean, in the last row, where the picture leaves it and one above it free."""
        sheet, palette, glyphs = self.sheet, self.palette, self.glyphs
        lowest = max(slot.row for block in blocks for slot in block.slots)
        if lowest + 2 >= sheet.height or (loss is not None and loss.lowest + 2 > sheet.height):
            return
        more, less, zero = palette.ladder[-1], palette.ladder[0], palette.faint
        parts = [("weight ", palette.quiet), (f"{glyphs.block(LEVELS)} + ", more), (f"{glyphs.block(-LEVELS)} -", less)]
        parts += [("   neuron ", palette.quiet), (f"{glyphs.dot} + ", more), (f"{glyphs.negative_dot} - ", less)]
        parts += [(f"{glyphs.hollow} 0", zero)]
        x = (sheet.width - sum(len(text) for text, _ in parts)) // 2
        for text, style in parts if x >= 0 else ():
            sheet.put(x, sheet.height - 1, text, style)
            x += len(text)

    def weights(self, column: Column, block: Block, neuron: int, row: int) -> None:
        """A neuron's weights and its bias."""
        sheet, palette, glyphs, shape = self.sheet, self.palette, self.glyphs, block.shape
        weights, scale = column.weights[neuron], column.weight_scale
        here = [(mark.at.weight, mark.cell) for mark in self._on(column, neuron) if mark.at.weight is not None]
        if shape.detail == "cells":
            steps, places = _levels(weights, scale), shape.places
            for x, group in shape.runs:
                sheet.cells(block.left + x, row, tuple([steps[k] for k in group]), self.blocks, shape.pitch)
            for weight, cell in here:
                self._weight(block.left + places[weight], row, steps[weight], cell)
        elif shape.detail == "told":
            steps = _levels(weights, scale)
            sheet.cells(block.left, row, tuple([steps[k] for k in self.seen.told]), self.blocks, shape.pitch)
            for weight, cell in here:
                at = next(place for place, group in enumerate(self.seen.groups) if weight in group)
                self._weight(block.left + at * shape.pitch, row, steps[weight], cell)
        elif shape.detail == "pairs":
            steps, placed = _levels(weights, scale), shape.order
            for x, pair in enumerate(zip(placed[::2], placed[1::2], strict=False), start=block.left):
                sheet.glyph(x, row, glyphs.split, palette.pair(steps[pair[0]], steps[pair[1]]))
            if len(steps) % 2:
                sheet.glyph(block.left + len(steps) // 2, row, glyphs.split, palette.shade(steps[placed[-1]]))
            for weight, cell in here:
                self._weight(block.left + placed.index(weight) // 2, row, steps[weight], cell)
        else:
            from ..canvas.sparkline import bin_of, histogram  # where there is room, the weights themselves are shown

            bars = histogram(weights, shape.weights, glyphs)
            sheet.put(block.left, row, bars, palette.quiet)
            for weight, cell in here:
                bar = bin_of(weights[weight], weights, shape.weights)
                sheet.glyph(block.left + bar, row, bars[bar], cell)
        self._bias(column, block, neuron, row)
        for mark in self._on(column, neuron):
            sheet.put(block.left - 1, row, mark.arrow, mark.line)

    def upright(self, column: Column, block: Block, neuron: int, row: int, sources: Block) -> None:
        """A lone neuron's weights, each in the row of the unit that it multiplies, and its bias."""
        steps = _levels(column.weights[neuron], column.weight_scale)
        rows = [(slot.row, self._inputs(column, slot.neuron)) for slot in sources.slots if slot.neuron is not None]
        for y, own in rows:
            for x, weight in enumerate(own, start=block.left):
                self._weight(x, y, steps[weight])
        for mark in self._on(column, neuron):
            for y, own in rows:
                if mark.at.weight is None or mark.at.weight in own:
                    self.sheet.put(block.left - 1, y, mark.arrow, mark.line)
                    if mark.at.weight is not None:
                        at = own.index(mark.at.weight)
                        self._weight(block.left + at, y, steps[mark.at.weight], mark.cell)
        self._bias(column, block, neuron, row)

    def _inputs(self, column: Column, source: int) -> Sequence[int]:
        """Which of a layer's inputs a unit before it stands for."""
        return self.seen.nodes[source].inputs if not column.layer and self.seen.nodes else (source,)

    def _weight(self, x: int, y: int, step: int | None, cell: Style | None = None) -> None:
        glyph, style = self.blocks[step]
        self.sheet.put(x, y, glyph, cell or style)

    def _bias(self, column: Column, block: Block, neuron: int, row: int) -> None:
        bias, scale = column.biases[neuron], column.weight_scale
        if math.isfinite(bias) and not isinstance(bias, Covered):
            glyph, style = self.biases[level(bias, scale)]
        else:
            glyph, style = self.glyphs.bias(bias, scale), self.palette.diverging(bias, scale)
        self.sheet.put(block.left + block.shape.bias, row, glyph, style)

    def unit(self, column: Column, block: Block, neuron: int, row: int) -> None:
        """A unit's glyph, its number and its name."""
        sheet, palette, glyphs, shape = self.sheet, self.palette, self.glyphs, block.shape
        glyph, style = glyphs.pending, palette.faint
        if neuron < column.known:
            value = column.units[neuron]
            glyph = glyphs.unit(value)
            style = palette.diverging(value, column.unit_scale) if value else palette.faint
        text, number = written_number(column, neuron, shape.digits, glyphs, palette)
        if (column.layer, neuron) in self.chosen:
            style = number = palette.chosen
        for mark in self._on(column, neuron):
            if mark.at.weight is None:
                style, number = mark.line if shape.digits else mark.cell, mark.cell
        at = block.left + shape.unit
        sheet.put(at, row, glyph, style)
        number_at = at + 3 + shape.name if column.lone and shape.name else at + 2
        name_at = block.left if column.layer < 0 else at + 2 if column.lone else at + 3 + shape.digits
        if shape.digits:
            worded = column.nodes and neuron < column.known and isinstance(column.nodes[neuron].said, str)
            sheet.put(number_at, row, text if worded else right_aligned(text, shape.digits), number)
        sheet.put(name_at, row, written(column, neuron, shape.name, glyphs), palette.quiet)
        if shape.note and column.notes:
            put_note(sheet, block.left + shape.cells - shape.note, row, column.notes[neuron], self.look)

    # --- between the rows, where the columns have no room beside their units

    def inputs_named(self, column: Column, block: Block, end: int) -> None:
        """The names of the inputs, each below its unit, as far as cell `end`."""
        room = min(LONGEST_NAME, end - block.left)
        if block.shape.name or not block.spaced or room < _SHORTEST_NAME:
            return
        for slot in block.slots:
            if slot.neuron is not None:
                text = written(column, slot.neuron, room, self.glyphs)
                self.sheet.put(block.left, slot.row + 1, text, self.palette.quiet)

    def outputs_told(self, column: Column, block: Block) -> None:
        """What each output is called and what is said of it, below its unit; ŷ above that of a lone one."""
        shape, end, told = block.shape, block.left + block.shape.cells, not block.shape.note
        for neuron, row in ((slot.neuron, slot.row) for slot in block.slots):
            note = column.notes[neuron] if column.notes and told and neuron is not None else None
            if neuron is None or not (column.lone or block.spaced):
                continue
            if column.lone:
                name = written(column, 0, int(not shape.name), self.glyphs)
                self.sheet.put(end - len(name), row - 1 if row - 1 > block.head else -1, name, self.palette.quiet)
                for below, text in enumerate(note.texts if note else (), start=1):
                    self.sheet.put(end - len(text), row + below, text, self.palette.quiet)
                continue
            taken = note.cells if note is not None else 0
            if not shape.name:
                text = written(column, neuron, max(0, min(LONGEST_NAME, shape.cells - taken - 1)), self.glyphs)
                self.sheet.put(end - taken - 1 - cell_len(text), row + 1, text, self.palette.quiet)
            if note is not None:
                put_note(self.sheet, end - taken, row + 1, note, self.look)
