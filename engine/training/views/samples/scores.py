"""Makes the scores of a network on its samples. Reads a run; must not change it, nor know the screen."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

from ...analysis.determination import determination, squared_error
from ...analysis.plots.layers import Layers
from ...analysis.plots.shown import spacing
from ...moves import Moves, result
from ...run.run import Run
from ...setup.data import TrainingData
from ...snapshot.samples.scores import Residual, Scores, ScoresView
from ...step.program import Program

MOST = 20_000
"""Samples of a part up to which all of them are measured for the screen."""


def scores(run: Run) -> Scores | None:
    """Of the parameters that a run has now, over the test samples, or over the training samples where there are none;
    None for an expression.
    """
    program = run.stepper.program
    if program.data is None:
        return None
    test = bool(program.tests)
    samples = program.tests if test else program.samples
    outputs, _ = result(Layers(program.layers, run.parameters).outputs(inputs for inputs, _ in samples))
    return _scored(program, _targets(program, test=test), outputs, test=test)


class Scoring:
    """Scores both parts of a run's data under the parameters that it has now, piece by piece.

    Raises:
        ValueError: the run is of an expression.
    """

    def __init__(self, run: Run) -> None:
        self._program, self._parameters = run.stepper.program, run.parameters
        if self._program.data is None:
            raise ValueError("an expression has no samples")
        self.view: ScoresView | None = None
        """The scores, once they are complete."""

    def work(self, _quantum: Callable[[], int]) -> Moves:
        """Measure; yields after every few samples how many they were."""
        program = self._program
        assert program.data is not None
        layers = Layers(program.layers, self._parameters)
        parts, sizes, residuals = [], [], []
        for test, samples in ((True, program.tests), (False, program.samples)):
            if not samples:
                continue
            apart = spacing(len(samples), MOST)
            targets = _targets(program, test=test)[::apart]
            outputs, _ = yield from layers.outputs(inputs for inputs, _ in samples[::apart])
            parts.append(_scored(program, targets, outputs, test=test))
            sizes.append(len(samples))
            if not program.data.classes:
                residuals += _residuals(program, targets, outputs, test=test)
        usual = _usual(program.data)
        self.view = ScoresView(
            program.data.target, program.data.classes, tuple(parts), tuple(sizes), tuple(residuals), usual
        )


def _targets(program: Program, *, test: bool) -> Sequence[float]:
    """As the data gives them, or as they were changed by hand."""
    assert program.data is not None
    return program.data.test_targets if test else [program.target(row) for row in range(len(program.samples))]


def _scored(program: Program, targets: Sequence[float], outputs: Sequence[Sequence[float]], *, test: bool) -> Scores:
    data = program.data
    assert data is not None
    if data.classes:
        decided = [program.coding.decide(output) for output in outputs]
        return _of_classes(len(data.classes), data.train_targets, targets, decided, test=test)
    own = program.table_units.target
    usual = own(_mean(data.train_targets))
    return _of_quantity(usual, [own(target) for target in targets], [own(output) for (output,) in outputs], test=test)


def _residuals(
    program: Program, targets: Sequence[float], outputs: Sequence[Sequence[float]], *, test: bool
) -> list[Residual]:
    """Of at most so many samples as a plot has, evenly chosen."""
    own, apart = program.table_units.target, spacing(len(targets))
    told = zip(targets[::apart], outputs[::apart], strict=True)
    return [Residual(own(output), own(target) - own(output), test) for target, (output,) in told]


def _usual(data: TrainingData) -> str:
    if data.classes:
        return data.classes[int(Counter(data.train_targets).most_common(1)[0][0])]
    return "the mean"


def _mean(numbers: Sequence[float]) -> float:
    return math.fsum(numbers) / len(numbers)


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
    error = squared_error(targets, predicted)
    baseline = math.sqrt(squared_error(targets, [usual] * count) / count)
    r2 = determination(targets, error)
    return Scores(count, test, None, None, r2, math.sqrt(error / count), baseline)
