"""Edits in a few words, for the marks on a curve. Must not know what an edit does, nor the screen."""

from __future__ import annotations

from collections.abc import Sequence

from ..commands import Change, Reseed, Restart, SetKnob, SetParameter, SetSample
from ..setup.features import names
from ..setup.mistakes import MISTAKES
from ..step.program import Program


def mark(edit: Change, program: Program) -> str:
    """What was turned: `lr 0.3`, `L1.n1.w0`, `sample #2 x0`; parameters by their labels as far as the model has them.

    Empty for a restart with nothing turned.
    """
    match edit:
        case SetParameter(index):
            return program.labels[index] if index < len(program.labels) else f"parameter {index}"
        case SetSample(sample, feature):
            return f"sample #{sample + 1} {_number(feature, names((), program.settings.features))}"
        case SetKnob("frozen", tuple() as frozen):
            return f"frozen {_labelled(frozen, program.labels)}"
        case SetKnob("mistakes", tuple() as mistakes):
            return ", ".join(MISTAKES[mistake].label for mistake in mistakes) or "nothing broken"
        case SetKnob("order", tuple() as order):
            return "order of backward" if order else "right order of backward"
        case SetKnob("features", tuple() as selected):
            return f"inputs {', '.join(names((), selected)) or 'own'}"
        case SetKnob(name, tuple() as values):
            return f"{name} {', '.join(map(str, values)) or 'none'}"
        case SetKnob(name, bool() as on):
            return name if on else f"no {name}"
        case SetKnob(name, None):
            return f"{name} {'all' if name == 'batch_size' else 'own'}"
        case SetKnob(name, value):
            return f"{name} {value}"
        case Reseed():
            return f"seed {program.settings.seed}"
        case Restart():
            return ""


def _number(feature: int | None, inputs: Sequence[str]) -> str:
    """One of a sample's numbers: `x0`, `target`; `inputs` are names of their own, if there are any."""
    if feature is None:
        return "target"
    return inputs[feature] if inputs else f"x{feature}"


def _labelled(parameters: Sequence[int], labels: Sequence[str]) -> str:
    return ", ".join(labels[index] if index < len(labels) else str(index) for index in parameters) or "none"
