"""Training that ends by itself on samples that are held out. Must not know the screen."""

from __future__ import annotations

import math
import random

import pytest

from chainstep.datasets import Dataset
from chainstep.engine.training.archive.archive import Archive
from chainstep.engine.training.archive.restore import restore
from chainstep.engine.training.commands import Goto
from chainstep.engine.training.debugger.early_stop import PATIENCE, REASON
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula
from chainstep.engine.training.setup.settings import Settings, SettingsError
from support.cases import each

_FAR = 10_000


def noise(rows: int = 100) -> Dataset:
    """Two classes that nothing tells apart: whatever is learnt is overfitting."""
    rng = random.Random(3)
    inputs = tuple((rng.gauss(0, 1), rng.gauss(0, 1)) for _ in range(rows))
    return Dataset("noise", ("a", "b"), "y", ("no", "yes"), inputs, tuple(float(rng.random() < 0.4) for _ in inputs))


def begun(validation: float = 0.2) -> Session:
    knobs = {"hidden": (8,), "activation": "tanh", "init": "xavier", "loss": "bce", "optimizer": "adam", "lr": 0.05}
    return Session(noise(), Settings.of({**knobs, "batch_size": 20, "validation": validation}))


def trained(session: Session, samples: int = 40) -> Session:
    while session.train(samples, _FAR):
        pass
    return session


def test_what_is_held_out_is_never_trained_on_and_each_class_gives_its_share() -> None:
    data, program = noise(), begun().run.stepper.program

    assert len(program.validation) == 20
    assert len(program.samples) == program.batches.n == 80
    assert {*program.samples, *program.validation} == {*begun(0.0).run.stepper.program.samples}
    yes = sum(data.train_targets) / 100
    assert sum(target > 0 for _, (target,) in program.validation) == pytest.approx(20 * yes, abs=1)
    assert begun().run.stepper.program.validation == program.validation


def test_it_ends_where_patience_does_and_the_best_step_is_known() -> None:
    session = trained(begun())
    validations = session.run.history.validations

    assert session.stopped == REASON
    assert [step for step, _ in validations] == list(range(4, session.step + 1, 4))
    best, smallest = min(validations, key=lambda row: row[1])
    assert session.best_step == best
    assert session.step == best + 4 * PATIENCE
    session.apply(Goto(best))
    assert (session.step, session.best_step) == (best, None)
    rows = session.run.stepper.program.validation
    losses = [
        math.log1p(math.exp(-p.sums[0] * (2 * t[0] - 1)))
        for p, (_, t) in zip(session.predictions([inputs for inputs, _ in rows]), rows, strict=True)
    ]
    assert math.fsum(losses) / len(losses) == pytest.approx(smallest)


@each("samples", [1, 7, 100_000])
def test_it_ends_at_the_same_step_with_the_same_bits_however_it_is_sliced(samples: int) -> None:
    usual, sliced = trained(begun()), trained(begun(), samples)

    assert sliced.run.history.validations == usual.run.history.validations
    assert (sliced.step, sliced.best_step, sliced.parameters) == (usual.step, usual.best_step, usual.parameters)


def test_a_saved_run_ends_where_it_would_have() -> None:
    usual, left = trained(begun()), begun()
    while left.step < usual.step // 2:
        left.train(20, usual.step // 2)
    again = trained(restore(left.subject, Archive(left).changes().records))

    assert (again.step, again.best_step, again.parameters) == (usual.step, usual.best_step, usual.parameters)


def test_played_on_it_waits_as_long_again_and_steps_by_hand_go_where_they_are_told() -> None:
    session = trained(begun())
    stopped, best = session.step, session.best_step
    assert best is not None
    session.apply(Goto(best))
    trained(session)
    assert session.stopped == REASON
    assert session.step == stopped + 4 * PATIENCE

    session.apply(Goto(3 * stopped))
    assert session.step == 3 * stopped


def test_without_samples_held_out_nothing_ends_it() -> None:
    session = begun(0.0)
    while session.step < 400:
        session.train(4_000, 400)

    assert session.stopped is None
    assert not session.run.history.validations
    with pytest.raises(SettingsError, match="validation"):
        Session(Formula("a*b", {"a": 1.0, "b": 2.0}), Settings(validation=0.1))
    with pytest.raises(SettingsError, match="validation must be at least 0 and below 1"):
        Settings(validation=1.0)
