"""What the checks hold to be right, against central differences. Knows our own engine as floats alone: no derivative of
its table is used.
"""

from __future__ import annotations

import math

from chainstep.engine import Value
from chainstep.engine.verify.adapter import adapt
from chainstep.engine.verify.checks.check import Check
from chainstep.engine.verify.checks.graphs import DIAMONDS, TOGETHER
from chainstep.engine.verify.checks.ops import FIRST, OPS
from chainstep.engine.verify.trial import attempt
from support.cases import each

TRUTH = adapt({"Value": Value})
STAGES = (*FIRST, DIAMONDS, *OPS, *TOGETHER)
CHECKS = [check for stage in STAGES for check in stage.checks]
H = 1e-6


@each("check", CHECKS)
def test_every_gradient_is_that_of_a_central_difference(check: Check) -> None:
    for at in check.points:
        outcome = attempt(TRUTH, check.text, at)
        assert outcome.error == ""
        for name, grad in outcome.grads.items():
            above, below = (attempt(TRUTH, check.text, {**at, name: at[name] + h}).value for h in (H, -H))
            assert isinstance(above, float)
            assert isinstance(below, float)
            assert isinstance(grad, float)
            assert math.isclose((above - below) / (2 * H), grad, rel_tol=1e-6, abs_tol=1e-6)


def test_no_name_comes_twice() -> None:
    names = [check.name for check in CHECKS]

    assert len({*names}) == len(names) > 130


def test_an_op_alone_has_what_tells_its_inputs() -> None:
    # A derivative is looked up by the numbers that go into the op.
    for stage in STAGES:
        plain = [check for check in stage.checks if check.plain]
        inputs = [frozenset((*at.values(), *check.numbers)) for check in plain for at in check.points]
        assert len({*inputs}) == len(inputs)
