"""Sessions on networks from elsewhere: on inputs that are typed, on an example, and saved. Must not know formats."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from chainstep.datasets import DataError
from chainstep.engine.training.commands import Restart, SetKnob, SetSample
from chainstep.engine.training.setup.settings import SettingsError
from chainstep.tui.exchange.network import Network, dense
from chainstep.tui.files.subjects.imported import on_inputs, on_session
from chainstep.tui.files.subjects.opening import open_subject
from chainstep.tui.files.subjects.source import Source
from support.cases import each
from support.runs.saved import save, saved
from support.sessions import numbers_of


def network(outputs: int = 1, *activations: str, biased: bool = True) -> Network:
    """2-3-outputs with weights of its own."""
    first = dense([0.1 * k for k in range(6)], 2, (0.5, -0.5, 0.25) if biased else None, (activations or ("relu",))[0])
    last = dense([0.3, -0.2, 0.7] * outputs, 3, (0.0,) * outputs, activations[-1] if activations else "linear")
    return Network((first, last), () if biased else (1,))


def test_it_stands_on_typed_inputs_with_its_own_weights() -> None:
    given = network(1, "gelu", "tanh")
    session, source = on_inputs(given, "net.py", (0.5, -1.0))
    assert session.parameters == given.parameters
    assert session.settings.activations == ("gelu", "tanh")
    program = session.run.stepper.program
    assert [layer.activation for layer in program.layers] == ["gelu", "tanh"]
    assert program.samples == (((0.5, -1.0), (0.0,)),)
    snapshot = session.snapshot(("network",))
    assert snapshot.subject.architecture == "MLP 2-3-1 gelu+tanh"
    session.train(1000, 3)
    assert session.step == 3
    assert (source.kind, source.title) == ("inputs", "net.py")
    ones, _ = on_inputs(given, "net.py")
    assert ones.run.stepper.program.samples == (((1.0, 1.0), (0.0,)),)


def test_several_outputs_are_classes() -> None:
    session, _ = on_inputs(network(2, "tanh", "linear"), "net.py")
    assert session.settings.loss == "softmax"
    assert session.run.stepper.program.samples[0][1] == (1.0, 0.0)
    assert session.settings.activations == ()
    assert session.settings.activation == "tanh"


def test_a_saved_run_needs_the_file_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINSTEP_STATE", str(tmp_path))
    session, source = on_inputs(network(3, "silu", "sigmoid", biased=False), "net.py", (2.0, -0.5))
    session.apply(SetSample(0, 1, 0.75))
    session.train(1000, 4)
    save(session, source)
    again, opened = saved()
    assert opened.to_json() == source.to_json()
    assert numbers_of(again) == numbers_of(session)
    assert again.settings == session.settings
    for which in (session, again):
        which.train(1000, 7)
    assert numbers_of(again) == numbers_of(session)


def test_biases_that_it_has_not_stay_0() -> None:
    given = network(biased=False)
    session, _ = on_inputs(given, "net.py")
    assert session.settings.frozen == given.missing == (2, 5, 8)
    session.train(1000, 5)
    assert [session.parameters[place] for place in given.missing] == [0.0, 0.0, 0.0]
    assert session.parameters != given.parameters


def test_on_an_example_it_is_that_with_other_weights() -> None:
    given = network(1, "tanh", "linear")
    session = on_session(given, "net.py", open_subject("moons")[0], named=False)
    assert session.parameters == given.parameters
    assert (session.settings.hidden, session.settings.bends, session.settings.loss) == ((3,), "tanh", "hinge")
    session.apply(SetKnob("lr", 0.05))
    session.train(10_000, 5)
    session.apply(Restart())
    assert session.parameters == given.parameters
    two = on_session(network(2), "net.py", open_subject("moons")[0], named=False)
    assert two.settings.loss == "softmax"


def test_turning_its_activation_is_that_of_all_layers() -> None:
    session, _ = on_inputs(network(1, "gelu", "tanh"), "net.py")
    session.apply(SetKnob("activation", "relu"))
    assert session.next_settings.activations == ()
    session.apply(SetKnob("hidden", (4,)))
    assert session.next_settings.hidden == (4,)


@each(
    ("what", "outputs", "says"),
    [
        ("iris", 3, "net.py takes 2 inputs, and iris has 4"),
        ("moons", 3, "net.py has 3 outputs, and moons with loss hinge wants 1"),
        ("parabola", 1, "parabola has no data that a network could be stepped on"),
    ],
)
def test_what_does_not_fit_is_told(what: str, outputs: int, says: str) -> None:
    with pytest.raises(DataError, match=says):
        on_session(network(outputs), "net.py", open_subject(what)[0], named=False)
    with pytest.raises(DataError, match="takes 2 inputs, not 3"):
        on_inputs(network(), "net.py", (1.0, 2.0, 3.0))
    with pytest.raises(SettingsError, match="2 layers need 2 activations"):
        on_inputs(network(), "net.py")[0].settings.replace(activations=("relu",))


@each(
    ("leaves", "outputs"), [({}, 1), ({"x0": math.inf}, 1), ({"x0": 1.0}, 0), ({"x0": 1.0}, None), ({"x0": 1.0}, 10**9)]
)
def test_a_forged_source_is_refused(leaves: dict[str, float], outputs: object) -> None:
    with pytest.raises(DataError, match="a model"):
        Source("inputs", "net.py", leaves=leaves, choices={"outputs": outputs}).subject()
