"""A mistake beside right training: two runs from the same weights, at three rates. Knows sessions of the examples."""

from __future__ import annotations

from chainstep.engine.training.analysis.mistake_runs import STEPS, MistakeRuns
from chainstep.engine.training.commands import Goto, SetKnob
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.mistakes import MISTAKES
from support.cases import each
from support.sessions import Begin, Bits


def done(session: Session, name: str, quantum: int = 1000) -> MistakeRuns:
    runs = session.mistake_runs(name)
    for _ in runs.work(lambda: quantum):
        pass
    assert runs.complete
    return runs


@each("name", [name for name, mistake in MISTAKES.items() if mistake.comparable])
def test_both_are_the_sessions_that_one_would_begin(name: str, begin: Begin) -> None:
    what = "expression" if MISTAKES[name].kept else "lecture"
    first = done(begin(what), name).pairs[0]
    for trained, mistakes in ((first.right, ()), (first.wrong, (name,))):
        session = begin(what, mistakes=mistakes)
        session.apply(Goto(20))
        assert list(trained.losses) == list(session.losses)
        assert trained.end == session.final_loss()[0]
    assert first.right.losses[0] == first.wrong.losses[0], "the weights are the same"


def test_wherever_the_session_stands_it_stays_and_the_runs_are_the_same(begin: Begin, bits: Bits) -> None:
    fresh = done(begin("lecture"), "no_zero_grad")
    session, straight = begin("lecture"), begin("lecture")
    for moved in (session, straight):
        moved.apply(SetKnob("mistakes", ("no_zero_grad",)))
        moved.apply(Goto(7, 31))
    runs = done(session, "no_zero_grad", quantum=1)
    assert bits(session) == bits(straight)
    assert [(list(p.right.losses), p.wrong.end) for p in runs.pairs] == [
        (list(p.right.losses), p.wrong.end) for p in fresh.pairs
    ]


def test_forgetting_helps_at_one_rate_and_ruins_at_another(begin: Begin) -> None:
    """The lecturer's own words: it worked since the problem is so simple, as a step of massive size."""
    ends = {pair.lr: (pair.right.end, pair.wrong.end) for pair in done(begin("lecture"), "no_zero_grad").pairs}
    assert ends[0.1][1] < ends[0.1][0] < 0.1
    assert ends[0.3][0] < 0.1 < 1.0 < ends[0.3][1]


def test_a_run_without_end_is_compared_over_some_steps(begin: Begin) -> None:
    assert done(begin("parabola", steps=0), "no_zero_grad").steps == STEPS
