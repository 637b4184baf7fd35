"""What a step computes of each parameter besides its samples, as formulas: penalties, and the optimiser's lines. Knows
plans; must not know how a function is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .formulas import hoisted
from .plan import Plan


def penalties(plan: Plan) -> list[tuple[float, str]]:
    """What is added to the batch's loss, in its order: a weight, and what is summed over all parameters p."""
    return [(weight, term) for weight, term in ((plan.l1, "abs(p)"), (plan.l2, "p * p")) if weight]


def slopes(plan: Plan) -> list[str]:
    """The terms that the penalties give to the gradient of a parameter p, in backward's order; p * p has one from each
    side.
    """
    l1, l2 = plan.l1, plan.l2
    return [f"2.0 * ({l2!r} * p)"] * (l2 != 0.0) + [f"{l1!r} * sign(p)"] * (l1 != 0.0)


def update(plan: Plan) -> tuple[Mapping[str, str], Sequence[tuple[str, str]]]:
    """What an update's formulas need once a step, expression -> name, and its assignments in terms of those."""
    once: dict[str, str] = {}
    fixed = frozenset(("lr", "t", *plan.knobs))
    return once, [(line.target, hoisted(line.formula, fixed, once)) for line in plan.lines]
