"""The table of samples as strips: inputs, ŷ beside y, and what each costs. Must not know widgets or the session."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from chainstep.engine.training.snapshot.samples.each import SamplesView, SampleView
from chainstep.engine.training.snapshot.subject import Answer, Subject

from ..canvas import numbers
from ..canvas.meter import meter
from ..canvas.sheet import Sheet
from ..canvas.shortened import shortened
from ..canvas.text import fitted
from ..style.look import Look
from .layout import INPUT, Columns, Content, columns


class SamplesOptions(NamedTuple):
    """Which samples the user wants to see."""

    first: int = 0
    """The row at the top."""
    looked_at: int | None = None
    """The row that is marked as chosen."""


def head_rows(height: int) -> int:
    """Rows above those of the samples."""
    return 1 if height > 2 else 0


def samples_table(
    view: SamplesView, subject: Subject, width: int, height: int, look: Look, options: SamplesOptions
) -> list[Strip]:
    """`height` strips of `width` cells: a heading, and a row a sample. What is not known yet is left out."""
    sheet = Sheet(width, height)
    if not view.rows:
        return sheet.strips()
    plan = columns(_content(view, subject), sheet.width)
    drawing = _Drawing(sheet, look, view, subject, plan, options)
    head = head_rows(height)
    if head:
        drawing.heading()
    known = {row.row: row for row in view.rows}
    for y, row in enumerate(range(options.first, min(view.count, options.first + height - head)), start=head):
        if row in known:
            drawing.row(y, known[row])
    return sheet.strips()


def headings(view: SamplesView, options: SamplesOptions, shown: int, room: int, look: Look) -> tuple[str, str]:
    """What the frame says in so many cells: which samples these are, and what all cost together."""
    first, last = options.first + 1, min(view.count, options.first + shown)
    some = last - first + 1 < view.count
    titles = [f"Samples {first}-{last} of {view.count}", f"Samples {first}-{last}"] if some else ["Samples"]
    if view.loss is None:
        return titles[0], ""
    loss, what = numbers.loss(view.loss), look.glyphs.say("mean" if view.mean else "Σ")
    notes = [f"{what} loss {loss}", f"{what} {loss}"]
    if view.right is not None:
        right = f"{view.right}/{view.count}"
        notes = [f"{notes[0]}  right {right}", f"{notes[1]}  right {right}", f"{notes[1]}  {right}", notes[1]]
    pairs = ((title, note) for note in notes for title in titles)
    return next((pair for pair in pairs if sum(map(cell_len, pair)) <= room), (titles[-1], ""))


def _content(view: SamplesView, subject: Subject) -> Content:
    made = view.rows[0].prediction
    named = len(made.outputs) > 1 or bool(made.probabilities)
    classes = subject.classes if named else ()
    return Content(view.count, len(subject.table), classes, bool(made.probabilities), made.decision is not None)


class _Drawing:
    """One table on its way to a sheet."""

    def __init__(
        self, sheet: Sheet, look: Look, view: SamplesView, subject: Subject, plan: Columns, options: SamplesOptions
    ) -> None:
        self.sheet, self.view, self.plan, self.options = sheet, view, plan, options
        self.palette, self.glyphs = look.palette, look.glyphs
        self.subject = subject
        self.inputs = shortened(subject.table, INPUT, self.glyphs)
        self.own = subject.own_inputs
        self.classes = shortened(subject.classes, plan.target[1], self.glyphs) if plan.share[1] else ()
        self.batch = not all(row.in_batch for row in view.rows)
        """Some samples are not in the batch: those that are have a mark."""

    def heading(self) -> None:
        plan, say = self.plan, self.glyphs.say
        texts = [(1, plan.number, "#"), *((x, INPUT, name) for x, name in zip(plan.inputs, self.inputs, strict=False))]
        texts += [(*plan.prediction, say("ŷ")), (*plan.target, "y"), (*plan.loss, "loss")]
        for x, width, text in texts:
            # Numbers stand to the right of their columns, names to the left.
            left = self.classes and (x, width) in (plan.prediction, plan.target)
            self.sheet.put(x, 0, text if left else fitted(text, width, self.glyphs).rjust(width), self.palette.quiet)

    def row(self, y: int, row: SampleView) -> None:
        """One sample."""
        sheet, palette, plan = self.sheet, self.palette, self.plan
        self._lead(y, row)
        answers = self.subject.answers(row.prediction.inputs, len(plan.inputs))
        for x, answer in zip(plan.inputs, answers, strict=True):
            sheet.put(x, y, self._answer(answer), palette.quiet)
        if self.classes:
            self._classes(y, row)
        else:
            self._number(y, plan.prediction, row.prediction.outputs[0], row, row.prediction.decision)
            self._number(y, plan.target, row.targets[0], row, int(row.target))
        wrong = row.right is False
        x, width = plan.loss
        sheet.put(x, y, _cost(row.loss, width), palette.alarm if wrong else palette.number(row.loss))
        x, width = plan.bar
        if width:
            sheet.put(x, y, meter(row.loss / self.view.large, width, self.glyphs), self._warned(wrong))
        x, width = plan.mark
        if width:
            sheet.put(x, y, self.glyphs.wrong if wrong else self.glyphs.right, self._warned(wrong))

    def _lead(self, y: int, row: SampleView) -> None:
        """Which sample it is, and whether it is looked at, in hand, in the batch."""
        palette, glyphs = self.palette, self.glyphs
        mark, style, number = " ", palette.quiet, palette.quiet
        if row.row == self.options.looked_at:
            mark, style, number = glyphs.cursor, palette.chosen, palette.chosen
        elif row.row == self.view.in_hand:
            mark, style, number = glyphs.dot, palette.lit_line, palette.lit_line
        elif self.batch and row.in_batch:
            mark = glyphs.empty
        self.sheet.put(0, y, mark, style)
        self.sheet.put(1, y, str(row.row + 1).rjust(self.plan.number), number)

    def _classes(self, y: int, row: SampleView) -> None:
        """The class that is chosen, with its probability or its score, and the right one."""
        sheet, palette, plan = self.sheet, self.palette, self.plan
        chosen = row.prediction.decision or 0
        sheet.put(plan.prediction[0], y, self.classes[chosen], palette.text if row.right else palette.alarm)
        x, width = plan.share
        number = row.probability
        text = numbers.signed(row.prediction.outputs[chosen], width) if number is None else f"{number:.2f}"
        sheet.put(x, y, text.rjust(width), palette.text if row.right else palette.alarm)
        sheet.put(plan.target[0], y, self.classes[int(row.target)], palette.quiet if row.right else palette.text)

    def _answer(self, answer: Answer) -> str:
        """What a sample says in a column, in the cells of an input."""
        if answer is None:
            return "?".rjust(INPUT)
        if isinstance(answer, str):
            return fitted(answer, INPUT, self.glyphs)
        return (numbers.measured if self.own else numbers.signed)(answer, INPUT)

    def _number(self, y: int, place: tuple[int, int], number: float, row: SampleView, chosen: int | None) -> None:
        """A prediction or a target, in its own units."""
        x, width = place
        units = self.subject.units
        own = units.target(number)
        text = numbers.measured(own, width) if units.scaled else numbers.signed(number, width)
        self.sheet.put(x, y, text, self._style(row, own, chosen))

    def _style(self, row: SampleView, number: float, chosen: int | None) -> Style:
        """Of two classes each has its colour, in ŷ as in y: where these differ it is wrong."""
        if row.prediction.decision is None:
            return self.palette.number(number)
        return self.palette.diverging(1.0 if chosen else -1.0, 1.0)

    def _warned(self, wrong: bool) -> Style:
        return self.palette.alarm if wrong else self.palette.key


def _cost(loss: float, width: int) -> str:
    """A loss in so many cells, as exact as they allow."""
    text = numbers.loss(loss)
    return (text if len(text) <= width else numbers.brief(loss)).rjust(width)[-width:]
