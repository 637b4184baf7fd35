"""Losses and penalties as expressions of Values. Must not know data sets, tapes or training.

A loss is taken of each sample by itself; the batch's loss is the sum or the mean of them, plus the penalties.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
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
    told: Mapping[str, str] = field(default_factory=dict)
    """What an op of a sample's loss means there, by the op's name, or `last` for the one that gives the loss; `{a}`,
    `{b}` and `{y}` stand for its numbers.
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


_OF_SQUARES = {
    "sub": "The error: how far the prediction {a} is from its target {b}; below 0 it is too low.",
    "powc": "Squared, the error is never negative, and one twice as large counts four times.",
    "add": "The squared errors of the outputs are added: {y} so far.",
}
_OF_HINGE = {
    "mul": "The margin: above 0 if the output has its target's sign, and the larger the surer.",
    "sub": "What the margin {b} lacks to 1.",
    "relu": "The hinge: a margin of 1 and more costs nothing; what lacks is the loss.",
    "add": "What the classes lack is added: {y} so far.",
}
_OF_CROSS_ENTROPY = {
    "softplus": "The loss if the target were 0: -log of the probability of no, 1 - sigmoid({a}).",
    "mul": "Target times output: what the loss is less by where the target is 1.",
    "sub": "Cross-entropy: -log of the probability that the target was given. Sure and right is near 0.",
    "add": "The cross-entropies of the classes are added: {y} so far.",
}
_OF_SOFTMAX = {
    "max": "The largest output so far, {y}: less this one, no output is too large for the exponential.",
    "sub": "Each output less the largest: the probabilities stay as they are, and nothing overflows.",
    "mul": "Target times output: the right class has the target 1 and stays, the others are 0.",
    "add": "Added up over the classes: {y} so far.",
    "exp": "The exponential makes the output positive: its share of them all is the class's probability.",
    "log": "The log of what all classes have together.",
    "last": "Cross-entropy: -log of the right class's probability. Sure and right is near 0.",
}

LOSSES: Mapping[str, Loss] = {
    "sse": Loss(
        "Σ(ŷ-y)²",
        _squares,
        mean=False,
        logits=False,
        negative_target=None,
        told=_OF_SQUARES,
        words="squares, summed over outputs and samples",
    ),
    "mse": Loss(
        "mean (ŷ-y)²",
        _squares,
        mean=True,
        logits=False,
        negative_target=None,
        told=_OF_SQUARES,
        words="squares, summed over outputs; the mean over samples",
    ),
    "hinge": Loss(
        "mean max(0, 1-y·ŷ)",
        _hinge,
        mean=True,
        logits=True,
        negative_target=-1.0,
        told=_OF_HINGE,
        words="each class against the rest, summed; the mean over samples",
    ),
    "bce": Loss(
        "mean BCE(σ(ŷ), y)",
        _cross_entropy,
        mean=True,
        logits=True,
        negative_target=0.0,
        probabilities=sigmoids,
        told=_OF_CROSS_ENTROPY,
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
        told=_OF_SOFTMAX,
        words="one class of all, an output each; the mean over samples",
    ),
    "perceptron": Loss(
        "wrong decisions",
        _perceptron,
        mean=False,
        logits=False,
        negative_target=0.0,
        told={"add": "The wrong decisions are counted: {y} so far."},
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
