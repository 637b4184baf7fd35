"""A plot of the whole has the session's own numbers: a curve of one variable, or predictions beside their targets."""

from __future__ import annotations

import math

import pytest

from chainstep.datasets.dataset import Dataset
from chainstep.engine.training.analysis.plots.function import PLACES
from chainstep.engine.training.commands import (
    Back,
    CommandError,
    Forward,
    LookAtSample,
    SetParameter,
    SetPlot,
    SetQuotient,
)
from chainstep.engine.training.moves import finish
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.plots.fit import FitView
from chainstep.engine.training.snapshot.plots.function import FunctionView
from chainstep.engine.training.snapshot.plots.image import ImageView
from chainstep.engine.training.step.evaluate import Evaluator
from support.cases import each
from support.sessions import Begin, numbers_of


def plotted(session: Session, columns: int = 12) -> object:
    finish(session.plotting(columns, 8) or ())
    return session.snapshot({"plot"}).plot


def curve(session: Session, columns: int = 12) -> FunctionView:
    view = plotted(session, columns)
    assert isinstance(view, FunctionView)
    return view


def parabola(x: float = 3.0) -> Session:
    return Session(Formula("3*x**2 - 4*x + 5", {"x": x}), Settings(loss="sse", lr=0.1))


def test_the_lectures_first_picture() -> None:
    view = curve(parabola())
    assert (view.low, view.high, view.measure) == (-5.0, 5.0, "f(x)")
    assert (view.values[0], view.values[-1]) == (100.0, 60.0)
    share = 10.0 / 23
    assert view.values == pytest.approx([3 * x * x - 4 * x + 5 for x in (-5.0 + share * k for k in range(24))])


def test_the_curve_has_the_bits_of_the_session() -> None:
    session = parabola()
    view = curve(session)
    for k in (0, 7, 23):
        x = view.high if k == 23 else view.low + (view.high - view.low) / 23 * k
        session.apply(SetParameter(0, x))
        session.apply(Forward("phase", 2))
        assert session.loss == view.values[k]
        session.apply(Back("step"))


def test_the_trail_is_where_the_leaf_stood_and_goes_back_with_it() -> None:
    session, stood = parabola(), []
    for _ in range(PLACES + 3):
        x = session.parameters[0]
        stood.append((x, 3 * x**2 - 4 * x + 5))
        session.apply(Forward("step"))
    trail = curve(session).trail
    assert trail == tuple(stood[-PLACES:])
    session.apply(Back("step", PLACES + 1))
    assert curve(session).trail == tuple(stood[:2])
    session.apply(Back("step", 2))
    assert curve(session).trail == ()


@each(("x", "h", "reach"), [(0.0, 1e-3, 2.0), (0.3, 1.0, 2.0), (5.0, 1.0, 10.0), (-60.0, 0.1, 100.0)])
def test_a_round_stretch_holds_the_point_and_its_quotient(x: float, h: float, reach: float) -> None:
    session = parabola(x)
    session.apply(SetQuotient(h))
    assert (curve(session).low, curve(session).high) == (-reach, reach)


@each("x", [1e300, 1e308, -1.7e308])
def test_a_leaf_that_ran_away_leaves_the_plot_finite(x: float) -> None:
    view = curve(parabola(x))
    assert math.isfinite(view.low)
    assert math.isfinite(view.high - view.low)


def test_of_several_leaves_the_selected_one_moves(begin: Begin) -> None:
    session = begin("expression")
    session.apply(SetQuotient(1e-3, leaf=3))
    view = curve(session)
    assert view.variable == "f"
    assert view.values == pytest.approx([4.0 * (view.low + (view.high - view.low) * k / 23) for k in range(24)])


def test_a_network_over_its_input_is_what_the_tape_has(begin: Begin) -> None:
    session = begin("sine")
    session.train(10_000, 5)
    before = numbers_of(session)
    view = curve(session)
    evaluator = Evaluator(session.run.stepper)
    for k in (0, 11, 23):
        x = view.high if k == 23 else view.low + (view.high - view.low) / 23 * k
        assert evaluator.predict(session.parameters, (x,)).outputs[0] == view.values[k]
    data = session.subject
    inputs, targets = (*data.train_inputs, *data.test_inputs), (*data.train_targets, *data.test_targets)
    assert [(point.x, point.y) for point in view.points] == [(x, y) for (x,), y in zip(inputs, targets, strict=True)]
    assert sum(point.test for point in view.points) == len(data.test_inputs)
    assert view.trail == ()
    assert numbers_of(session) == before


