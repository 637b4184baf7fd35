"""What the checks of one engine share: the engine, the truth beside it, and what is known of its mistakes. Knows
adapters and diagnoses; must not know which checks there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..autograd.value import Value
from ..nn.mlp import MLP
from ..records import record, replace
from .adapter import Adapter, adapt
from .checks.check import Check, Point
from .diagnosis import Answer, Diagnosis, Finding, alike, values
from .places import place, sentence
from .rows import Row
from .trial import FAULTS, Outcome, attempt, computed, same

DOUBLE, SINGLE, HALF = 1e-6, 1e-4, 1e-2
"""Relative precisions that are asked of an engine: nobody's mistake is smaller, and every way of rounding is."""


@record(eq=False)
class Tried:
    """One point of a check: what the engine gave, over several attempts, and what is right."""

    at: Point
    got: tuple[Outcome, ...]
    want: Outcome


class Bench:
    """One engine on the bench."""

    def __init__(self, adapter: Adapter, source: str | None) -> None:
        self.adapter = adapter
        self.truth = adapt({"Value": Value, "MLP": MLP})
        self.precision = _precision(adapter)
        self.diagnosis = Diagnosis(self.precision)
        self.puzzled = False
        """Something is wrong, and it is not known what."""
        self._source = source

    def tried(self, text: str, at: Point, repeats: int = 1, known: Mapping[str, object] | None = None) -> Tried:
        """One expression at one point."""
        got = tuple(attempt(self.adapter, text, at, known) for _ in range(repeats))
        return Tried(at, got, attempt(self.truth, text, at, known))

    def reached(self, text: str, at: Point) -> list[bool]:
        """Of each leaf, whether the graph behind the expression has it; nothing where no graph can be read."""
        if not self.adapter.reading.children:
            return []
        leaves = {name: self.adapter.make(number) for name, number in at.items()}
        try:
            graph = {id(node) for node in self.adapter.graph(computed(self.adapter, text, leaves))}
        except FAULTS:
            return []
        return [id(leaf) in graph for leaf in leaves.values()]

    def same(self, got: float | complex, want: float | complex) -> bool:
        """Whether they agree as well as the engine's numbers can."""
        return same(got, want, self.precision)

    def explain_whole(self, answers: Sequence[Answer]) -> None:
        """Find out whether backward itself gives these answers to expressions of + and *, some of which are wrong."""
        finding = self.diagnosis.explain_whole(answers)
        if finding is not None and finding.part == "order" and not self.adapter.reading.children:
            words = "a node does not keep what it is made of: the chain rule ends at the last one"
            self.diagnosis.replace(Finding("cut", words, "", part="order"))

    def suspect_order(self, answers: Sequence[Answer]) -> None:
        """What is left to say where several ops together are wrong, each alone is right, and nothing explains it."""
        if not self.diagnosis.first and all(self._right(answer) for answer in answers if _of_one_op(answer)):
            words = "each op alone is right, and what is made of several is not: their order is not topological"
            self.diagnosis.note(Finding("order", words, "", part="order"))

    def _right(self, answer: Answer) -> bool:
        want = attempt(self.truth, answer.text, answer.at)
        return all(each.error or alike(each, want, self.precision) for each in answer.outcomes)

    def wrong(self, row: Row, finding: Finding | None) -> Row:
        """A row whose number is wrong, with the mistake that was found and its place."""
        if finding is None:
            self.puzzled = True
            return replace(row, verdict="wrong", kind="other", why="none of the usual mistakes gives this number")
        where = place(self.adapter, finding, self._source)
        line = where.line if where else None
        return replace(row, verdict="wrong", kind=finding.kind, line=line, why=sentence(finding, where))


def _of_one_op(answer: Answer) -> bool:
    return sum(map(answer.text.count, "+*")) == 1


def _precision(adapter: Adapter) -> float:
    """How exact an engine can be: Python's numbers are doubles; of a third, single precision keeps 7 digits, half 3."""
    leaf = adapter.make(1 / 3)
    if isinstance(getattr(leaf, adapter.reading.data), (int, float)):
        return DOUBLE
    third = adapter.data(leaf)
    return next((each for each in (DOUBLE, SINGLE, HALF) if same(third, 1 / 3, each / 500)), HALF)


def answers(check: Check, tried: Sequence[Tried]) -> list[Answer]:
    """What was tried, as evidence."""
    return [
        Answer(check.text, each.at, values(each.got) if check.of_value else each.got, check.plain, check.numbers)
        for each in tried
    ]
