"""An expression as a listing, a line a node in the order of evaluation -> strips. Must not know the drawn graph."""

from __future__ import annotations

from textual.strip import Strip

from chainstep.engine.training.snapshot.tape import GraphView, NodeView

from ..canvas import numbers
from ..canvas.sheet import Sheet
from ..style.look import Look

_NUMBER = 9
"""Cells of a number: `numbers.signed` shows six digits in them."""


def expression_listing(view: GraphView, width: int, height: int, look: Look) -> list[Strip]:
    """`height` strips of `width` cells: `c = a * b   data   grad`, with the op that was done in view."""
    sheet = Sheet(width, height)
    top = _first_line(view, height)
    for y, index in enumerate(range(top, min(top + height, len(view.nodes)))):
        _line(sheet, y, view, index, look)
    return sheet.strips()


def _first_line(view: GraphView, height: int) -> int:
    """The line at the top of the window such that the lit one is in its middle, as far as there are lines."""
    lit = 0 if view.lit is None else view.lit
    return max(0, min(lit - height // 2, len(view.nodes) - height))


def _line(sheet: Sheet, y: int, view: GraphView, index: int, look: Look) -> None:
    """One node on row y."""
    palette, glyphs = look.palette, look.glyphs
    node = view.nodes[index]
    style = palette.text if node.op else palette.quiet
    if index == view.lit:
        style = palette.lit_line
        sheet.put(0, y, glyphs.done(backward=view.backward), style)
    elif index == view.coming:
        style = palette.coming_line
        sheet.put(0, y, glyphs.coming(backward=view.coming_backward), style)
    if look.light.on(node.name):
        style = palette.pointed_cell
        sheet.put(1, y, glyphs.pointed, palette.pointed_line)
    columns = 2 * (_NUMBER + 1) if sheet.width >= 36 else _NUMBER + 1 if sheet.width >= 20 else 0
    room = sheet.width - columns - 2
    text = _source(view, index)
    if len(text) > room > 0:
        text = text[: room - 1] + glyphs.ellipsis
    sheet.put(2, y, text[: max(0, room)], style)
    derived = columns > _NUMBER + 1 and node.kind != "constant"
    for k, (value, wide) in enumerate(((node.data, columns > 0), (node.grad, derived))):
        if wide:
            x = sheet.width - columns + k * (_NUMBER + 1) + 1
            signs = (node.old, node.wrong), (node.old_grad, node.wrong_grad)
            old, wrong = signs[k]
            _number(sheet, x, y, value if node.computed else None, look, old=old, wrong=wrong)


def _number(sheet: Sheet, x: int, y: int, value: float | None, look: Look, *, old: bool, wrong: bool) -> None:
    """A number, or the place where it will be; one of before the last update is quiet, one of a script's own class that
    is not right in alarm, and each has a sign before it.
    """
    palette, glyphs = look.palette, look.glyphs
    if value is None:
        sheet.put(x, y, glyphs.empty.rjust(_NUMBER), palette.faint)
        return
    style = palette.alarm if wrong else palette.quiet if old else palette.number(value)
    sheet.put(x, y, numbers.signed(value, _NUMBER), style)
    if wrong:
        sheet.put(x - 1, y, glyphs.wrong, style)
    elif old:
        sheet.put(x - 1, y, glyphs.old, palette.quiet)


def _source(view: GraphView, index: int) -> str:
    """A node as a statement: `c = a * b`; one that has no name of its own is its expression: `a*b`."""
    node = view.nodes[index]
    if not node.op or not _is_name(node):
        return node.name
    inputs = [view.nodes[k].name for k in node.inputs]
    if len(inputs) == 2 and not node.op.isalpha():
        return f"{node.name} = {inputs[0]} {node.op} {inputs[1]}"
    return f"{node.name} = {node.op}({', '.join(inputs)})"


def _is_name(node: NodeView) -> bool:
    """Whether the node is called something, rather than by its own expression."""
    return node.name.isidentifier()
