"""The settings that a user's table is learnt with, derived from its shape: rows, features and classes. Must not know
files, or what the user has set.

What is measured about them against scikit-learn's default network is in the table of `python -m tests.bench --only
defaults`.
"""

from __future__ import annotations

from chainstep.engine.compiler.plan import LONGEST_LINE
from chainstep.engine.training.setup.data import TrainingData
from chainstep.engine.training.setup.settings import Settings

MOST_WORK = 300_000_000
"""Weights times samples that a whole training works through at most: 40 to 50 ns each in Python, some 15 seconds."""

_EPOCHS = 100
_FEWEST_STEPS = 300
"""Steps that Adam needs to get anywhere, however few rows there are."""

_MANY_ROWS = 10_000
_FEWEST_NEURONS = 4
_NARROW, _BROAD = 16, 32
_ENOUGH_ROWS = 1_000
"""Rows from which some are held out for an early stop. Of fewer, a part that says anything costs more than it tells:
there the penalty does the work alone."""

_HELD_OUT = 0.1
_MOST_HELD_OUT = 2_000
_SMALLEST_BATCH, _LARGEST_BATCH = 32, 128


def for_data(data: TrainingData) -> Settings:
    """Settings that learn most tables within a minute.

    One layer of tanh, whose smooth functions do better on few rows than those of ReLU; a batch of about the root of the
    rows, so that more rows give longer steps and more of them; and a penalty that weighs 1/n, as a prior on the weights
    does: the fewer rows there are, the more it holds them small. Of many rows a part is held out for an early stop.
    """
    rows, classes = len(data.train_inputs), len(data.classes)
    outputs = classes if classes > 2 else 1
    hidden = _hidden(rows, len(data.features), outputs)
    batch = _batch(rows)
    return Settings(
        hidden=(hidden,),
        activation="tanh",
        # Made for any number of inputs; ±1 would saturate tanh on a wide table.
        init="xavier",
        loss="mse" if not classes else "bce" if classes == 2 else "softmax",
        optimizer="adam",
        schedule="cosine",
        lr=0.01,
        batch_size=batch if batch < rows else None,
        l2=float(f"{1 / rows:.1g}"),
        validation=min(_HELD_OUT, _MOST_HELD_OUT / rows) if rows >= _ENOUGH_ROWS else 0.0,
        steps=_steps(rows, batch, hidden * (len(data.features) + 1 + outputs) + outputs),
    )


def _hidden(rows: int, features: int, outputs: int) -> int:
    """Neurons of the hidden layer: more for many rows, and fewer for many features: a long tape is slow."""
    hidden = _BROAD if rows >= _MANY_ROWS else _NARROW
    # Each weight is a product and a sum; each neuron has its activation, and each output its share of the loss.
    while hidden > _FEWEST_NEURONS and hidden * (2 * (features + outputs) + 2) + 20 * outputs > LONGEST_LINE:
        hidden //= 2
    return hidden


def _batch(rows: int) -> int:
    """Samples of a step: the power of two that is next to the root of the rows."""
    power: int = 2 ** round((rows.bit_length() - 1) / 2)
    return max(_SMALLEST_BATCH, min(_LARGEST_BATCH, power))


def _steps(rows: int, batch: int, weights: int) -> int:
    """A hundred epochs; fewer where these would be more work than people wait for."""
    batch = min(batch, rows)
    epochs = _EPOCHS * -(-rows // batch)
    return max(_FEWEST_STEPS, min(epochs, MOST_WORK // (weights * batch)))
