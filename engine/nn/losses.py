"""Losses and penalties as expressions of Values. Must not know data sets, tapes or training.

A loss is taken of each sample by itself; the batch's loss is the sum or the mean of them, plus the penalties.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from ..autograd.ops import ieee
from ..autograd.ops.table import OPS
from ..autograd.value import Value, apply
from ..records import record


@record
class Loss:
    """One loss: how it measures a sample, and what it wants of the network."""

    text: str
    """The formula, short enough for one line of the screen: ŷ is the output, y the target."""
    of_sample: Callable[[Sequence[Value], Sequence[Value], Sequence[Value]], Value]
    """A sample's loss from (outputs, sums, targets), k Values each; `sums` are the last layer before its activation."""
    mean: bool
    """The batch's loss is the mean of the samples', not their sum."""
    logits: bool
    """The outputs are logits: the last layer is linear."""
    negative_target: float | None
    """Target of the class that is not meant (the one that is meant has 1.0); None where the output's activation
    decides.
    """
    one_hot: bool = False
    """Even two classes have an output each."""
    smooth: bool = False
    """Smooth in the outputs, although some of its ops have kinks: those cancel."""
    probabilities: Callable[[Sequence[float]], tuple[float, ...]] | None = None
    """What the outputs mean as probabilities, one a class, also where two classes share one output; None where they
    mean none.
    """
    words: str = ""
    """What is summed and what is averaged, where that is a choice that others make otherwise."""


Scalar = TypeVar("Scalar", float, Value)


def _total(terms: Sequence[Scalar]) -> Scalar:
    """The terms added from left to right."""
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _squares(outputs: Sequence[Value], sums: Sequence[Value], targets: Sequence[Value]) -> Value:
    return _total([(output - target) ** 2 for output, target in zip(outputs, targets, strict=True)])


def _hinge(outputs: Sequence[Value], sums: Sequence[Value], targets: Sequence[Value]) -> Value:
    return _total([(1 - target * output).relu() for output, target in zip(outputs, targets, strict=True)])


def _cross_entropy(outputs: Sequence[Value], sums: Sequence[Value], targets: Sequence[Value]) -> Value:
    """softplus(ŷ) − y·ŷ, which is −y·log σ(ŷ) − (1−y)·log(1−σ(ŷ)) without overflow."""
    softplus = OPS["softplus"]
    return _total([apply(softplus, output) - target * output for output, target in zip(outputs, targets, strict=True)])


def _softmax(outputs: Sequence[Value], sums: Sequence[Value], targets: Sequence[Value]) -> Value:
    """log Σ exp(ŷᵢ) − Σ yᵢ·ŷᵢ, shifted by the largest ŷ so that no exponential overflows. The targets' sum is 1, and so
    the shift's own gradient cancels, whichever of two equal ŷ is taken for the largest.
    """
    largest = outputs[0]
    for output in outputs[1:]:
        largest = apply(OPS["max"], largest, output)
    shifted = [output - largest for output in outputs]
    chosen = _total([target * score for target, score in zip(targets, shifted, strict=True)])
    return _total([score.exp() for score in shifted]).log() - chosen


def _perceptron(outputs: Sequence[Value], sums: Sequence[Value], targets: Sequence[Value]) -> Value:
    """1 for each output that is decided wrongly; its gradient is Rosenblatt's rule (1958), target − output."""
    return _total([apply(OPS["perceptron"], total, target) for total, target in zip(sums, targets, strict=True)])


def sigmoids(scores: Sequence[float]) -> tuple[float, ...]:
    """Each class by itself: σ of its score; of a lone one σ(−ŷ) and σ(ŷ), the first class and the second."""
    return tuple(map(ieee.sigmoid, scores if len(scores) > 1 else (-scores[0], scores[0])))


def softmax(scores: Sequence[float]) -> tuple[float, ...]:
    """One class of all: exp(ŷᵢ) / Σ exp(ŷⱼ), shifted by the largest; nan where a score is."""
    top = max(scores)
    powers = [ieee.exp(score - top) for score in scores]
    total = math.fsum(powers)
    return tuple(power / total for power in powers) if total else tuple(math.nan for _ in scores)


LOSSES: Mapping[str, Loss] = {
    "sse": Loss(
        "Σ(ŷ-y)²",
        _squares,
        mean=False,
        logits=False,
        negative_target=None,
        words="squares, summed over outputs and samples",
    ),
    "mse": Loss(
        "mean (ŷ-y)²",
        _squares,
        mean=True,
        logits=False,
        negative_target=None,
        words="squares, summed over outputs; the mean over samples",
    ),
    "hinge": Loss(
        "mean max(0, 1-y·ŷ)",
        _hinge,
        mean=True,
        logits=True,
        negative_target=-1.0,
        words="each class against the rest, summed; the mean over samples",
    ),
    "bce": Loss(
        "mean BCE(σ(ŷ), y)",
        _cross_entropy,
        mean=True,
        logits=True,
        negative_target=0.0,
        probabilities=sigmoids,
        words="each class yes or no, summed; the mean over samples",
    ),
    "softmax": Loss(
        "mean CE(softmax ŷ, y)",
        _softmax,
        mean=True,
        logits=True,
        negative_target=0.0,
        one_hot=True,
        smooth=True,
        probabilities=softmax,
        words="one class of all, an output each; the mean over samples",
    ),
    "perceptron": Loss(
        "wrong decisions",
        _perceptron,
        mean=False,
        logits=False,
        negative_target=0.0,
        words="wrong decisions; learns by Rosenblatt's rule (1958)",
    ),
}
"""Losses by name: sum of squares, mean squared error, hinge (SVM max-margin), binary cross-entropy with logits, softmax
cross-entropy, and the perceptron's count of wrong decisions."""


def batch_loss(losses: Sequence[Scalar], parameters: Sequence[Scalar], *, mean: bool, l1: float, l2: float) -> Scalar:
    """Sum or mean of the samples' losses, plus l1·Σ|p| and l2·Σp² over all parameters, biases too (as the demo does).

    Plain numbers go through the same operations in the same order as Values.
    """
    total = _total(losses)
    if mean:
        total = total / len(losses)
    if l1:
        total = total + l1 * _total([abs(parameter) for parameter in parameters])
    if l2:
        total = total + l2 * _total([parameter * parameter for parameter in parameters])
    return total
