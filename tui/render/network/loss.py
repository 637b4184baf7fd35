"""The loss behind the outputs: where there is room for it, and how it is drawn. Must not know in which picture."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region

from chainstep.engine.records import record
from chainstep.engine.training.snapshot.network import LossView

from ..canvas.numbers import signed
from ..canvas.sheet import Sheet
from ..style.look import Look
from .marks import Mark

BESIDE = 16
"""Cells that it takes behind the outputs, with a wire that leads to it."""
_DIGITS = 7


@record
class LossPlace:
    """Where the loss stands, in cells."""

    dot: int
    row: int
    """Of its glyph."""
    name: tuple[int, int]
    """Where its name ends at the right."""
    room: int
    """Cells that its name may take."""
    number: tuple[int, int]
    digits: int
    grad: tuple[int, int] | None
    """Where its gradient stands; None where this has no row of its own."""
    top: int | None
    """The first row of the wire from above; None where it has none."""
    behind: bool
    """It stands behind the outputs, and wires lead to it from them."""

    @property
    def lowest(self) -> int:
        """The last row that it may write on."""
        return max(self.number[1], self.grad[1] if self.grad is not None else 0)


def beside(outputs: Sequence[int], width: int, height: int) -> LossPlace:
    """Behind the outputs, which are in these rows, at the right end of `width` cells."""
    row = outputs[len(outputs) // 2] if outputs else height // 2
    dot = width - 2 - _DIGITS
    grad = (dot, row + 1) if row + 1 < height else None
    name = (width - 1, row - 1)
    return LossPlace(dot, row, name, BESIDE, (dot + 2, row), _DIGITS, grad, None, behind=True)


def beneath(dot: int, free: Region, *, digits: int, below: bool, left: bool) -> LossPlace | None:
    """Below the outputs, whose glyphs are in column `dot`, in the cells that these leave free; its number is `below` it
    or beside it, its name at its `left` if it has room there, else above it. None where there is none for it.
    """
    left = left and dot - 3 - free.x >= len("loss")
    need = (1 if left else 2) + below
    if free.height < need:
        return None
    wire = free.height > need
    row = free.y + wire + (not left)
    number = (min(dot - digits // 2, free.right - digits), row + 1) if below else (dot + 2, row)
    grad = (number[0] - 2, row + below + 1) if free.height > need + 1 else None
    end = dot - 3 if left else free.right - 1
    name = (end, row - (not left))
    return LossPlace(dot, row, name, end - free.x, number, digits, grad, free.y if wire else None, behind=False)


def draw(sheet: Sheet, look: Look, loss: LossView, place: LossPlace, marks: Sequence[Mark], *, gradients: bool) -> None:
    """The loss with its number and, once backward has begun there, its gradient. `marks` are those on it."""
    palette, glyphs = look.palette, look.glyphs
    line = next((mark.line for mark in marks), palette.quiet)
    if place.top is not None:
        for y in range(place.top, place.row - (place.name[1] < place.row)):
            sheet.put(place.dot, y, glyphs.lines[1], line)
    x, y = place.name
    name = "loss" if loss.samples == 1 else f"loss of {loss.samples}"
    name = name if len(name) <= place.room else "loss"
    sheet.put(x - len(name) - (y == place.row), y, f" {name} "[y != place.row :], palette.quiet)
    glyph = glyphs.unit(loss.data) if loss.computed else glyphs.pending
    sheet.put(place.dot, place.row, glyph, next((mark.line for mark in marks), palette.text))
    backward = [mark for mark in marks if mark.at.backward]
    begun = bool(loss.grad or backward)
    in_place = gradients or (place.grad is None and bool(loss.grad))
    number = _written(loss.grad if in_place else loss.data, place.digits, look, loss.computed)
    cell = next((mark.cell for mark in marks if place.grad is None or not mark.at.backward), None)
    x, y = place.number
    sheet.put(x - 1, y, glyphs.say("∂") if in_place and not gradients else " ", palette.quiet)
    sheet.put(x, y, number, cell or palette.number(loss.grad if in_place else loss.data))
    if place.grad is not None and begun and not gradients:
        x, y = place.grad
        sheet.put(x - 1, y, glyphs.say(" ∂ "), palette.quiet)
        style = next((mark.cell for mark in backward), palette.number(loss.grad))
        sheet.put(x + 2, y, _written(loss.grad, place.digits, look, bool(loss.grad)), style)
    for mark in reversed(marks):
        sheet.put(place.dot - 1 - (not mark.done and len(marks) > 1), place.row, mark.arrow, mark.line)


def _written(value: float, digits: int, look: Look, known: bool) -> str:
    return signed(value, digits) if known else look.glyphs.empty.center(digits)
