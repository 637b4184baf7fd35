"""What an engine answered to the checks of one op, and whether a hypothesis gives the same. Knows trials and models;
must not know which mistakes there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...records import record
from ..trial import Outcome, attempt, same
from .model import Model, Rules


@record(eq=False)
class Answer:
    """What an engine gave for one expression at one point, over several attempts."""

    text: str
    at: Mapping[str, float]
    outcomes: tuple[Outcome, ...]
    plain: bool = False
    """The expression is the op and nothing else."""
    numbers: tuple[float, ...] = ()
    """The plain numbers in it."""

    @property
    def inputs(self) -> frozenset[float]:
        """What the op, alone, is of."""
        return frozenset((*self.at.values(), *self.numbers))


def agrees(rules: Rules, answers: Iterable[Answer], precision: float) -> bool:
    """Whether a model by these rules gives every answer that it says something of, and says something of at least one.

    Where the order in which inputs are visited matters, each attempt has to be one of what some order gives.
    """
    model = Model(rules)
    spoke = False
    for answer in answers:
        for outcome in answer.outcomes:
            if outcome.error:
                continue
            given = _given(model, answer, outcome, precision)
            if given is False:
                return False
            spoke = spoke or given is True
    return spoke


def _given(model: Model, answer: Answer, outcome: Outcome, precision: float) -> bool | None:
    """Whether the model gives this; None where it says nothing of it."""
    for made in model.outcomes(lambda: attempt(model, answer.text, answer.at)):
        if made.error:
            return None
        if alike(made, outcome, precision):
            return True
    return False


def alike(one: Outcome, other: Outcome, precision: float) -> bool:
    """Whether the numbers agree that both have."""
    if one.error:
        return False
    ours, theirs = one.numbers(), other.numbers()
    return all(same(theirs[name], ours[name], precision) for name in ours if name in theirs)


def values(outcomes: Iterable[Outcome], *leaves: str) -> tuple[Outcome, ...]:
    """The values of some outcomes, and the gradients of these leaves alone."""
    return tuple(
        each if each.error else Outcome(each.value, {leaf: each.grads[leaf] for leaf in leaves}) for each in outcomes
    )
