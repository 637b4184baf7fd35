"""Conditions on ranges: what is said of all numbers in them is true of each, and the search backwards goes by that."""

from __future__ import annotations

import ast
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.commands import AddBreakpoint, Goto, ReverseContinue, SetKnob
from chainstep.engine.training.debugger.conditions import RECORDED, parse
from chainstep.engine.training.debugger.moments import Climbing
from chainstep.engine.training.debugger.ranges import ANYTHING, Range, truth
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.series.series import Limits, Series
from support.cases import each
from support.forgetful import forgetful
from support.sessions import Begin
from support.stops import small

NAN, INF = math.nan, math.inf

plain = st.sampled_from([0.0, -1.0, 0.5, 1.0, 2.0, 3.0, 1e300])
numbers = st.recursive(
    plain.map(repr) | st.sampled_from(RECORDED),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner),
        st.builds("(-{})".format, inner),
        st.builds("abs({})".format, inner),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner),
    ),
    max_leaves=5,
)
comparisons = st.one_of(
    st.builds("{} {} {}".format, numbers, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), numbers),
    st.builds("{} < {} <= {}".format, numbers, numbers, numbers),
    st.builds("{}({})".format, st.sampled_from(["isnan", "isinf", "isfinite"]), numbers),
)
conditions = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("(not {})".format, inner),
    ),
    max_leaves=3,
)


@given(text=conditions, data=st.data())
def test_what_is_said_of_a_range_is_true_of_each_number_in_it(text: str, data: st.DataObject) -> None:
    bound = parse(text).bind(small().run.stepper.program)
    measured = st.lists(plain | st.sampled_from([NAN, INF, -INF]), min_size=1, max_size=4)
    seen = {name: data.draw(measured, name) for name in RECORDED}
    said = truth(bound.tree, {name: Range.of(several) for name, several in seen.items()})
    if said is not None:
        each = [data.draw(st.sampled_from(seen[name])) for name in RECORDED]
        assert bound.holds(*each, (), (), ()) is said


@each(
    ("text", "loss", "said"),
    [
        ("loss < 0.1", Range(0.2, 0.9), False),
        ("loss < 0.1", Range(0.2, 0.9, True), False),
        ("loss < 1", Range(0.2, 0.9), True),
        ("loss < 1", Range(0.2, 0.9, True), None),
        ("loss < 0.5", Range(0.2, 0.9), None),
        ("not loss <= 1 / 8", Range(0.2, 0.9), True),
        ("abs(loss - 0.5) * 2 > 1", Range(0.2, 0.9), False),
        ("loss / 2 == 3 or 1 < max(loss, 2) < 3", Range(0.2, 0.9), True),
        ("isfinite(loss) and not isnan(loss)", Range(0.2, 0.9), True),
        ("isinf(loss)", Range.of([NAN]), False),
        ("loss != loss", Range.of([NAN]), False),
        ("loss / (loss - 0.5) > -100", Range(0.2, 0.9), None),
        ("accuracy >= 0", Range(0.2, 0.9), None),
    ],
)
def test_what_is_said_of_a_range(text: str, loss: Range, said: bool | None) -> None:
    assert truth(ast.parse(text, mode="eval").body, {"loss": loss, "accuracy": ANYTHING}) is said


@given(
    losses=st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0, NAN, INF, -INF]), min_size=1, max_size=150),
    start=st.integers(0, 149),
)
def test_a_loss_never_rises_more_often_than_stretches_tell(losses: list[float], start: int) -> None:
    series = Series(losses, Limits(exact=4, stretches=6, narrowest=2))
    risen = [0]
    for before, loss in pairwise(losses):
        risen.append(risen[-1] + 1 if loss > before else 0)
    climbing = Climbing(series, start)
    for part in series.parts(start, len(losses)):
        assert climbing.over(part.start, part.stop) >= max(risen[part.start : part.stop])


def trained(begin: Begin, texts: tuple[str, ...], **knobs: object) -> Session:
    """The lecture, with an edit on its way, and breakpoints that nothing has stopped at."""
    session = begin("lecture", schedule="cosine", horizon=150, **knobs)
    session.apply(Goto(100))
    session.apply(SetKnob("lr", 0.03))
    session.apply(Goto(400))
    for text in texts:
        session.apply(AddBreakpoint(text))
    return session


@each(
    "texts",
    [
        ("loss < 3", "loss < 0.05"),
        ("accuracy < 1", "step == 50"),
        ("loss > 1 and lr < 0.09", "epoch >= 390"),
        ("step 33", "step 300 update"),
        ("lr < 0.03", "rising 1"),
        ("rising 2", "rising 3"),
        ("rising 2", "loss > 1 and step < 50"),
        ("lr > 0.02 and step < 120",),
    ],
)
def test_what_is_forgotten_is_searched_backwards_to_the_same_stops(texts: tuple[str, ...], begin: Begin) -> None:
    known = trained(begin, texts)
    with forgetful():
        forgotten = trained(begin, texts)
        while known.run.position != (0, 0):
            for session in (known, forgotten):
                session.apply(ReverseContinue())
            assert forgotten.run.position == known.run.position
            assert forgotten.stopped == known.stopped


@pytest.mark.parametrize(
    ("text", "at"), [("loss > 1e6", 0), ("lr > 1 or epoch < 0", 0), ("step == 700", 700), ("rising 2", 0)]
)
def test_what_stretches_rule_out_is_not_computed_again(text: str, at: int, begin: Begin) -> None:
    with forgetful():
        session = begin("lecture")
        session.apply(Goto(20_000))
        session.apply(AddBreakpoint(text))
        samples = sum(session.move(ReverseContinue(), lambda: 1_000))
        width = session.run.history.loss.width
    assert session.step == at
    # The stretch at the end has no other behind it, and the hit is in one.
    assert samples < (1 if at == 0 else 2) * width * session.batch_size < 20_000 * session.batch_size
