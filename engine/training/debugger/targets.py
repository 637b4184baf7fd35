"""What a breakpoint can wait for: read from what people type, and held against a model. Must not know breakpoints, nor
how a run comes to one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...records import record
from ..commands import CommandError
from ..step.program import Program
from . import conditions, places
from .conditions import Condition
from .places import Place

_TROUBLES: Mapping[str, str] = {
    "nan": "when a number becomes NaN or infinite",
    "dead": "when a ReLU is 0 for every sample of the batch",
    "saturated": "when a tanh or sigmoid is at its end for every sample of the batch",
}

_LONGEST_RISE = 1000

_NUMBERS = {"accuracy": "accuracy == 1", "lr": "lr < 0.01", "epoch": "epoch == 10"}
"""What can be asked in a condition and is no place, each with an example."""


@record
class Trouble:
    """Something goes wrong: `nan`, `dead` or `saturated`."""

    kind: str

    @property
    def words(self) -> str:
        """What it waits for."""
        return _TROUBLES[self.kind]


@record
class Rising:
    """The loss has risen so many steps running."""

    steps: int

    @property
    def words(self) -> str:
        """What it waits for."""
        return f"when the loss has risen {self.steps} step{'s' * (self.steps > 1)} running"


Target = Place | Condition | Trouble | Rising
"""What a breakpoint waits for."""


def parse(text: str) -> Target:
    """Read what people type: a place, `nan`, `dead`, `saturated`, `rising 3`, or a condition.

    Raises:
        CommandError: it is none of these.
    """
    words = text.split()
    if not words:
        raise CommandError("a breakpoint is a place (backward, layer 2, L1.n3), a condition (loss < 0.1) or nan")
    first = words[0].lower()
    if first in _TROUBLES and len(words) == 1:
        return Trouble(first)
    if first == "rising":
        steps = words[1] if len(words) == 2 else ""
        if not re.fullmatch("[0-9]{1,4}", steps) or not 1 <= int(steps) <= _LONGEST_RISE:
            raise CommandError(f"rising needs a number of steps from 1 to {_LONGEST_RISE}, as in rising 3")
        return Rising(int(steps))
    if re.fullmatch(r"[\w.\s]+", text) and not {"and", "or", "not", "if", "is", "in"} & {w.lower() for w in words}:
        if len(words) == 1 and re.fullmatch(r"l\d{1,9}\.n\d{1,9}\..{1,40}", first):
            raise CommandError(_a_value(words[0]))
        if len(words) == 1 and first in _NUMBERS:
            raise CommandError(f"{first} is a number: compare it, as in {_NUMBERS[first]}")
        return places.parse(text)
    return conditions.parse(text)


def _a_value(name: str) -> str:
    label = re.sub(r"\.(data|grad|change)$", "", name)
    return f"{name} is a value, not a place: write {label}.grad > 5, or parameter {label}"


def resolved(text: str, program: Program) -> tuple[str, Target]:
    """What is typed, on a model: as the model writes it, so that the text alone tells everything, and what it is.

    Raises:
        CommandError: it is no breakpoint, or the model has no such thing.
    """
    found = _on_model(text, program)
    if isinstance(found, Place) and found.parameter is not None:
        text = re.sub(re.escape(found.parameter), found.parameter, text, flags=re.IGNORECASE)
    return text, found


def _on_model(text: str, program: Program) -> Target:
    if text in program.labels and text not in conditions.RECORDED:
        raise CommandError(_a_value(text))
    found = parse(text)
    if isinstance(found, Place):
        return found.check(program)
    if isinstance(found, Condition):
        found.bind(program)
    elif isinstance(found, Trouble) and found.kind != "nan":
        names = ("relu",) if found.kind == "dead" else ("tanh", "sigmoid")
        if not any(op.name in names for op in program.tape.ops[: program.forward]):
            raise CommandError(f"{found.kind} waits for a {' or a '.join(names)}, and the model has none")
    return found


def same(one: Target, other: Target) -> bool:
    """Whether two breakpoints would wait for the same."""
    if isinstance(one, Condition) and isinstance(other, Condition):
        return one.normal == other.normal
    return one == other
