"""What is trained as code: the line of each op, and what is broken on purpose."""

from __future__ import annotations

from chainstep.engine.training.commands import Forward, RunTo
from chainstep.engine.training.session import Session
from chainstep.tui.files.subjects.opening import open_expression, open_subject
from chainstep.tui.render.code.listing import listing
from chainstep.tui.render.code.program import at, written
from support.screen.looks import IN_COLOUR


def shown(session: Session, height: int = 60, width: int = 36) -> list[str]:
    return [strip.text.rstrip() for strip in listing(session.snapshot({"code"}), width, height, IN_COLOUR)]


def coming(session: Session) -> str:
    """The line of the next op."""
    view = session.snapshot({"code"}).code
    assert view is not None
    (key, *_) = at(view.coming, view)
    (line,) = [line.text for line in written(view, session.snapshot(())) if line.key == key]
    assert any(row[1] in "▷◁" and row.strip("▶◀▷◁ ") == line for row in shown(session, 7) if row)
    return line


def test_a_neuron_is_gone_through_line_by_line() -> None:
    session, _ = open_subject("lecture")
    expected = ["multiply"] * 2 + ["add", "multiply", "add", "bias", "activate"]
    found = []
    for _ in expected:
        code = session.snapshot({"code"}).code
        assert code is not None
        assert code.coming is not None
        found.append(code.coming.what)
        session.apply(Forward("op"))
    assert found == expected
    assert "net = MLP(3, [4, 4, 1])" in "\n".join(shown(session))
    assert "return total.tanh()" in "\n".join(shown(session))


def test_each_phase_has_its_line() -> None:
    session, _ = open_subject("lecture")
    found = []
    for place in ("loss", "zero_grad", "backward", "update"):
        session.apply(RunTo(place))
        found.append(coming(session))
    assert found == ["loss = sum((o - y)**2)", "p.grad = 0.0", "self.grad = 1.0", "p.data -= lr * p.grad"]


def test_an_expression_has_its_own_steps() -> None:
    session, _ = open_expression("e = a*b; d = (c + 1)*e; L = d*f", {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0})
    found = []
    for _ in range(4):
        found.append(coming(session))
        session.apply(Forward("op"))
    # c + 1 is part of the step that is called d, though it is computed before e.
    assert sorted(found) == sorted(["e = a*b", "d = (c + 1)*e", "d = (c + 1)*e", "L = d*f"])
    assert "b = Value(-3)" in "\n".join(shown(session))


def test_what_is_broken_is_broken_in_the_code() -> None:
    session, _ = open_subject("lecture", overrides={"mistakes": ("no_zero_grad", "overwrite", "flipped"), "gain": 2.0})
    snapshot = session.snapshot({"code"})
    assert snapshot.code is not None
    wrong = [line.text for line in written(snapshot.code, snapshot) if line.wrong]
    assert wrong == ["a.grad = slope * v.grad", "# zero_grad is forgotten", "p.data += lr * p.grad"]
    assert "self.w = [2 * uniform(-1, 1)" in "\n".join(shown(session))
