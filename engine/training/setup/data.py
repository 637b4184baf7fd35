"""What a session needs of its data: samples, the coding of targets, and the order of batches. Must not know where data
comes from.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from ...nn.losses import Loss
from ...records import record

if TYPE_CHECKING:
    from ..recorded.recording import Recording

Rows = tuple[tuple[float, ...], ...]


class TrainingData(Protocol):
    """A data set: n training and m test samples of d features."""

    @property
    def name(self) -> str: ...
    @property
    def features(self) -> tuple[str, ...]:
        """Names of the d features."""
        ...

    @property
    def target(self) -> str:
        """Name of what is predicted."""
        ...

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; empty for regression."""
        ...

    @property
    def train_inputs(self) -> Rows:
        """n x d."""
        ...

    @property
    def train_targets(self) -> tuple[float, ...]:
        """n class indices, or numbers to regress on."""
        ...

    @property
    def test_inputs(self) -> Rows:
        """m x d; may be empty."""
        ...

    @property
    def test_targets(self) -> tuple[float, ...]: ...


@runtime_checkable
class Variable(TrainingData, Protocol):
    """A data set that can be made again with other noise, or parted otherwise."""

    @property
    def noise(self) -> float | None:
        """How far its points are scattered; None where that cannot be changed."""
        ...

    @property
    def fraction(self) -> float | None:
        """The fraction of its samples that is for testing; None where that cannot be changed."""
        ...

    def varied(self, noise: float | None, split: float | None) -> TrainingData:
        """The same data with this noise and this fraction for testing; None leaves either as it is.

        Raises:
            ValueError: one of them cannot be changed; the message is one line.
        """
        ...


@runtime_checkable
class Divisible(TrainingData, Protocol):
    """A data set of which some training samples can be held out."""

    @property
    def validation_inputs(self) -> Rows:
        """k x d: those that are; empty where none is."""
        ...

    @property
    def validation_targets(self) -> tuple[float, ...]: ...

    def held_out(self, fraction: float) -> TrainingData:
        """The same data with this fraction of its training samples held out, always the same ones."""
        ...


@runtime_checkable
class Standardised(TrainingData, Protocol):
    """A data set whose inputs and target may be in units of their spread."""

    @property
    def means(self) -> tuple[float, ...]:
        """What was subtracted from each raw input; empty where nothing was standardised."""
        ...

    @property
    def scales(self) -> tuple[float, ...]:
        """What each input was then divided by; empty where nothing was standardised."""
        ...

    @property
    def target_mean(self) -> float:
        """What was subtracted from each raw target; 0 where it is not scaled."""
        ...

    @property
    def target_scale(self) -> float:
        """What each target was then divided by; 1 where it is not scaled."""
        ...


@runtime_checkable
class Pictured(TrainingData, Protocol):
    """A data set whose samples may be pictures."""

    @property
    def image(self) -> tuple[int, int] | None:
        """Columns and rows of the pixels that the d features are, row by row from the top left; None for no picture."""
        ...


@record
class Formula:
    """An expression as the subject of a session, with a number for each of its leaves."""

    source: str
    leaves: Mapping[str, float]
    name: str = "expression"


UNTOUCHED = "this is what your script did: change the script, and run it again"
"""Why nothing can be edited in what was recorded."""


class Recorded(NamedTuple):
    """A run of a user's own script as the subject of a session: moments of one graph, one after the other."""

    recording: Recording
    moments: tuple[int, ...]
    """Their numbers in the recording."""

    @property
    def name(self) -> str:
        """What the script is called."""
        return self.recording.name


Trained = TrainingData | Formula | Recorded
"""What a session can be of."""


