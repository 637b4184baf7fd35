"""Random networks out of a seed, more and larger ones than property tests can pay for. Knows settings and programs."""

from __future__ import annotations

import random

from chainstep.engine.nn.mlp import ACTIVATIONS
from chainstep.engine.nn.optimizers import OPTIMIZERS
from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.step.program import Program
from chainstep.engine.training.step.stepper import Stepper
from support.networks import Data

ODD = (0.0, -0.0, 1e200, -1e200, 1e-200, float("inf"), float("nan"), 1e19, -1e21, 30.0)


def random_network(rng: random.Random) -> tuple[Stepper, tuple[float, ...]]:
    """A network of any shape on a few random samples, and its first weights, some of them odd now and then."""
    loss = rng.choice(["sse", "mse", "hinge", "bce", "softmax"])
    classes = rng.choice([2, 3, 5]) if loss not in ("sse", "mse") else rng.choice([0, 2, 3])
    n, width = rng.randint(1, 140), rng.randint(1, 11)
    rows = tuple(tuple(rng.uniform(-3, 3) for _ in range(width)) for _ in range(n))
    targets = tuple(float(rng.randrange(classes)) if classes else rng.uniform(-3, 3) for _ in range(n))
    settings = Settings(
        hidden=tuple(rng.randint(1, 20) for _ in range(rng.randint(0, 3))),
        activation=rng.choice([*ACTIVATIONS]),
        loss=loss,
        optimizer=rng.choice([*OPTIMIZERS]),
        lr=rng.choice([0.01, 0.5, 30.0]),
        l1=rng.choice([0.0, 0.01]),
        l2=rng.choice([0.0, 1e-4]),
        batch_size=rng.choice([None, rng.randint(1, n)]),
        maximise=rng.random() < 0.2,
        frozen=tuple({rng.randint(0, 9) for _ in range(rng.randint(0, 2))}),
        class_weights=bool(classes) and rng.random() < 0.3,
        seed=rng.randrange(10**6),
    )
    program = Program.of_network(Data(rows, targets, tuple("abcde"[:classes])), settings)
    first = list(program.first)
    if rng.random() < 0.3:
        first[rng.randrange(len(first))] = rng.choice(ODD)
    return Stepper(program, settings), tuple(first)
