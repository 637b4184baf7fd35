"""What samples are measured by is what a step would record, and nothing is measured twice. Must not know pictures."""

from __future__ import annotations

from chainstep.engine.training.commands import Forward, SetParameter
from chainstep.engine.training.step.evaluate import Evaluator
from support.sessions import Begin


def test_samples_are_measured_once_for_all_ops_of_a_step(begin: Begin) -> None:
    session = begin("xor")
    evaluator, rows = Evaluator(session.run.stepper), range(3)

    def measured() -> tuple[object, object]:
        here = session.parameters
        return evaluator.samples(here, rows, frozenset()), evaluator.total(here)

    def afresh() -> tuple[object, object]:
        here, other = session.parameters, Evaluator(session.run.stepper)
        return other.samples(here, rows, frozenset()), other.total(here)

    first = measured()
    assert first == afresh()
    session.apply(Forward("op", 5))
    samples, total = measured()
    assert samples is first[0]
    assert total is first[1]
    for command in (Forward("step"), SetParameter(0, 0.25)):
        session.apply(command)
        assert measured() == afresh()
        assert measured()[0] is not samples
    assert evaluator.samples(session.parameters, range(2), frozenset()) == measured()[0][:2]  # type: ignore[index]
