"""The worked numbers of the lecture, the demo and Wonderland, by way of a session."""

from __future__ import annotations

from typing import Any

import pytest

from chainstep.engine.training.commands import Forward, SetParameter, SetProbe
from support.sessions import Begin


def test_the_lectures_losses(golden: dict[str, Any], begin: Begin) -> None:
    row = golden["lecture"]
    session = begin("lecture")
    assert session.parameters[:3] == tuple(row["first_weights"])
    session.apply(Forward("step", row["steps"]))
    expected = {int(step): loss for step, loss in row["loss_before_update"].items()}
    assert {step: session.losses[step] for step in expected} == pytest.approx(expected, rel=1e-9)
    assert session.snapshot().lr == row["lr"]


def test_the_demos_losses_and_accuracies(golden: dict[str, Any], begin: Begin) -> None:
    row = golden["moons"]
    session = begin("moons")
    assert len(session.parameters) == 337
    while session.train(1000, row["steps"]):
        pass
    curve = session.snapshot({"curve"}).curve
    assert curve is not None
    assert curve.length == row["steps"]
    losses = {int(step): loss for step, loss in row["loss_before_update"].items()}
    assert {step: curve.loss[step] for step in losses} == pytest.approx(losses, rel=1e-9)
    accuracies = {int(step): accuracy for step, accuracy in row["accuracy_before_update"].items()}
    assert {step: curve.accuracy[step] for step in accuracies} == accuracies
    assert [curve.lr[k] for k in range(100)] == [1.0 - 0.9 * k / 100 for k in range(100)]


def test_wonderlands_table(golden: dict[str, Any], begin: Begin) -> None:
    row = golden["wonderland"]
    snapshot = begin("wonderland").snapshot()
    assert snapshot.samples is not None
    rows = snapshot.samples.rows
    table = {
        "".join(f"{x:.0f}" for x in one.prediction.inputs): [one.prediction.sums[0], one.prediction.outputs[0]]
        for one in rows
    }
    assert table == row["table"]
    assert [one.prediction.decision for one in rows] == [output for _, output in row["table"].values()]
    assert snapshot.parameters is not None
    assert snapshot.parameters.data == (*row["weights"], row["bias"])
    assert snapshot.solved


def test_wonderlands_given_answer(golden: dict[str, Any], begin: Begin) -> None:
    given = golden["wonderland"]["given"]
    session = begin("wonderland")
    session.apply(SetProbe(tuple(map(float, given["x"]))))
    snapshot = session.snapshot()
    assert snapshot.probe is not None
    assert (snapshot.probe.sums, snapshot.probe.outputs) == ((given["f"],), (given["output"],))
    assert snapshot.subject.classes[snapshot.probe.decision or 0] == given["decision"]


def test_the_expression_climbs_along_its_gradient(golden: dict[str, Any], begin: Begin) -> None:
    row = golden["expression"]
    session = begin("expression")
    session.apply(Forward("phase", 3))
    assert session.snapshot().position.phase == "update"
    assert dict(zip(session.labels, session.run.gradients, strict=True)) == row["grad"]
    assert list(session.losses) == [row["value"]]
    session.apply(Forward("step"))
    session.apply(Forward("phase"))
    assert session.losses[1] == pytest.approx(row["after +0.01*grad on every leaf"], rel=1e-9)


@pytest.mark.parametrize("place", [0, 1])
def test_the_parabolas_slopes(golden: dict[str, Any], begin: Begin, place: int) -> None:
    row = golden["derivative"]
    session = begin("parabola")
    session.apply(SetParameter(0, row["x"][place]))
    session.apply(Forward("phase", 3))
    assert session.losses[0] == row["value"][place]
    assert session.run.gradients == (row["slope"][place],)


def test_the_neurons_gradients(golden: dict[str, Any], begin: Begin) -> None:
    row = golden["neuron"]
    session = begin("neuron")
    session.apply(Forward("phase", 3))
    assert session.losses[0] == pytest.approx(row["value"], rel=1e-9)
    assert dict(zip(session.labels, session.run.gradients, strict=True)) == pytest.approx(
        row["grad"], rel=1e-9, abs=1e-12
    )


def test_the_neurons_inputs_stay_as_they_are_given(begin: Begin) -> None:
    session = begin("neuron")
    first = dict(zip(session.labels, session.parameters, strict=True))
    session.apply(Forward("step", 20))
    changed = {name for name, number in zip(session.labels, session.parameters, strict=True) if number != first[name]}
    assert changed == {"w1", "b"}, "w2's gradient is x2, which is 0"
    assert session.run.gradients[0] != 0.0
