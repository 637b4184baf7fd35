"""What is said of a network's outputs: ŷ with the target beside it, or of each class its probability and whether it is
the right one. Must not know where it is drawn.
"""

from __future__ import annotations

from chainstep.engine.records import record
from chainstep.engine.training.snapshot.network import NetworkView

from ..canvas.numbers import measured, signed
from ..canvas.sheet import Sheet
from ..canvas.shortened import shortened
from ..style.look import Look

_LONE = 7
"""Cells of `y +1.00`."""

_SHARE = 4
"""Cells of a probability, `0.93`."""


@record
class Note:
    """What stands beside one output, or below it."""

    texts: tuple[str, ...]
    mark: str
    """`right` for the chosen class where it is the right one, else `wrong`, and `target` for the right one; or none."""

    @property
    def cells(self) -> int:
        """Width of a class's probability, where there is one, and its mark."""
        return _SHARE + 2 if self.texts else 1


def note_width(view: NetworkView) -> int:
    """Cells of each text of a note; of a class with its mark behind it."""
    if len(view.output_names) == 1:
        return _LONE
    return _SHARE + 2 if view.probable else 1


def notes(view: NetworkView) -> tuple[Note, ...]:
    """One an output, as far as it is known."""
    if len(view.output_names) == 1:
        shares = (f"p {view.probabilities[-1]:.2f}",) if view.probabilities else ()
        return (Note((f"y {signed(view.targets[0], 5)}", *shares, *_own(view)), ""),)
    return tuple(
        Note((f"{view.probabilities[index]:.2f}",) if view.probabilities else (), _mark(view, index))
        for index in range(len(view.output_names))
    )


def _own(view: NetworkView) -> tuple[str, ...]:
    """The target's name, and below it ŷ and y in its own units, where those are not the network's."""
    if view.own is None:
        return ()
    own = view.own
    return (*shortened((own.name,), _LONE), f"ŷ {measured(own.prediction, 5)}", f"y {measured(own.target, 5)}")


def _mark(view: NetworkView, index: int) -> str:
    if index == view.target:
        return "right" if index == view.decision else "target"
    return "wrong" if index == view.decision else ""


def put_note(sheet: Sheet, x: int, y: int, note: Note, look: Look) -> None:
    """Write a note: a target and what lies below it, or a class's probability and a mark behind it."""
    palette, glyphs = look.palette, look.glyphs
    for below, text in enumerate(note.texts):
        sheet.put(x, y + below, glyphs.say(text), palette.quiet)
    marks = {
        "right": (glyphs.right, palette.key),
        "wrong": (glyphs.wrong, palette.alarm),
        "target": ("y", palette.strong),
    }
    if note.mark:
        mark, style = marks[note.mark]
        sheet.put(x + note.cells - 1, y, mark, style)
