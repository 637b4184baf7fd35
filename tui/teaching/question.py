"""Which gradient an op of backward will write is asked, and the answer marked. Must not know when it is asked."""

from __future__ import annotations

import math

from chainstep.engine.autograd.text.expression import ExpressionError, parse
from chainstep.engine.records import record
from chainstep.engine.training.snapshot.event import Assignment, Event

from ..render.canvas import numbers
from ..render.text.formula import in_numbers

_CLOSE = 0.01
"""An answer may be off by this share of the right one."""

_SHOWN = 0.0005
"""And by this share of what it is the sum of, since that is shown with four digits."""


@record
class Question:
    """What one op of backward will make of a gradient; the result is known and not said."""

    place: str
    """Where the op belongs: `sample 2 › layer 1 › neuron 3`."""
    expression: str
    target: str
    """The gradient that is asked for."""
    rule: str
    """The chain rule in symbols: `w0.grad += ∂(x0*w0)/∂w0 · (x0*w0).grad`."""
    given: tuple[tuple[str, float], ...]
    """The numbers from which it follows, by name; the gradient as it is now is the last one."""
    worked: str
    """What is added, in numbers: `2.0 × 0.5`."""
    before: float
    after: float

    def right(self, answer: float) -> bool:
        """Whether an answer is right: within 1 %, or as close as the digits that were shown allow."""
        if not (math.isfinite(self.after) and math.isfinite(answer)):
            return numbers.plain(answer) == numbers.plain(self.after)
        terms = max(abs(self.before), abs(self.after - self.before))
        return abs(answer - self.after) <= max(_CLOSE * abs(self.after), _SHOWN * terms)


def question(event: Event | None) -> Question | None:
    """What to ask about the op that comes next; None unless its chain rule writes a gradient."""
    if event is None or event.phase != "backward" or not event.assignments:
        return None
    asked = _simplest(event.assignments)
    before = asked.before or 0.0
    given = {asked.names[key]: value for key, value in asked.values.items() if key in asked.names}
    # A name that is a number itself says nothing more.
    given = {name: value for name, value in given.items() if not _is_number(name)}
    given[asked.target] = before
    return Question(
        event.scope,
        event.expression,
        asked.target,
        f"{asked.target} {asked.operator} {asked.symbols}",
        tuple(given.items()),
        in_numbers(asked.formula, asked.values),
        before,
        asked.after,
    )


def read(text: str) -> float:
    """An answer: a number, or a calculation such as `2 * 0.5`.

    Raises:
        ValueError: it is neither; the message is one line.
    """
    text = text.strip()
    if not text:
        raise ValueError("type a number, or a calculation such as 2 * 0.5")
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return parse(text, {})[0].data
    except ExpressionError:
        raise ValueError(f"{text!r} is neither a number nor a calculation such as 2 * 0.5") from None


def _simplest(assignments: tuple[Assignment, ...]) -> Assignment:
    """The one with the shortest name: the parameter rather than the sum of all that comes before it."""
    return min(assignments, key=lambda assignment: len(assignment.target))


def _is_number(name: str) -> bool:
    try:
        float(name)
    except ValueError:
        return False
    return True
