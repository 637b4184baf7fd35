"""Which gradient an op of backward will write is asked, and the answer marked. Must not know when it is asked."""

from __future__ import annotations

from chainstep.engine.lessons.play.judging import agrees
from chainstep.engine.records import record
from chainstep.engine.training.snapshot.event import Assignment, Event

from ..render.text.formula import in_numbers


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
        return agrees(answer, self.after, terms=max(abs(self.before), abs(self.after - self.before)))


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


def _simplest(assignments: tuple[Assignment, ...]) -> Assignment:
    """The one with the shortest name: the parameter rather than the sum of all that comes before it."""
    return min(assignments, key=lambda assignment: len(assignment.target))


def _is_number(name: str) -> bool:
    try:
        float(name)
    except ValueError:
        return False
    return True
