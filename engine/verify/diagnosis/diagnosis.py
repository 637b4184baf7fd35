"""Which mistake gives just the numbers that an engine gave. Knows hypotheses and answers; must not know the engine's
text.

A hypothesis is a model with one mistake more. It holds if the model gives every answer to every expression of the op,
at all points. What is found in one op is kept for those that are made of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from ...records import record
from ..trial import Outcome, same
from .evidence import Answer, agrees, values
from .mistakes import assigned_mistakes_of, mistakes_of
from .model import RIGHT, Mistake, Model, Node, Rules, Whole, number_of_routes
from .wholes import WHOLES

Numbers = Mapping[str, float | complex]

_NUMBERS = "__init__"
"""Where it is decided how numbers are kept."""

MADE_OF: Mapping[str, tuple[str, ...]] = {
    "sub": ("neg",),
    "rsub": ("neg", "sub"),
    "rdiv": ("div",),
    "sigmoid": ("neg", "rdiv", "div"),
    "tanh": ("div", "sub", "neg"),
}
"""The ops whose own making matters for how an op is made."""


@record(eq=False)
class Finding:
    """A hypothesis that holds."""

    kind: str
    words: str
    """`{first}` and `{second}` in it are the op's inputs, as the source calls them."""
    op: str
    """The op in whose code it is; "" for backward itself."""
    sides: tuple[int, ...] = ()
    part: str = "gradient"
    """Where in that code: what hands on the "gradient", the "value", the "children"; in backward the "seed", the
    "order" or the "turn" of a gradient; in a constructor the "number"; or the "function" as a whole.
    """


