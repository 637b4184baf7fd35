"""The card of a single neuron that answers yes or no: its questions, its sum, its truth table. Must not know widgets
or the session.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from chainstep.engine.training.snapshot.network import LayerView, Prediction
from chainstep.engine.training.snapshot.snapshot import Snapshot

from ..canvas import numbers
from ..canvas.sheet import Sheet
from ..canvas.text import cut
from ..style.glyphs import Glyphs
from ..style.palette import Palette

_MOST_QUESTIONS = 3


def has_card(snapshot: Snapshot) -> bool:
    """Whether the network is one neuron on the few yes-or-no inputs of data with two classes."""
    network, table = snapshot.network, snapshot.table
    return (
        network is not None
        and bool(table)
        and len(network.layers) == 1
        and len(network.layers[0].data) == 1
        and len(network.inputs) <= _MOST_QUESTIONS
        and len(snapshot.subject.classes) == 2
        and not snapshot.settings.features
        and all(number in (0.0, 1.0) for row in table or () for number in row.inputs)
    )


def card(snapshot: Snapshot, width: int, height: int, palette: Palette, glyphs: Glyphs) -> list[Strip]:
    """`height` strips of `width` cells: questions with their weights, the sum and the decision, and the truth table."""
    sheet = Sheet(width, height)
    network, probe, table = snapshot.network, snapshot.probe, snapshot.table
    if network is None or probe is None or table is None:
        return sheet.strips()
    layer = network.layers[0]
    questions = _questions(sheet, snapshot, layer, probe, palette, glyphs)
    y = questions
    for line in _sum(layer, probe, width, glyphs):
        sheet.put(1, y, line, palette.text)
        y += 1
    y = _verdict(sheet, y, snapshot, layer, probe, palette, glyphs)
    room = height - y
    notes = _notes(snapshot)
    if room > len(table) + 1:
        y += 1
        room -= 1
    columns = 1 if room >= len(table) + 1 + len(notes) else 2
    if room > -(-len(table) // columns):
        _heading(sheet, y, columns, len(probe.inputs), palette)
        y += 1
    y = _table(sheet, y, columns, snapshot, table, probe, palette, glyphs)
    for note in _wrapped(notes, width - 2):
        y += 1
        sheet.put(1, y, note, palette.quiet)
    return sheet.strips()


def _questions(
    sheet: Sheet, snapshot: Snapshot, layer: LayerView, probe: Prediction, palette: Palette, glyphs: Glyphs
) -> int:
    """A line a question: its key, its answer, its weight and what that adds."""
    weights = layer.weights[0]
    box_width = 1 if glyphs.unicode else 3
    names = min(max(map(cell_len, snapshot.subject.features)), max(6, sheet.width - box_width - 22))
    for y, (name, answer, weight) in enumerate(zip(snapshot.subject.features, probe.inputs, weights, strict=True)):
        yes = answer == 1.0
        sheet.put(1, y, str(y + 1), Style(color=palette.accent.rich_color, bold=True))
        box = ("■" if yes else "□") if glyphs.unicode else ("[x]" if yes else "[ ]")
        sheet.put(3, y, box, palette.diverging(1.0, 1.0) if yes else palette.quiet)
        sheet.put(3 + cell_len(box) + 1, y, cut(name, names, glyphs.ellipsis), palette.text if yes else palette.quiet)
        x = 5 + cell_len(box) + names
        sheet.put(x, y, f"{answer:g}{'×' if glyphs.unicode else '*'}", palette.text if yes else palette.quiet)
        sheet.put(x + 2, y, numbers.signed(weight, 6).strip(), palette.diverging(weight, max(map(abs, weights))))
        sheet.put(x + 9, y, f"= {numbers.signed(answer * weight, 6).strip()}", palette.text if yes else palette.quiet)
    return len(weights)


def _sum(layer: LayerView, probe: Prediction, width: int, glyphs: Glyphs) -> list[str]:
    """`f(x) = 1×5 + 0×2 + 1×4 − 3 = 6`, over two lines where one is too narrow."""
    times, minus = ("×", "−") if glyphs.unicode else ("*", "-")
    text = "f(x) ="
    for place, (answer, weight) in enumerate(zip(probe.inputs, layer.weights[0], strict=True)):
        sign = minus if weight < 0 else "+"
        text += f" {sign}" if place or weight < 0 else ""
        text += f" {answer:g}{times}{_number(abs(weight))}"
    bias = layer.biases[0]
    text += f" {minus if bias < 0 else '+'} {_number(abs(bias))}"
    result = f" = {_number(probe.sums[0])}".replace("-", minus)
    return [text + result] if cell_len(text + result) <= width - 2 else [text, "     " + result]


def _verdict(
    sheet: Sheet, y: int, snapshot: Snapshot, layer: LayerView, probe: Prediction, palette: Palette, glyphs: Glyphs
) -> int:
    """What the activation makes of the sum, and the decision."""
    if probe.decision is None:
        return y
    yes = probe.decision == 1
    if layer.activation == "step":
        reason = f"{_number(probe.sums[0])} {'>' if yes else '≤' if glyphs.unicode else '<='} 0"
    elif layer.activation == "linear":
        reason = f"score {_number(probe.outputs[0])} {'>' if yes else '≤' if glyphs.unicode else '<='} 0"
    else:
        reason = f"{layer.activation}({_number(probe.sums[0])}) = {_number(probe.outputs[0])}"
    name = snapshot.subject.classes[probe.decision]
    if snapshot.subject.name == "wonderland":
        name = "Yes, we're going!" if yes else "No, we stay at home."
    style = palette.diverging(1.0 if yes else -1.0, 1.0) + Style(bold=True)
    sheet.put(1, y, f"{reason}  {glyphs.arrow} ", palette.text)
    sheet.put(4 + cell_len(reason) + 1, y, name, style)
    return y + 1


def _table(
    sheet: Sheet,
    y: int,
    columns: int,
    snapshot: Snapshot,
    table: Sequence[Prediction],
    probe: Prediction,
    palette: Palette,
    glyphs: Glyphs,
) -> int:
    """The truth table, the answers of now lit; returns the line behind it."""
    rows = -(-len(table) // columns)
    cell = sheet.width // columns
    classes = [name[:4] for name in snapshot.subject.classes]
    inputs = len(probe.inputs)
    for index, row in enumerate(table):
        x, line = (index // rows) * cell, y + index % rows
        here = row.inputs == probe.inputs
        right = row.decision == row.target
        style = palette.lit_cell if here else palette.text
        bits = "".join(f"{number:g}" for number in row.inputs)
        sheet.put(x, line, glyphs.cursor if here else " ", palette.lit_line)
        sheet.put(x + 1, line, bits, style)
        sheet.put(x + 2 + inputs, line, numbers.signed(row.sums[0], 6), palette.number(row.sums[0]))
        decided = classes[row.decision or 0]
        sheet.put(x + 9 + inputs, line, decided, palette.diverging(1.0 if row.decision else -1.0, 1.0))
        mark = ("✓" if right else "✗ wrong") if glyphs.unicode else ("ok" if right else "wrong")
        sheet.put(x + 10 + inputs + max(map(len, classes)), line, mark, palette.quiet if right else palette.alarm)
    return y + rows


def _heading(sheet: Sheet, y: int, columns: int, inputs: int, palette: Palette) -> None:
    for column in range(columns):
        sheet.put(column * (sheet.width // columns), y, f" {'x'.center(inputs)}   f(x)", palette.quiet)


def _notes(snapshot: Snapshot) -> list[str]:
    """What is to be said of the way in which it learns."""
    settings = snapshot.settings
    if snapshot.solved:
        return ["Solved: every row is decided rightly, and the rule changes nothing. R draws other weights."]
    if settings.loss == "perceptron":
        return ["The step's slope is 0, so the perceptron rule learns instead: w ← w + lr·(target − output)·x."]
    if settings.activation == "step":
        return ["A step is flat: its slope is 0 everywhere, so gradient descent moves nothing. Try sigmoid (k)."]
    if settings.activation == "sigmoid":
        return ["A sigmoid has a slope everywhere, so gradient descent learns what the step could not."]
    return []


def _wrapped(texts: Sequence[str], width: int) -> list[str]:
    lines: list[str] = []
    for text in texts:
        line = ""
        for word in text.split():
            if line and len(line) + 1 + len(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".lstrip()
        lines.append(line)
    return lines


def _number(value: float) -> str:
    """A weight as a person would write it: whole ones without decimals."""
    return f"{value:.0f}" if value == value and abs(value) < 1e6 and value == int(value) else f"{value:.3g}"
