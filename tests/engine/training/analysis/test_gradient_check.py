"""The gradient check beside the gradients: right where backward is right, wrong where it was broken on purpose."""

from __future__ import annotations

import pytest

from chainstep.engine.autograd.gradcheck import TOLERANCE
from chainstep.engine.training.commands import Back, CommandError, Forward, SetGradcheck, SetKnob, SetParameter
from chainstep.engine.training.session import Session
from chainstep.engine.training.snapshot.parameters import ParametersView
from support.cases import each
from support.sessions import Begin, Bits


def checked(session: Session) -> ParametersView:
    """The column when the whole check was made."""
    work = session.checking()
    if work is not None:
        for _ in work:
            pass
    assert session.checking() is None
    view = session.snapshot().parameters
    assert view is not None
    return view


@each("name", ["lecture", "xor", "expression"])
@each("where", [[Forward("step")], [Forward("phase", 4)], [Forward("phase", 4), Forward("op", 2)]])
def test_gradients_are_right_wherever_backward_is_complete(name: str, where: list[Forward], begin: Begin) -> None:
    session = begin(name)
    session.apply(SetGradcheck(True))
    for command in where:
        session.apply(command)
    view = checked(session)
    assert view.errors is not None
    assert all(error is None or error < TOLERANCE for error in view.errors)
    assert any(error is not None for error in view.errors)
    assert view.numeric is not None
    assert view.numeric == pytest.approx(view.grad, rel=1e-4, abs=1e-6)


def test_a_check_says_nothing_of_gradients_that_are_not_complete(begin: Begin) -> None:
    session = begin("lecture")
    session.apply(SetGradcheck(True))
    for where in (Forward("op", 5), Forward("phase", 3), Forward("op", 40)):
        session.apply(where)
        view = checked(session)
        assert view.errors == (None,) * 41
        assert view.numeric is not None
        assert None not in view.numeric


def test_an_edit_after_backward_makes_the_gradients_those_of_another_point(begin: Begin) -> None:
    session = begin("lecture")
    for command in (SetGradcheck(True), Forward("phase", 4), SetKnob("lr", 0.3)):
        session.apply(command)
    assert None not in (checked(session).errors or (None,))
    session.apply(SetParameter(0, 2.0))
    assert checked(session).errors == (None,) * 41


@each("mistake", ["no_zero_grad", "overwrite", "unordered"])
def test_a_wrong_backward_is_found(mistake: str, begin: Begin) -> None:
    session = begin("lecture")
    for command in (SetKnob("mistakes", (mistake,)), SetGradcheck(True), Forward("step", 2)):
        session.apply(command)
    errors = checked(session).errors
    assert errors is not None
    assert any(error is not None and error > 0.1 for error in errors)


def test_a_batch_is_checked_on_its_own_samples(begin: Begin) -> None:
    session = begin("moons", batch_size=3, hidden=(4,))
    for command in (SetGradcheck(True), Forward("step", 40)):
        session.apply(command)
    errors = checked(session).errors
    assert errors is not None
    assert all(error is None or error < TOLERANCE for error in errors)


def test_it_is_a_check_of_one_place_and_changes_nothing(begin: Begin, bits: Bits) -> None:
    session, straight = begin("lecture"), begin("lecture")
    session.apply(SetGradcheck(True))
    for command in (Forward("step"), Back("op"), Forward("op")):
        for one in (session, straight):
            one.apply(command)
        checked(session)
        assert bits(session) == bits(straight)
    session.apply(SetGradcheck(False))
    view = session.snapshot().parameters
    assert view is not None
    assert (view.numeric, view.errors, session.checking()) == (None, None, None)


def test_h_decides(begin: Begin) -> None:
    session = begin("lecture")
    for command in (Forward("step"), SetGradcheck(True, 0.5)):
        session.apply(command)
    errors = checked(session).errors
    assert errors is not None
    assert max(error for error in errors if error is not None) > 1e-3
    for h in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(CommandError):
            session.apply(SetGradcheck(True, h))
