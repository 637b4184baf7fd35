"""The card of a single neuron that answers yes or no: its questions, its sum, its truth table. Must not know widgets
or the session.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from chainstep.engine.training.snapshot.network import LayerView
from chainstep.engine.training.snapshot.samples.each import SampleView
from chainstep.engine.training.snapshot.samples.prediction import Prediction
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.engine.training.snapshot.subject import Subject

from ..canvas import numbers
from ..canvas.sheet import Sheet
from ..canvas.shortened import shortened
from ..style.look import Look
from ..style.palette import BOLD
from .marks import Mark, marks


def card(snapshot: Snapshot, width: int, height: int, look: Look) -> list[Strip]:
    """`height` strips of `width` cells: questions with their weights, the sum and the decision, and the truth table."""
    sheet = Sheet(width, height)
    network, probe, samples = snapshot.network, snapshot.probe, snapshot.samples
    if network is None or probe is None or samples is None:
        return sheet.strips()
    table = samples.rows
    drawing = _Drawing(sheet, look, snapshot.subject, network.layers[0], probe)
    y = drawing.questions(marks(network, look))
    low = height < y + 2 + -(-len(table) // 2)  # no row of the truth table gives way
    y = drawing.in_one_line(y) if low else drawing.verdict(drawing.weighted_sum(y))
    room = height - y
    notes = _notes(snapshot)
    if room > len(table) + 1:
        y += 1
        room -= 1
    columns = 1 if room >= len(table) + 1 + len(notes) else 2
    if room > -(-len(table) // columns):
        drawing.heading(y, columns)
        y += 1
    y = drawing.table(y, columns, table)
    for note in _wrapped(notes, width - 2):
        y += 1
        sheet.put(1, y, note, look.palette.quiet)
    return sheet.strips()


def against_threshold(snapshot: Snapshot, room: int, look: Look) -> str:
    """`fires: 9 > 3, threshold −b` in at most `room` cells: what a step compares, and what comes of it."""
    network, probe = snapshot.network, snapshot.probe
    if network is None or probe is None or probe.decision is None or network.layers[0].activation != "step":
        return ""
    layer = network.layers[0]
    products = [answer * weight for answer, weight in zip(probe.inputs, layer.weights[0], strict=True)]
    total = reduce(add, products)  # in the neuron's own order: sum() of later Pythons rounds otherwise
    word, sign = ("fires", ">") if probe.decision == 1 else ("quiet", "≤")
    reason = f"{word}: {_number(total)} {sign} {_number(0.0 - layer.biases[0])}".replace("-", "−")
    texts = [look.glyphs.say(text) for text in (f"{reason}, threshold −b", reason)]
    return next((text for text in texts if cell_len(text) <= room), "")


class _Drawing:
    """One card on its way to a sheet. What is drawn from row y on returns the row behind it."""

    def __init__(self, sheet: Sheet, look: Look, subject: Subject, layer: LayerView, probe: Prediction) -> None:
        self.sheet, self.subject, self.layer, self.probe = sheet, subject, layer, probe
        self.palette, self.glyphs = look.palette, look.glyphs

    def questions(self, marks: Sequence[Mark]) -> int:
        """A line a question: its key, its answer, its weight and what that adds. `marks` are the last op's and the next
        one's, on the weights that they touch.
        """
        sheet, palette, glyphs, weights = self.sheet, self.palette, self.glyphs, self.layer.weights[0]
        features = self.subject.features
        box_width = 1 if glyphs.unicode else 3
        names = min(max(map(cell_len, features)), max(6, sheet.width - box_width - 22))
        asked = shortened(features, names, glyphs)
        for y, (name, answer, weight) in enumerate(zip(asked, self.probe.inputs, weights, strict=True)):
            yes = answer == 1.0
            style = palette.text if yes else palette.quiet
            sheet.put(1, y, str(y + 1), palette.key)
            box = ("■" if yes else "□") if glyphs.unicode else ("[x]" if yes else "[ ]")
            sheet.put(3, y, box, palette.diverging(1.0, 1.0) if yes else palette.quiet)
            sheet.put(3 + box_width + 1, y, name, style)
            x = 5 + box_width + names
            sheet.put(x, y, f"{answer:g}{'×' if glyphs.unicode else '*'}", style)
            touched = [mark for mark in marks if mark.at.layer == 0 and mark.at.weight == y]
            shade = palette.diverging(weight, max(map(abs, weights)))
            sheet.put(x + 2, y, numbers.signed(weight, 6).strip(), touched[0].cell if touched else shade)
            if touched:
                sheet.put(0, y, touched[0].arrow, touched[0].line)
            sheet.put(x + 9, y, f"= {numbers.signed(answer * weight, 6).strip()}", style)
        return len(weights)

    def in_one_line(self, y: int) -> int:
        """`1×5 + 0×2 + 1×4 − 3 = 6 > 0 → Yes`; where that is too wide, or not how it decides, the decision alone."""
        probe, (terms, result) = self.probe, self._sum()
        if self.layer.activation != "step" or probe.decision is None:
            return self.verdict(y)
        head = f"{terms}{result} {self._compared()} 0 {self.glyphs.arrow} "
        name = self.subject.classes[probe.decision]
        if cell_len(head + name) > self.sheet.width - 2:
            return self.verdict(y)
        self.sheet.put(1, y, head, self.palette.text)
        self.sheet.put(1 + cell_len(head), y, name, self._decided())
        return y + 1

    def weighted_sum(self, y: int) -> int:
        """`f(x) = 1×5 + 0×2 + 1×4 − 3 = 6`, over two lines where one is too narrow."""
        terms, result = self._sum()
        text = f"f(x) = {terms}"
        fits = cell_len(text + result) <= self.sheet.width - 2
        for line in [text + result] if fits else [text, "     " + result]:
            self.sheet.put(1, y, line, self.palette.text)
            y += 1
        return y

    def _sum(self) -> tuple[str, str]:
        """`1×5 + 0×2 + 1×4 − 3` and ` = 6`."""
        times, minus = ("×", "−") if self.glyphs.unicode else ("*", "-")
        text = ""
        for place, (answer, weight) in enumerate(zip(self.probe.inputs, self.layer.weights[0], strict=True)):
            sign = minus if weight < 0 else "+"
            text += f" {sign}" if place or weight < 0 else ""
            text += f" {answer:g}{times}{_number(abs(weight))}"
        bias = self.layer.biases[0]
        text += f" {minus if bias < 0 else '+'} {_number(abs(bias))}"
        return text.lstrip(), f" = {_number(self.probe.sums[0])}".replace("-", minus)

    def _compared(self) -> str:
        """How the sum lies to the threshold, 0."""
        return ">" if self.probe.decision == 1 else self.glyphs.say("≤")

    def _decided(self) -> Style:
        """The colours of the decision."""
        return self.palette.diverging(1.0 if self.probe.decision == 1 else -1.0, 1.0) + BOLD

    def verdict(self, y: int) -> int:
        """What the activation makes of the sum, and the decision."""
        probe, layer = self.probe, self.layer
        if probe.decision is None:
            return y
        yes, compared = probe.decision == 1, self._compared()
        if layer.activation == "step":
            reason = f"{_number(probe.sums[0])} {compared} 0"
        elif layer.activation == "linear":
            reason = f"score {_number(probe.outputs[0])} {compared} 0"
        else:
            reason = f"{layer.activation}({_number(probe.sums[0])}) = {_number(probe.outputs[0])}"
        name = self.subject.classes[probe.decision]
        if self.subject.name == "wonderland":
            name = "Yes, we're going!" if yes else "No, we stay at home."
        self.sheet.put(1, y, f"{reason}  {self.glyphs.arrow} ", self.palette.text)
        self.sheet.put(4 + cell_len(reason) + 1, y, name, self._decided())
        return y + 1

    def heading(self, y: int, columns: int) -> None:
        """What stands in the columns of the truth table."""
        text = self.glyphs.say(f" {'x'.center(len(self.probe.inputs))}   f(x) ŷ")
        for column in range(columns):
            self.sheet.put(column * (self.sheet.width // columns), y, text, self.palette.quiet)

    def table(self, y: int, columns: int, table: Sequence[SampleView]) -> int:
        """The truth table, the answers of now lit."""
        sheet, palette, glyphs = self.sheet, self.palette, self.glyphs
        rows = -(-len(table) // columns)
        cell = sheet.width // columns
        classes = shortened(self.subject.classes, 4, glyphs)
        inputs = len(self.probe.inputs)
        for index, row in enumerate(table):
            x, line = (index // rows) * cell, y + index % rows
            made = row.prediction
            here = made.inputs == self.probe.inputs
            style = palette.chosen if here else palette.text
            bits = "".join(f"{number:g}" for number in made.inputs)
            sheet.put(x, line, glyphs.cursor if here else " ", palette.chosen)
            sheet.put(x + 1, line, bits, style)
            sheet.put(x + 2 + inputs, line, numbers.signed(made.sums[0], 6), palette.number(made.sums[0]))
            decided = classes[made.decision or 0]
            sheet.put(x + 9 + inputs, line, decided, palette.diverging(1.0 if made.decision else -1.0, 1.0))
            mark = ("✓" if row.right else "✗ wrong") if glyphs.unicode else ("ok" if row.right else "wrong")
            sheet.put(
                x + 10 + inputs + max(map(len, classes)), line, mark, palette.quiet if row.right else palette.alarm
            )
        return y + rows


def _notes(snapshot: Snapshot) -> list[str]:
    """What is to be said of the way in which it learns."""
    settings = snapshot.settings
    if snapshot.solved:
        return ["Solved: every row is decided rightly, and the rule changes nothing. I draws other weights."]
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