def test_it_is_in_the_datas_own_units() -> None:
    rows = [((100.0 + 10.0 * k,), float(k)) for k in range(9)]
    data = Dataset.of("own", ("cm",), "kg", (), rows, standardised=True)
    view = curve(Session(data, Settings(hidden=(), activation="linear", loss="mse")))
    assert [point.x for point in view.points] == pytest.approx([100.0 + 10.0 * k for k in range(9)])
    assert (view.variable, view.measure) == ("cm", "kg")
    assert view.low < 100.0 < 180.0 < view.high


def test_it_is_made_anew_only_where_it_would_be_another_one() -> None:
    session = parabola()
    curve(session)
    assert session.plotting(12, 8) is None
    session.apply(Forward("op"))
    assert session.plotting(12, 8) is None
    assert session.plotting(13, 8) is not None
    curve(session)
    session.apply(Forward("step"))
    assert session.plotting(12, 8) is not None


# --- predicted against actual


def wide(n: int = 40) -> Dataset:
    rows = [((float(k), float(k % 3), float(-k)), 2.0 * k + k % 3) for k in range(n)]
    return Dataset.of("wide", ("a", "b", "c"), "price", (), rows[: n * 3 // 4], rows[n * 3 // 4 :])


def test_many_inputs_have_predictions_beside_their_targets() -> None:
    data = wide()
    session = Session(data, Settings(hidden=(), activation="linear", loss="mse", init="zeros"))
    view = plotted(session)
    assert isinstance(view, FitView)
    assert [point.actual for point in view.points] == [*data.train_targets, *data.test_targets]
    told = [Evaluator(session.run.stepper).predict(session.parameters, row) for row in data.train_inputs]
    assert [point.predicted for point in view.points if not point.test] == [one.outputs[0] for one in told]
    mean = sum(data.train_targets) / 30
    assert view.train_r2 == pytest.approx(
        1 - sum(y * y for y in data.train_targets) / sum((y - mean) ** 2 for y in data.train_targets)
    )
    assert view.shown == (30, 10)


def test_what_is_predicted_rightly_has_an_r2_of_one() -> None:
    session = Session(wide(), Settings(hidden=(), activation="linear", loss="mse"), (2.0, 1.0, 0.0, 0.0))
    view = plotted(session)
    assert isinstance(view, FitView)
    assert (view.train_r2, view.test_r2) == (1.0, 1.0)


def test_where_there_are_several_plots_one_is_asked_for(begin: Begin) -> None:
    session = begin("sine")
    assert session.snapshot().subject.plots == ("function", "fit")
    session.apply(SetPlot("fit"))
    assert isinstance(plotted(session), FitView)
    assert session.snapshot({"slope"}).slope is None
    session.apply(SetPlot("function"))
    assert isinstance(plotted(session), FunctionView)
    with pytest.raises(CommandError, match="there is no map of this"):
        session.apply(SetPlot("map"))


def test_the_image_is_of_the_sample_in_hand_or_of_the_one_looked_at(begin: Begin) -> None:
    session = begin("digits")
    data = session.subject
    assert isinstance(data, Dataset)
    for row in (None, 5):
        session.apply(LookAtSample(row))
        work = session.plotting(1, 1)
        assert work is not None
        finish(work)
        view = session.snapshot({"plot", "network"}).plot
        assert isinstance(view, ImageView)
        assert row in (None, view.sample)
        assert view.pixels == data.train_inputs[view.sample]
        assert view.target == data.train_targets[view.sample]
        assert sum(view.probabilities) == pytest.approx(1.0)
        assert view.decision == max(range(10), key=view.probabilities.__getitem__)
    assert session.plotting(1, 1) is None, "nothing has changed"
