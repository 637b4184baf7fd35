"""Scripts for other libraries: each runs by itself, prints our loss and trains on as we do. Knows sessions alone."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep import engine
from chainstep.engine.nn.mlp import ACTIVATIONS
from chainstep.engine.nn.optimizers import OPTIMIZERS, SCHEDULES
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import Settings
from chainstep.tui.exchange.export import exported
from chainstep.tui.exchange.programs.shared import RATES
from chainstep.tui.files.subjects.opening import open_expression, open_subject

LIBRARIES = {"pytorch": "torch", "numpy": "numpy", "micrograd": "micrograd"}


def trained(what: str, steps: int, **knobs: Any) -> Session:
    session = open_subject(what, None, knobs)[0]
    session.train(10**9, steps)
    assert session.step == steps
    return session


def ran(text: str, steps: int) -> list[float]:
    """The losses that a script prints when it is asked for so many steps."""
    told, words, limit = io.StringIO(), sys.argv, sys.getrecursionlimit()
    sys.argv = ["model.py", str(steps)]
    try:
        with contextlib.redirect_stdout(told):
            exec(compile(text, "model.py", "exec"), {"__name__": "__main__"})
    finally:
        sys.argv = words
        sys.setrecursionlimit(limit)  # one for micrograd raises it so far that the stack would not do
    return [float(line.split()[-1]) for line in told.getvalue().splitlines()]


def ours(session: Session, steps: int) -> list[float]:
    """What it should have printed: the loss over all samples, each step's, and the loss over all again."""

    def whole() -> float:
        return session.final_loss()[0]

    before = whole()
    session.train(10**9, session.step + steps)
    return [before, *(session.losses[session.step - steps + k] for k in range(steps)), whole()]


@pytest.fixture
def with_our_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """`micrograd` is chainstep's engine."""
    monkeypatch.setitem(sys.modules, "micrograd", ModuleType("micrograd"))
    monkeypatch.setitem(sys.modules, "micrograd.engine", engine)


CASES: list[tuple[str, dict[str, Any]]] = [
    ("lecture", {"optimizer": "momentum", "schedule": "cosine", "l1": 0.01}),
    ("moons", {"loss": "bce", "optimizer": "adam", "batch_size": 30, "hidden": (5, 4), "schedule": "step"}),
    ("iris", {"loss": "softmax", "activation": "softplus", "hidden": (4,), "optimizer": "momentum", "l2": 1e-3}),
    ("iris", {"loss": "hinge", "activation": "gelu", "hidden": (4,), "batch_size": 50, "horizon": 7}),
    ("xor", {"loss": "mse", "activation": "sigmoid", "hidden": (3,), "optimizer": "adam", "frozen": (0, 5)}),
    ("penguins", {"loss": "softmax", "hidden": (3,), "batch_size": 90, "class_weights": True}),
    ("penguins", {"loss": "hinge", "hidden": (3,), "l2": 1e-3, "class_weights": True}),
]


