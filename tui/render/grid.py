"""The Grid picture: a neuron is a row of weights, bias and unit. Must not know widgets, sessions or Wires."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from chainstep.engine.training.snapshot import Lit, NetworkView

from .grid_layout import Block, layout
from .network import BINS, Column, Slot, Unit, columns, fitted
from .numbers import signed
from .palette import Glyphs, Palette, levels
from .sheet import Sheet
from .sparkline import histogram


def grid(
    view: NetworkView,
    width: int,
    height: int,
    palette: Palette,
    glyphs: Glyphs,
    *,
    gradients: bool = False,
    selected: Unit | None = None,
) -> list[Strip]:
    """The network as `height` strips of `width` cells: a heading, then `■■■ ▪ ● +0.91` for each neuron.

    `gradients` shows the gradients of weights, biases and units in place of their values; `selected` marks that
    neuron and unfolds its layer.
    """
    sheet = Sheet(width, height)
    blocks = layout(view, sheet.width, sheet.height, selected, bool(glyphs.split))
    table = columns(view, gradients)
    if sheet.height > 2:
        _headings(sheet, table, blocks, palette)
    for column, block in zip(table, blocks, strict=True):
        for slot in block.slots:
            if block.shape.folded:
                _folded(sheet, column, block, slot.row, view.lit, palette, glyphs)
            elif slot.neuron is None:
                _more(sheet, block, slot, palette, glyphs)
            else:
                lit = view.lit if view.lit is not None and view.lit.layer == column.layer else None
                lit = lit if lit is not None and lit.neuron == slot.neuron else None
                if block.shape.weighted:
                    _weights(sheet, column, block, slot.neuron, slot.row, lit, palette, glyphs)
                chosen = selected == (column.layer, slot.neuron)
                _unit(sheet, column, block, slot.neuron, slot.row, lit, chosen, palette, glyphs)
    return sheet.strips()


def _headings(sheet: Sheet, table: Sequence[Column], blocks: Sequence[Block], palette: Palette) -> None:
    """`layer 1 16` over each column, or shorter over all where one has no room for it."""
    ends = [block.left for block in blocks[1:]] + [sheet.width + 1]
    short = [column.title.replace("layer ", "L").replace("put", "") for column in table]
    counts = [str(column.count) for column in table]
    choices = ([column.title for column in table], short, ["", *short[1:]])
    for names in choices:
        texts = [f"{name} {count}".lstrip() for name, count in zip(names, counts, strict=True)]
        if all(block.left + len(text) < end for block, text, end in zip(blocks, texts, ends, strict=True)):
            break
    else:
        texts = counts
    for block, text, end in zip(blocks, texts, ends, strict=True):
        if block.left + len(text) < end:
            sheet.put(block.left, block.head, text, palette.quiet)


def _weights(
    sheet: Sheet,
    column: Column,
    block: Block,
    neuron: int,
    row: int,
    lit: Lit | None,
    palette: Palette,
    glyphs: Glyphs,
) -> None:
    """A neuron's weights and its bias."""
    weights, scale, shape = column.weights[neuron], column.weight_scale, block.shape
    if shape.detail == "cells":
        for index, step in enumerate(levels(weights, scale)):
            glyph = glyphs.bad if step is None else glyphs.block(step)
            sheet.glyph(block.left + index * shape.pitch, row, glyph, palette.shade(step))
    elif shape.detail == "pairs":
        steps = levels(weights, scale)
        for cell, (left, right) in enumerate(zip(steps[::2], steps[1::2], strict=False), start=block.left):
            sheet.glyph(cell, row, glyphs.split, palette.pair(left, right))
        if len(steps) % 2:
            sheet.glyph(block.left + len(steps) // 2, row, glyphs.split, palette.shade(steps[-1]))
    else:
        lit_weight = lit is not None and lit.weight is not None
        bars = histogram(weights, shape.weights, glyphs)
        sheet.put(block.left, row, bars, palette.lit_cell if lit_weight else palette.quiet)
    bias = column.biases[neuron]
    sheet.put(block.left + shape.bias, row, glyphs.bias(bias, scale), palette.diverging(bias, scale))
    if lit is not None:
        arrow = glyphs.backward if lit.backward else glyphs.forward
        sheet.put(block.left - 1, row, arrow, palette.lit_line)
        if lit.weight is not None and shape.detail != "spread":
            weight = weights[lit.weight]
            sheet.put(block.left + shape.weight(lit.weight), row, glyphs.weight(weight, scale), palette.lit_cell)


def _unit(
    sheet: Sheet,
    column: Column,
    block: Block,
    neuron: int,
    row: int,
    lit: Lit | None,
    chosen: bool,
    palette: Palette,
    glyphs: Glyphs,
) -> None:
    """A unit's glyph, its number and its name."""
    shape = block.shape
    if neuron >= column.known:
        glyph, style, text, number = glyphs.hollow, palette.faint, glyphs.empty.center(5), palette.faint
    else:
        value = column.units[neuron]
        glyph = glyphs.unit(value)
        style = palette.diverging(value, column.unit_scale) if value else palette.faint
        text, number = signed(value, shape.digits or 5), palette.number(value)
    if chosen:
        style = number = palette.chosen
    if lit is not None and lit.weight is None:
        style, number = palette.lit_line if shape.digits else palette.lit_cell, palette.lit_cell
    at = block.left + shape.unit
    sheet.put(at, row, glyph, style)
    if shape.digits:
        sheet.put(at + 2, row, text.rjust(shape.digits), number)
    if shape.name and neuron < len(column.names):
        name = fitted(column.names[neuron], shape.name, glyphs)
        sheet.put(at + 3 + shape.digits if column.layer >= 0 else block.left, row, name, palette.quiet)


def _folded(
    sheet: Sheet, column: Column, block: Block, row: int, lit: Lit | None, palette: Palette, glyphs: Glyphs
) -> None:
    """A whole layer as its size and the spread of its values."""
    text = f"{glyphs.dot} x{column.count}"
    if block.shape.bars:
        text += " " + (glyphs.empty * BINS if column.known < column.count else histogram(column.units, BINS, glyphs))
    here = lit is not None and lit.layer == column.layer
    sheet.put(block.left, row, text, palette.lit_line if here else palette.quiet)


def _more(sheet: Sheet, block: Block, slot: Slot, palette: Palette, glyphs: Glyphs) -> None:
    """How many neurons a page hides."""
    text = f"{glyphs.more} +{slot.hidden}"
    at = block.left + block.shape.unit
    sheet.put(at if block.shape.digits else max(block.left, at + 1 - len(text)), slot.row, text, palette.quiet)
