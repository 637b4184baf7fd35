"""Makes the scores of a network on its samples. Reads a run; must not change it, nor know the screen."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from ...run.run import Run
from ...setup.units import Units
from ...snapshot.samples.scores import Scores
from ...step.evaluate import Evaluator


def scores(run: Run) -> Scores | None:
    """Of the parameters that a run has now, over the test samples, or over the training samples where there are none;
    None for an expression.
    """
    program = run.stepper.program
    data = program.data
    if data is None:
        return None
    test = bool(program.tests)
    targets = data.test_targets if test else [program.target(row) for row in range(len(program.samples))]
    outputs = Evaluator(run.stepper).outputs(run.parameters, program.tests if test else program.samples)
    if data.classes:
        decided = [program.coding.decide(output) for output in outputs]
        return _of_classes(len(data.classes), data.train_targets, targets, decided, test=test)
    own = Units.of(data).target
    usual = own(math.fsum(data.train_targets) / len(data.train_targets))
    return _of_quantity(usual, [own(target) for target in targets], [own(output) for (output,) in outputs], test=test)


def _of_classes(
    count: int, trained: Sequence[float], targets: Sequence[float], decided: Sequence[int | None], *, test: bool
) -> Scores:
    matrix = [[0] * count for _ in range(count)]
    for target, decision in zip(targets, decided, strict=True):
        if decision is not None:
            matrix[int(target)][decision] += 1
    usual = Counter(trained).most_common(1)[0][0]
    right = sum(matrix[k][k] for k in range(count))
    confusion = tuple(map(tuple, matrix))
    baseline = sum(target == usual for target in targets) / len(targets)
    return Scores(len(targets), test, right / len(targets), confusion, None, None, baseline)


def _of_quantity(usual: float, targets: Sequence[float], predicted: Sequence[float], *, test: bool) -> Scores:
    count = len(targets)
    error = sum((y - target) * (y - target) for y, target in zip(predicted, targets, strict=True))
    mean = math.fsum(targets) / count
    spread = sum((target - mean) * (target - mean) for target in targets)
    baseline = math.sqrt(sum((target - usual) * (target - usual) for target in targets) / count)
    r2 = 1.0 - error / spread if spread else None
    return Scores(count, test, None, None, r2, math.sqrt(error / count), baseline)