class Diagnosis:
    """What is known of one engine's mistakes so far."""

    def __init__(self, precision: float) -> None:
        self.rules = Rules()
        self._precision = precision
        self._found: dict[str, Finding] = {}

    @property
    def first(self) -> Finding | None:
        """The first mistake that was found: why what is made of many ops is wrong."""
        return next(iter(self._found.values()), None)

    def note(self, finding: Finding) -> Finding:
        """Keep what has been found elsewhere: it may explain what follows."""
        return self._found.setdefault(finding.op, finding)

    def replace(self, finding: Finding) -> Finding:
        """Keep what is known better now of an op."""
        if finding.op in self._found:
            self._found[finding.op] = finding
        return finding

    def explain(self, op: str, answers: Sequence[Answer]) -> Finding | None:
        """The mistake behind these answers to expressions of `op`, some of which are wrong; None if none fits.

        With `op` "" the expressions are of ops that are understood: what was found in these is why they are wrong.
        """
        known = self._by_what_is_known(op, answers)
        if known is None and _NUMBERS in self._found:
            # What else a function of somebody's does with numbers that are kept otherwise cannot be known.
            return self._found[_NUMBERS]
        if known is None and "" in self._found and self.rules.whole is RIGHT:
            # Nor what an order does that no model has.
            return self._found[""]
        if known is not None or not op:
            return known or self.first
        return (
            self._by_one(op, answers)
            or self._by_two(op, answers)
            or self._by_another_derivative(op, answers)
            or self._by_value(op, answers)
            or self._found.get("")
        )

    def explain_whole(self, answers: Sequence[Answer]) -> Finding | None:
        """What is wrong with backward itself, if that gives these answers to expressions of several ops."""
        if self._by_what_is_known("", answers):
            return None
        for whole in WHOLES:
            rules = Rules(self.rules.mistakes, self.rules.routes, whole)
            if agrees(rules, answers, self._precision):
                self.rules = rules
                op = _NUMBERS if whole.keeps else ""
                return self.note(Finding(whole.kind, whole.words, op, part=_part_of_backward(whole)))
        return None

    def explain_known(
        self, op: str, text: str, at: Mapping[str, float], outcomes: tuple[Outcome, ...]
    ) -> Finding | None:
        """The mistake found before that gives these answers too."""
        return self._by_what_is_known(op, [Answer(text, at, outcomes)])

    def explain_act(self, act: Callable[[Model], Numbers], got: Numbers) -> Finding | None:
        """The mistake found before by which a model does what the engine did, and without which it does not; None if
        there is none.
        """
        if not self._found or self._gives(Rules(), act, got):
            return None
        for name, finding in self._found.items():
            alone = self.rules.only(name)
            if any(self._gives(rules, act, got) for rules in (alone, self.rules)):
                return finding
        return None

    def _gives(self, rules: Rules, act: Callable[[Model], Numbers], got: Numbers) -> bool:
        try:
            made = act(Model(rules))
        except (ArithmeticError, RecursionError):
            return False
        return all(same(got[name], made[name], self._precision) for name in made)

    def _by_what_is_known(self, op: str, answers: Sequence[Answer]) -> Finding | None:
        if not self._found:
            return None
        for routes in _routes(op):
            rules = self.rules.by(routes)
            if agrees(rules, answers, self._precision):
                # By another way of making the op, these numbers may come without any mistake.
                finding = (
                    None
                    if agrees(Rules().by(rules.routes), answers, self._precision)
                    else self._responsible(rules, answers)
                )
                if finding is not None:
                    self.rules = rules
                return finding
        return None

    def _responsible(self, rules: Rules, answers: Sequence[Answer]) -> Finding:
        """The one finding that explains the answers alone, or the last."""
        for name, finding in self._found.items():
            alone = rules.only(name)
            if agrees(alone, answers, self._precision):
                return finding
        return finding

    def _by_one(self, op: str, answers: Sequence[Answer]) -> Finding | None:
        for mistake in mistakes_of(op):
            if agrees(self.rules.including(op, mistake), answers, self._precision):
                return self._keep(op, mistake)
        return None

    def _by_two(self, op: str, answers: Sequence[Answer]) -> Finding | None:
        """Two mistakes: one that is assigned as well, or one for each input."""
        for mistake in assigned_mistakes_of(op):
            if agrees(self.rules.including(op, mistake), answers, self._precision):
                return self._keep(op, mistake)
        if op not in _TWO_INPUTS:
            return None
        plain = [answer for answer in answers if answer.plain]
        every = [*mistakes_of(op), *assigned_mistakes_of(op)]
        first = [each for each in every if each.sides == (0,) and self._fits(op, each, plain, "a")]
        second = [each for each in every if each.sides == (1,) and self._fits(op, each, plain, "b")]
        for pair in itertools.product(first, second):
            if agrees(self.rules.including(op, *pair), answers, self._precision):
                return self._keep(op, *pair)
        return None

    def _fits(self, op: str, mistake: Mistake, plain: Sequence[Answer], leaf: str) -> bool:
        """Whether the mistake gives at least the gradient of one leaf."""
        return agrees(self.rules.including(op, mistake), [_only(answer, leaf) for answer in plain], self._precision)

    def _by_value(self, op: str, answers: Sequence[Answer]) -> Finding | None:
        """What is wrong forwards, whatever the gradients are then."""
        bare = [_only(answer) for answer in answers]
        if agrees(self.rules, bare, self._precision):
            return None  # the values are right
        for mistake in mistakes_of(op):
            if mistake.forward and agrees(self.rules.including(op, mistake), bare, self._precision):
                self._found[op] = finding = Finding(mistake.kind, mistake.words, op, (0, 1), "value")
                return finding
        return None

    def _by_another_derivative(self, op: str, answers: Sequence[Answer]) -> Finding | None:
        """A derivative that is none of those which people confuse: it is looked up in what the op alone gave, and has
        to be handed on and accumulated as the chain rule says.
        """
        measured = {
            answer.inputs: tuple(outcome.grads.values())
            for answer in answers
            if answer.plain
            for outcome in answer.outcomes
            if not outcome.error
        }

        def share(node: Node, side: int) -> float:
            known = measured[frozenset(each.data for each in node.inputs)]
            return float(known[side if len(known) > 1 else 0].real) * node.grad

        mistake = Mistake("other-derivative", "the derivative is that of another function", share=share)
        rest = [answer for answer in answers if not answer.plain]
        if agrees(self.rules, [answer for answer in answers if answer.plain], self._precision):
            return None  # the derivative is right
        if agrees(self.rules.including(op, mistake), rest, self._precision):
            self._found[op] = finding = Finding(mistake.kind, mistake.words, op, (0, 1))
            return finding
        return None

    def _keep(self, op: str, *mistakes: Mistake) -> Finding:
        self.rules = self.rules.including(op, *mistakes)
        words = "; and ".join(dict.fromkeys(_words(each) for each in mistakes))
        finding = Finding(mistakes[0].kind, words, op, mistakes[0].sides, _part(mistakes[0]))
        self._found[op] = finding
        return finding


def _part_of_backward(whole: Whole) -> str:
    if whole.keeps or whole.turn:
        return "number" if whole.keeps else "turn"
    return "order" if whole.kind == "order" else "seed"


def _words(mistake: Mistake) -> str:
    """What is wrong; which input it is of is left to be filled in by its name in the source."""
    return mistake.words.replace("{of}", "{second}" if mistake.sides == (1,) else "{first}")


def _part(mistake: Mistake) -> str:
    if mistake.forward or mistake.turned:
        return "value"
    return "children" if mistake.unreached else "gradient"


def _routes(op: str) -> Iterator[Mapping[str, int]]:
    """The ways in which an op, and what matters for it, can be made."""
    names = (op, *MADE_OF.get(op, ()))
    for ways in itertools.product(*(range(number_of_routes(name) + 1) for name in names)):
        yield MappingProxyType(dict(zip(names, ways, strict=True)))


_TWO_INPUTS = ("add", "sub", "mul", "div", "pow")


def _only(answer: Answer, *leaves: str) -> Answer:
    """The value and these leaves' gradients alone."""
    return Answer(answer.text, answer.at, values(answer.outcomes, *leaves), answer.plain, answer.numbers)
