"""Training with class weights: the loss and the gradients that they give, the same bits on every way, and back."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainstep.datasets.dataset import Dataset
from chainstep.engine.training.commands import Back, Forward, Goto, SetKnob, SetSample, Undo
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.class_weights import balanced
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.step.backends import choice
from chainstep.engine.training.step.backends.replay import ReplayBackend
from support.archives import reopened
from support.cases import each
from support.sessions import Bits

COUNTS = {2: (11, 3), 3: (9, 4, 2)}


def table(classes: int) -> Dataset:
    """Few samples of the last class, and tests of which all are of it."""
    rng = random.Random(classes)
    targets = [float(place) for place, count in enumerate(COUNTS[classes]) for _ in range(count)]
    rows = tuple((rng.gauss(target, 1.0), rng.gauss(-target, 1.0)) for target in targets)
    tests = tuple((rng.gauss(0.0, 1.0), 1.0) for _ in range(3))
    names = tuple("abc"[:classes])
    return Dataset("table", ("x", "z"), "y", names, rows, tuple(targets), tests, (classes - 1.0,) * 3)


def session(classes: int, *, class_weights: bool = True, **knobs: Any) -> Session:
    usual: dict[str, Any] = {"hidden": (4,), "activation": "tanh", "init": "xavier", "lr": 0.1, "loss": "softmax"}
    return Session(table(classes), Settings(**{**usual, "class_weights": class_weights, **knobs}))


CASES = st.fixed_dictionaries(
    {
        "classes": st.sampled_from([2, 3]),
        "loss": st.sampled_from(["sse", "mse", "hinge", "bce", "softmax"]),
        "activation": st.sampled_from(["tanh", "relu", "sigmoid"]),
        "optimizer": st.sampled_from(["sgd", "momentum", "adam"]),
        "batch_size": st.sampled_from([None, 1, 4, 6]),
        "l2": st.sampled_from([0.0, 0.01]),
        "seed": st.integers(0, 50),
    }
)


@given(CASES, st.integers(0, 400))
def test_stepping_and_compiled_code_give_the_same_bits(bits: Bits, case: dict[str, Any], op: int) -> None:
    compiled, stepped = session(**case), session(**case)
    compiled.apply(Forward("step", 6))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choice, "fastest_backend", lambda stepper, steps, *, prepare: ReplayBackend(stepper))
        stepper = stepped.run.stepper
        least = min(stepper.timeline_of(size).total for size in stepper.program.batches.sizes())
        stepped.apply(Goto(3, op % least))
        stepped.apply(Back("op"))
        stepped.apply(Goto(6))
    assert bits(stepped) == bits(compiled)


@given(CASES)
def test_gradients_are_those_of_the_weighted_loss(case: dict[str, Any]) -> None:
    made = session(**case)
    assert all(row.kink or row.error < 1e-5 for row in made.check())


@each("loss", ["sse", "mse", "hinge", "bce", "softmax"])
@each("classes", COUNTS)
def test_the_loss_is_of_samples_times_the_weights_of_their_classes(classes: int, loss: str) -> None:
    weighted, plain = session(classes, loss=loss), session(classes, loss=loss, class_weights=False)
    weights, targets = balanced(COUNTS[classes]), table(classes).train_targets
    snapshots = [made.snapshot({"samples"}, range(len(targets))) for made in (weighted, plain)]
    assert all(snapshot.samples is not None for snapshot in snapshots)
    own, alike = ([row.loss for row in snapshot.samples.rows] for snapshot in snapshots if snapshot.samples)
    assert own == [weights[int(target)] * one for target, one in zip(targets, alike, strict=True)]
    n = 1 if loss == "sse" else len(targets)
    assert weighted.final_loss()[0] == pytest.approx(sum(own) / n, rel=1e-14)
    # Accuracy counts samples; the tests, all of the rarest class, weigh as that class does in training.
    assert weighted.final_loss()[1] == plain.final_loss()[1]
    shown = [made.snapshot({"test"}) for made in (weighted, plain)]
    assert shown[0].test_loss == pytest.approx(weights[-1] * (shown[1].test_loss or 0.0), rel=1e-14)
    assert shown[0].test_accuracy == shown[1].test_accuracy


def test_without_weights_a_program_has_neither_leaf_nor_op_for_them() -> None:
    weighted, plain = (session(3, class_weights=on).run.stepper.program for on in (True, False))
    assert len(weighted.tape) == len(plain.tape) + 1
    assert len(weighted.weight) == 1
    assert not plain.weight
    assert [len(targets) for _, targets in plain.samples] == [3] * len(plain.samples)


def test_weights_are_counted_without_what_is_held_out() -> None:
    program = session(2, validation=0.3).run.stepper.program
    kept, held = (
        [targets[1] for _, targets in samples].count(1.0) for samples in (program.samples, program.validation)
    )
    assert held
    assert program.coding.weights == balanced([len(program.samples) - kept, kept]) != balanced(COUNTS[2])
    assert {targets[-1] for _, targets in program.validation} == {*program.coding.weights}


def test_weights_are_switched_on_in_the_middle_and_off_again_and_saved(bits: Bits) -> None:
    made = session(3, class_weights=False, batch_size=4)
    made.apply(Forward("step", 3))
    made.apply(SetKnob("class_weights", True))
    made.apply(Forward("step", 3))
    # A sample that is taken for another class weighs as that does; the weights stay those of the data.
    made.apply(SetSample(0, None, 2.0))
    assert made.run.stepper.program.samples[0][1] == (0.0, 0.0, 1.0, balanced(COUNTS[3])[2])
    made.apply(Forward("step", 3))
    again = reopened(made)
    assert again.settings.class_weights
    assert bits(again) == bits(made)
    again.apply(Goto(3))
    again.apply(Goto(9))
    assert bits(again) == bits(made)
    before = made.settings
    made.apply(SetKnob("class_weights", False))
    made.apply(Undo())
    assert made.settings == before
