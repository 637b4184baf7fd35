"""Nudging one parameter: what the loss does, beside what the gradient foretells."""

from __future__ import annotations

import pytest

from chainstep.engine.training.commands import Forward
from chainstep.engine.training.moves import finish
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.snapshot.plots.function import DISTANCES
from support.cases import each
from support.sessions import Begin, numbers_of


@each(
    ("x", "quotients", "slope"),
    [
        (3.0, {1.0: 17.0, 0.1: 14.3, 0.001: 14.003, 1e-8: 14.0, 1e-17: 0.0}, 14.0),
        (-3.0, {1.0: -19.0, 0.1: -21.7, 0.001: -21.997, 1e-8: -22.0, 1e-17: 0.0}, -22.0),
        (2.0 / 3.0, {1.0: 3.0, 0.1: 0.3, 0.001: 0.003, 1e-17: 0.0}, 0.0),
    ],
)
def test_the_lectures_quotients(begin: Begin, x: float, quotients: dict[float, float], slope: float) -> None:
    nudges = Session(Formula("3*x**2 - 4*x + 5", {"x": x}, "f"), begin("parabola").settings).nudges(0)
    finish(nudges.work(lambda: 1))

    found = {view.h: view.quotient for view in nudges.rows}
    assert list(found) == list(DISTANCES)
    assert {h: found[h] for h in quotients} == pytest.approx(quotients, rel=1e-6, abs=1e-9)
    assert nudges.gradient == pytest.approx(slope, abs=1e-12)
    assert (nudges.rows[-1].reason, nudges.rows[0].reason) == ("stuck", "bends")


def test_a_networks_loss_changes_by_about_its_gradient_times_h(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(Forward("step", 3))
    session.apply(Forward("op", 40))
    before = numbers_of(session)

    for index in (0, 17, 40):
        forward, central = (session.nudges(index, central=central).at(1e-5) for central in (False, True))
        assert forward.y == session.final_loss()[0]
        assert forward.ahead[1] - forward.y == pytest.approx(forward.slope * 1e-5, rel=1e-3)
        assert central.quotient == pytest.approx(central.slope, rel=1e-7)
        assert central.behind[0] == central.x - 1e-5
    assert numbers_of(session) == before


def test_what_is_broken_in_backward_is_no_fault_of_the_quotient(begin: Begin) -> None:
    session = Session(Formula("a + a", {"a": 3.0}, "f"), begin("parabola").settings.replace(mistakes=("overwrite",)))
    view = session.nudges(0).at(0.5)
    assert (view.slope, view.quotient, view.reason) == (1.0, 2.0, "broken")


def test_a_rule_that_is_no_slope_says_so(begin: Begin) -> None:
    assert begin("wonderland").nudges(0).surrogate
