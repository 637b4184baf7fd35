"""Where in the code an op stands: in the step of an expression that it is part of, and in which call of backward."""

from __future__ import annotations

from chainstep.engine.training.commands import Forward
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.tape import CodePlace


def coming(session: Session) -> CodePlace | None:
    view = session.snapshot({"code"}).code
    assert view is not None
    return view.coming


def test_each_op_is_in_the_step_whose_value_it_is_for() -> None:
    formula = Formula("x = 2*v; y = x*x + 1; L = (v*3 + y) * x", {"v": 1.0})
    session = Session(formula, Settings(mistakes=("twice",)))
    view = session.snapshot({"code"}).code
    assert view is not None
    assert [name for name, _ in view.steps] == ["x", "y", "L"]

    found: dict[str, int] = {}
    while (place := coming(session)) is not None and place.phase == "forward":
        event = session.snapshot({"next"}).next
        assert event is not None
        found[event.expression] = place.line
        session.apply(Forward("op"))
    assert found == {"2*v": 0, "x*x": 1, "x*x + 1": 1, "v*3": 2, "v*3 + y": 2, "(v*3 + y)*x": 2}

    calls = []
    while session.step == 0:
        place = coming(session)
        assert place is not None
        if place.what == "seed":
            calls.append(place.again)
        session.apply(Forward("op"))
    assert calls == [False, True]
