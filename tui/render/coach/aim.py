"""What a subject should answer, and how small it is, in sentences. Knows the examples' own ones; must not know what is
pressed.
"""

from __future__ import annotations

from chainstep.datasets.examples import EXAMPLES
from chainstep.engine.training.snapshot.samples.each import SampleView
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.engine.training.snapshot.subject import Subject

from ..canvas import numbers
from ..canvas.text import in_lines

_MOST_ANSWERS = 8
"""Samples up to which each one's answer is named."""

_MOST_CLASSES = 4

_TIE = "\u00a0"
"""A blank at which no line is broken."""

GPT3 = "175 000 000 000".replace(" ", _TIE)
"""GPT-3's parameters: Brown et al., "Language Models are Few-Shot Learners" (2020), table 2.1."""


def lines(text: str, width: int, most: int) -> list[str]:
    """A sentence in at most `most` lines of `width` cells; what belongs together stays in one of them."""
    return [line.replace(_TIE, " ") for line in in_lines(text, width, most)]


def aim(snapshot: Snapshot) -> str:
    """What the network should answer: the example's sentence, else one made of the names that the data has. Where each
    answer is named, the picture has to have the samples.
    """
    subject = snapshot.subject
    known = EXAMPLES.get(subject.name)
    if known is not None:
        return known.aim.format(samples=subject.train_size, answers=_answers(snapshot))
    if subject.expression:
        goal = "raises" if snapshot.settings.maximise else "lowers"
        return f"Which way does each of its numbers have to go, if that {goal} the value?"
    rows = f"{_counted(subject.train_size, 'row')} of {_counted(len(subject.table), 'column')}"
    if subject.classes:
        return f"{rows}; it should say of each which {subject.target} it has: {_classes(subject)}."
    return f"{rows}; it should answer the {subject.target} of each."


def scale(snapshot: Snapshot) -> str:
    """How small this is: the closing words."""
    here = _counted(snapshot.subject.parameters, "parameter")
    return f"{here} here; GPT-3 has {GPT3}: the same five phases."


def _answers(snapshot: Snapshot) -> str:
    """`-1 +1 +1 -1`: what each sample should be answered, where they are few."""
    classes, rows = snapshot.subject.classes, snapshot.samples.rows if snapshot.samples is not None else ()
    shown = rows[:_MOST_ANSWERS]
    if not classes:
        named = [numbers.plain(row.target) for row in shown]
    elif any(_coded(row, classes) for row in shown):
        named = [f"{row.targets[0]:+g}" for row in shown]
    else:
        named = [classes[int(row.target)] for row in shown]
    return _TIE.join(named) + " …" * (len(rows) > _MOST_ANSWERS)


def _coded(sample: SampleView, classes: tuple[str, ...]) -> bool:
    """Whether its class's name is a number, and the loss compares ŷ with another one."""
    name = classes[int(sample.target)]
    return len(sample.targets) == 1 and name.isdigit() and float(name) != sample.targets[0]


def _classes(subject: Subject) -> str:
    classes = subject.classes
    if len(classes) > _MOST_CLASSES:
        return f"{', '.join(classes[: _MOST_CLASSES - 1])} or one of {len(classes) - _MOST_CLASSES + 1} more"
    return " or ".join(filter(None, (", ".join(classes[:-1]), classes[-1])))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
