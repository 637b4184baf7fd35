"""The model of an engine: right without a mistake, by whichever way its ops are made. Knows checks and our engine."""

from __future__ import annotations

import itertools
from functools import cache

import pytest

from chainstep.engine import Value
from chainstep.engine.verify.adapter import adapt
from chainstep.engine.verify.checks.check import Check, Stage
from chainstep.engine.verify.checks.graphs import DIAMONDS, TOGETHER
from chainstep.engine.verify.checks.ops import FIRST, OPS
from chainstep.engine.verify.diagnosis.evidence import alike
from chainstep.engine.verify.diagnosis.mistakes import mistakes_of
from chainstep.engine.verify.diagnosis.model import ROUTES, Model, Rules, number_of_routes
from chainstep.engine.verify.diagnosis.wholes import WHOLES
from chainstep.engine.verify.rows import Kind
from chainstep.engine.verify.trial import Outcome, attempt
from support.cases import each

TRUTH = adapt({"Value": Value})
STAGES = (*FIRST, DIAMONDS, *OPS, *TOGETHER)
OF_ONE_OP = [stage for stage in STAGES if any(check.plain for check in stage.checks)]


def differing(rules: Rules, stage: Stage) -> list[str]:
    """The checks of a stage in which a model by these rules is not right."""
    model = Model(rules)
    return [
        check.name
        for check in stage.checks
        for at, right in zip(check.points, answers(check), strict=True)
        if not alike(attempt(model, check.text, at), right, 1e-9)
    ]


@cache
def answers(check: Check) -> list[Outcome]:
    """What is right at each of a check's points."""
    return [attempt(TRUTH, check.text, at) for at in check.points]


@each("stage", STAGES)
def test_without_a_mistake_it_is_right(stage: Stage) -> None:
    assert differing(Rules(), stage) == []


@each("name", ROUTES)
def test_an_op_may_be_made_of_others(name: str) -> None:
    (stage,) = (stage for stage in STAGES if stage.op == name)
    for route in range(1, number_of_routes(name) + 1):
        assert differing(Rules().by({name: route}), stage) == []


@pytest.mark.parametrize("stage", OF_ONE_OP, ids=lambda stage: stage.op)
def test_a_mistake_shows_or_is_none(stage: Stage) -> None:
    mistakes = list(mistakes_of(stage.op))
    kinds = {mistake.kind for mistake in mistakes if differing(Rules().including(stage.op, mistake), stage)}

    assert {mistake.kind for mistake in mistakes} <= {*Kind.__args__}
    assert {"assigned", "sign", "no-backward", "cut", "data-for-grad", "other-derivative", "integer"} <= kinds
    assert ("reflected" in kinds) == (stage.op in ("rsub", "rdiv", "rpow"))


def test_every_other_way_of_going_backward_shows() -> None:
    for whole in WHOLES:
        rules = Rules(whole=whole)
        assert any(differing(rules, stage) for stage in (*FIRST, DIAMONDS))


def test_inputs_are_visited_in_every_order() -> None:
    assigned = next(mistake for mistake in mistakes_of("tanh") if mistake.kind == "assigned")
    model = Model(Rules().including("tanh", assigned))
    made = model.outcomes(lambda: attempt(model, "a * 7 + tanh(a)", {"a": 0.0}).grads["a"])

    assert {*itertools.islice(made, 4)} == {1.0, 8.0}