@record
class Coding:
    """How a target becomes numbers for the loss, and outputs become a decision again.

    `outputs` is the size of the last layer: 1 for regression and for two classes, one a class otherwise.
    """

    classes: int
    outputs: int
    negative: float
    """Target of the class that is not meant; the one that is meant has 1."""
    threshold: float
    """With one output: above it, the second class is chosen."""
    weights: tuple[float, ...] = ()
    """What a sample of each class weighs in the loss; empty where all weigh alike."""

    @classmethod
    def of(cls, classes: int, loss: Loss, activation: str) -> Coding:
        """The coding for a loss and the activation of the last layer."""
        zero_one = activation in ("sigmoid", "step")
        negative = loss.negative_target if loss.negative_target is not None else 0.0 if zero_one else -1.0
        outputs = classes if classes > 2 or (classes and loss.one_hot) else 1
        return cls(classes, outputs, negative, 0.5 if zero_one else 0.0)

    def balanced(self, targets: Sequence[float]) -> Coding:
        """The same where each class weighs what makes up for how many of these n targets are its own."""
        from .class_weights import balanced  # few weigh them

        counts = Counter(targets)
        return replace(self, weights=balanced([counts[float(index)] for index in range(self.classes)]))

    def encode(self, target: float) -> tuple[float, ...]:
        """The numbers that the loss compares the outputs with; behind them, where classes have one, the weight."""
        if not self.classes:
            return (target,)
        weight = (self.weights[int(target)],) if self.weights else ()
        if self.outputs == 1:
            return (1.0 if target == 1.0 else self.negative, *weight)
        return *(1.0 if index == target else self.negative for index in range(self.outputs)), *weight

    def decide(self, outputs: Sequence[float]) -> int | None:
        """Index of the class that the outputs choose; None for regression."""
        if not self.classes:
            return None
        if self.outputs == 1:
            return int(outputs[0] > self.threshold)
        return max(range(self.outputs), key=outputs.__getitem__)

    def is_right(self, outputs: Sequence[float], targets: Sequence[float]) -> bool:
        """Whether outputs choose the class that coded targets mean; False for regression."""
        if not self.classes:
            return False
        meant = int(targets[0] == 1.0) if self.outputs == 1 else targets.index(1.0)
        return self.decide(outputs) == meant


NO_CLASSES = Coding(0, 1, 0.0, 0.0)
"""The coding of a single number that nothing is decided by."""


def shuffled(n: int, rng: random.Random) -> list[int]:
    """0 … n−1 in the very order that `rng.shuffle` gives, in half its time: it asks a method for each number."""
    order, draw = list(range(n)), rng.getrandbits
    for i in range(n - 1, 0, -1):
        bits = (i + 1).bit_length()
        j = draw(bits)
        while j > i:
            j = draw(bits)
        order[i], order[j] = order[j], order[i]
    return order


class Batches:
    """Which samples each step takes. The order is a function of seed and epoch alone, so that any step can be found
    again.

    Batches of less than all samples are shuffled anew each epoch; the whole set goes in its own order.
    """

    def __init__(self, n: int, size: int | None, seed: int) -> None:
        self.n = n
        self.size = n if size is None else min(size, n)
        self._seed = seed
        self._epoch = -1
        self._order: Sequence[int] = range(n)

    def sizes(self) -> tuple[int, ...]:
        """Every size that a batch can have: the full one, and what is left over at an epoch's end."""
        rest = self.n % self.size
        return (self.size, rest) if rest else (self.size,)

    def coming(self, epoch: int, cursor: int, count: int) -> list[Sequence[int]]:
        """The batches of `count` steps, from place `cursor` of an epoch on."""
        if self.size == self.n:
            return [self.at(epoch, cursor)] * count
        batches = []
        for _ in range(count):
            batch = self.at(epoch, cursor)
            batches.append(batch)
            cursor += len(batch)
            if cursor == self.n:
                epoch, cursor = epoch + 1, 0
        return batches

    def length(self, cursor: int) -> int:
        """How many samples the batch has that begins at a place of an epoch."""
        return min(self.size, self.n - cursor)

    def behind(self, epoch: int, cursor: int, steps: int) -> tuple[int, int]:
        """The epoch and the place in it that so many steps lead to."""
        epochs, batch = divmod(cursor // self.size + steps, self.steps_left(0))
        return epoch + epochs, batch * self.size

    def text(self, epoch: int) -> str:
        """What the generator of an epoch's order is seeded with."""
        return f"shuffle {self._seed} {epoch}"

    def epoch_starts(self, cursor: int, steps: int) -> range:
        """After how many of the next `steps` steps another epoch begins, from place `cursor` of an epoch on."""
        return range(self.steps_left(cursor), steps + 1, self.steps_left(0))

    def steps_left(self, cursor: int) -> int:
        """Steps from place `cursor` of an epoch to its end."""
        return -(-(self.n - cursor) // self.size)

    def at(self, epoch: int, cursor: int) -> Sequence[int]:
        """Indices of the samples from place `cursor` of the epoch's order."""
        return self.order(epoch)[cursor : cursor + self.size]

    def order(self, epoch: int) -> Sequence[int]:
        """All samples in the order of an epoch."""
        if self.size < self.n and epoch != self._epoch:
            self._order, self._epoch = shuffled(self.n, random.Random(self.text(epoch))), epoch
        return self._order


class OneByOne(Batches):
    """The samples one a step, in their own order, and once: behind the last one there is no other."""

    def __init__(self, n: int) -> None:
        super().__init__(n, 1, 0)

    def at(self, epoch: int, cursor: int) -> Sequence[int]:
        """The sample of a step; behind the last one, that one still."""
        return range(self.n - 1, self.n) if epoch else range(cursor, cursor + 1)
