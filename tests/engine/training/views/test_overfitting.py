"""What tells overfitting: losses of other samples that rise while the training loss falls. Must not know the screen."""

from __future__ import annotations

import random

from chainstep.datasets import Dataset
from chainstep.engine.training.commands import Goto
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import Settings


def coins(*, learnable: bool) -> Session:
    """Two classes that the first input tells apart, or that nothing does."""
    rng = random.Random(4)
    inputs = tuple((rng.gauss(0, 1), rng.gauss(0, 1)) for _ in range(80))
    targets = tuple(float(row[0] > 0 if learnable else rng.random() < 0.5) for row in inputs)
    data = Dataset("coins", ("a", "b"), "y", ("no", "yes"), inputs[:40], targets[:40], inputs[40:], targets[40:])
    knobs = {"hidden": (12,), "activation": "tanh", "init": "xavier", "loss": "bce", "optimizer": "adam", "lr": 0.05}
    return Session(data, Settings.of(knobs))


def measured_along(session: Session) -> Session:
    for step in range(10, 201, 10):
        session.apply(Goto(step))
        session.snapshot({"test"})
    return session


def test_it_overfits_since_the_test_loss_was_smallest() -> None:
    session = coins(learnable=False)
    assert session.overfits_since() is None
    measured_along(session)
    losses = {step: loss for step, loss, _ in session.run.history.tests}

    best = min(losses, key=losses.__getitem__)
    assert losses[200] > 1.05 * losses[best]
    assert session.overfits_since() == best
    session.apply(Goto(best))
    assert session.overfits_since() is None


def test_what_learns_what_is_there_does_not() -> None:
    assert measured_along(coins(learnable=True)).overfits_since() is None
