"""The words in the edges of the Loss pane: nothing is cut off at any width, and the needed ones stay longest."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.curve import Curve, Measured, Rates
from chainstep.engine.training.snapshot.series.series import Limits, Series
from chainstep.engine.training.snapshot.series.stretches import Stretch
from chainstep.engine.training.snapshot.snapshot import Snapshot
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.render.canvas import numbers
from chainstep.tui.render.curve.captions import heading, there
from chainstep.tui.render.curve.window import CurveOptions
from chainstep.tui.render.style.glyphs import ASCII, UNICODE
from support.cases import each

MOONS: Snapshot = open_subject("moons")[0].snapshot(())

LOSSES = st.floats(0.0, 1e12) | st.sampled_from([math.nan, math.inf, 1e-30, 99.995, 9999.5])


def at(loss: float, test: float | None = None, accuracy: float | None = 1.0) -> Snapshot:
    return replace(
        MOONS,
        loss=loss,
        accuracy=accuracy,
        accuracy_of=100,
        test_loss=test,
        test_accuracy=None if test is None else accuracy,
    )


@given(
    LOSSES,
    st.none() | LOSSES,
    st.none() | st.just(1.0),
    st.integers(33, 120),
    st.sampled_from([0, 30, 1000]),
    st.booleans(),
    st.sampled_from([0.0, 0.98]),
)
def test_nothing_is_cut_off(
    loss: float, test: float | None, accuracy: float | None, width: int, last: int, log: bool, smoothing: float
) -> None:
    title, note = heading(at(loss, test, accuracy), width, CurveOptions(log, last, smoothing))
    assert len(title) + len(note) + (6 if note else 4) <= width
    assert title.startswith("Loss")
    assert (f"last {last}" in note) is (last > 0)
    assert ("log" in note) is log
    assert ("0.98" in note) is (smoothing > 0)


@each(
    ("width", "said"),
    [
        (60, ("Loss 0.009742  accuracy 100/100", "test 0.03565  99%")),
        (46, ("Loss 0.009742  100/100", "test 0.03565  99%")),
        (40, ("Loss 0.009742  100/100", "test 0.03565")),
        (37, ("Loss 0.009742 100/100", "test 0.036")),
        (36, ("Loss 0.0097 100/100", "test 0.036")),
        (33, ("Loss 0.009742", "test 0.03565")),
    ],
)
def test_words_give_way_before_numbers(width: int, said: tuple[str, str]) -> None:
    snapshot = replace(at(0.009742, 0.03565), test_accuracy=0.99)
    assert heading(snapshot, width, CurveOptions()) == said


@each(("width", "note"), [(70, "test at step 90: 0.03565  99%"), (50, "test at step 90: 0.036"), (33, "")])
def test_a_test_of_an_earlier_step_says_of_which(width: int, note: str) -> None:
    snapshot = replace(at(0.009742, 0.03565), test_accuracy=0.99, test_step=90)
    assert heading(snapshot, width, CurveOptions())[1] == note
    assert heading(replace(snapshot, test_step=0), 70, CurveOptions())[1] == "test 0.03565  99%"


def test_before_there_is_a_loss_there_is_only_a_name() -> None:
    assert heading(MOONS, 37, CurveOptions()) == ("Loss", "")


CURVE = Curve(
    length=4,
    loss=Series([4.0, 2.0, 1.5, 1.25]),
    accuracy=Series([0.25, 0.5, 0.75, 1.0]),
    lr=Rates([(0, Settings(lr=0.1)), (2, Settings(lr=0.3))]),
    test_steps=(0, 2),
    test_loss=(4.5, 1.75),
    marks=((2, "lr 0.3"),),
    ghost=None,
    stops=((2, "loss < 2"),),
)


def test_at_the_cursor_is_what_was_measured_and_done_there() -> None:
    assert there(CURVE, 2, 90, UNICODE, smoothing=0.0) == (
        "step 2  loss 1.500  ◆ lr 0.3  ■ loss < 2  test 1.750  lr 0.3  accuracy 75%"
    )
    assert there(CURVE, 1, 90, UNICODE, smoothing=0.0) == "step 1  loss 2  lr 0.1  accuracy 50%"
    assert there(CURVE, 2, 90, ASCII, smoothing=0.0)[20:].startswith("^ lr 0.3  # loss < 2")
    average = (0.9 * 0.1 * 4.0 + 0.1 * 2.0) / (1 - 0.9**2)
    assert f"smoothed {numbers.loss(average)}" in there(CURVE, 1, 90, UNICODE, smoothing=0.9)


def test_what_is_least_needed_goes_first() -> None:
    assert there(CURVE, 2, 38, UNICODE, smoothing=0.0) == "step 2  1.500  ◆ lr 0.3  ■ loss < 2"
    assert there(CURVE, 2, 31, UNICODE, smoothing=0.0) == "step 2  loss 1.500  ◆ lr 0.3"
    assert there(CURVE, 2, 14, UNICODE, smoothing=0.0) == "step 2  1.500"
    assert there(CURVE, 2, 4, UNICODE, smoothing=0.0) == ""


def test_what_is_forgotten_is_told_by_its_stretch_until_more_is_known() -> None:
    losses = [4.0 - 0.01 * step for step in range(100)]
    tiny = Limits(exact=8, stretches=4, narrowest=2)
    curve = replace(CURVE, length=100, loss=Series(losses, tiny), accuracy=Series([0.25] * 100, tiny), test_steps=())
    stretch = curve.loss.stretch(40)
    said = f"step 40  loss {numbers.loss(stretch.low)}…{numbers.loss(stretch.high)}  lr 0.3  accuracy 25%"
    assert there(curve, 40, 90, UNICODE, smoothing=0.0) == said
    found = Measured(40, Stretch.of(40, [losses[40]]), Stretch.of(40, [0.25]), Stretch.of(40, [1.5]))
    said = f"step 40  loss {numbers.loss(losses[40])}  lr 0.3  accuracy 25%  before 1.500"
    assert there(curve, 40, 90, UNICODE, smoothing=0.0, found=found) == said