@pytest.mark.parametrize("to", LIBRARIES)
@pytest.mark.parametrize(("what", "knobs"), CASES)
def test_a_script_prints_our_losses(what: str, knobs: dict[str, Any], to: str, request: pytest.FixtureRequest) -> None:
    if to == "micrograd":
        request.getfixturevalue("with_our_value")
    else:
        pytest.importorskip(LIBRARIES[to])
    session = trained(what, 3, **knobs)
    text = exported(session, to).decode()
    assert ran(text, 4) == pytest.approx(ours(session, 4), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("to", LIBRARIES)
@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "step"])
def test_every_activation(activation: str, to: str, request: pytest.FixtureRequest) -> None:
    if to == "micrograd":
        request.getfixturevalue("with_our_value")
    else:
        pytest.importorskip(LIBRARIES[to])
    session = trained("xor", 2, activation=activation, hidden=(3,), init="lecture", lr=0.01)
    assert ran(exported(session, to).decode(), 2) == pytest.approx(ours(session, 2), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("to", LIBRARIES)
def test_a_script_runs_in_a_process_of_its_own(to: str, tmp_path: Path) -> None:
    if importlib.util.find_spec(LIBRARIES[to]) is None:
        pytest.skip(f"{LIBRARIES[to]} is not installed")
    session = trained("lecture", 2)
    script = tmp_path / "model.py"
    script.write_bytes(exported(session, to, str(script)))
    told = subprocess.run(
        [sys.executable, "-W", "error", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert float(told.stdout.removeprefix("loss ")) == pytest.approx(session.final_loss()[0], rel=1e-12)


@pytest.mark.usefixtures("with_our_value")
def test_what_climbs_and_what_has_no_gradient() -> None:
    session = trained("wonderland", 1)
    text = exported(session, "micrograd").decode()
    assert "Rosenblatt's rule is no gradient" in text
    assert ran(text, 1) == [session.final_loss()[0]]
    session = trained("lecture", 1, maximise=True, optimizer="adam", lr=1e-3)
    assert ran(exported(session, "micrograd").decode(), 2) == pytest.approx(ours(session, 2), rel=1e-12)
    session = open_expression("a*b", {"a": 2.0, "b": 3.0}, {"mistakes": ("no_zero_grad",)})[0]
    text = exported(session, "micrograd").decode()
    assert "Training was broken on purpose" in text
    assert ran(text, 1) == [6.0]


FORMULAS = [
    ("3*x**2 - 4*x + 5", {"x": 3.0}, {"optimizer": "momentum"}),
    ("tanh(a*b + c)**2 / (1 + exp(-a)) + max(a, b)*0.5 - min(b, c)", {"a": 2.0, "b": -3.0, "c": 6.5}, {"frozen": (1,)}),
    ("sqrt(a) + log(a) + sin(b)*cos(b) + abs(b) + sigmoid(b) + relu(a)", {"a": 2.0, "b": -0.5}, {"maximise": True}),
    (
        "leaky_relu(b) + elu(b) + gelu(b)*silu(a) + softplus(a) + step(a) + a**b",
        {"a": 2.0, "b": -0.5},
        {"optimizer": "adam"},
    ),
]


@pytest.mark.parametrize("to", ["pytorch", "micrograd"])
@pytest.mark.parametrize(("source", "leaves", "knobs"), FORMULAS)
def test_an_expression_is_a_script_too(
    source: str, leaves: dict[str, float], knobs: dict[str, Any], to: str, request: pytest.FixtureRequest
) -> None:
    if to == "micrograd":
        request.getfixturevalue("with_our_value")
    else:
        pytest.importorskip("torch")
    session = open_expression(source, leaves, knobs)[0]
    session.train(10**9, 2)
    text = exported(session, to).decode()
    assert ran(text, 3) == pytest.approx(ours(session, 3), rel=1e-12)


def test_the_script_says_what_is_summed() -> None:
    text = exported(trained("iris", 1, loss="bce", l2=0.5), "pytorch", "iris.py").decode()
    assert text.startswith('"""iris as chainstep has it at step 1: 4-')
    assert "summed over outputs; the mean over samples (nn.BCEWithLogitsLoss divides by the outputs too)" in text
    assert "0.5 * Σp² over all parameters, biases too" in text
    assert "python iris.py [STEPS]    trains on; " in text
    compile(text, "iris.py", "exec")


@given(schedule=st.sampled_from([*SCHEDULES]), step=st.integers(0, 300), horizon=st.integers(1, 200))
def test_the_rate_is_ours(schedule: str, step: int, horizon: int) -> None:
    scope: dict[str, Any] = {"LR": 0.3, "HORIZON": horizon, "k": step, "math": __import__("math")}
    expected = Settings(schedule=schedule, lr=0.3, horizon=horizon).rate(step)
    assert eval(RATES[schedule], scope) == pytest.approx(expected, rel=1e-15)


def test_every_optimiser_can_be_written() -> None:
    for optimizer in OPTIMIZERS:
        session = trained("lecture", 1, optimizer=optimizer)
        for to in LIBRARIES:
            compile(exported(session, to), "model.py", "exec")
