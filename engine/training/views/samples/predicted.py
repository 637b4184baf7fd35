"""Predicts each sample of a run's data. Reads a run; must not change it, nor know files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...analysis.plots.layers import Layers
from ...analysis.plots.shown import spacing
from ...moves import result
from ...run.run import Run
from ...setup.samples import Samples
from ...snapshot.samples.predicted import Predicted
from ...step.program import Program

MOST = 20_000
"""Samples of a part up to which all are predicted; of more, some that are evenly chosen."""

_AT_ONCE = 1_000


def predicted(run: Run) -> Iterator[Predicted]:
    """What a network makes of its samples with the parameters that it has now, those that are tested on first: it may
    be gone through later, and in another thread.

    Raises:
        ValueError: there is no data set.
    """
    program = run.stepper.program
    if program.data is None:
        raise ValueError("there are no samples to predict")
    return _predicted(program, Layers(program.layers, run.parameters))


def _predicted(program: Program, layers: Layers) -> Iterator[Predicted]:
    data = program.data
    assert data is not None
    held: Sequence[float] = getattr(data, "validation_targets", ())
    train = [program.target(row) for row in range(len(program.samples))]
    for part, samples, targets in (
        ("test", program.tests, data.test_targets),
        ("validation", program.validation, held),
        ("train", program.samples, train),
    ):
        apart = spacing(max(1, len(samples)), MOST)
        for first in range(0, len(samples), apart * _AT_ONCE):
            some = range(first, min(len(samples), first + apart * _AT_ONCE), apart)
            yield from _some(program, layers, part, samples, targets, some)


def _some(
    program: Program, layers: Layers, part: str, samples: Samples, targets: Sequence[float], rows: range
) -> Iterator[Predicted]:
    outputs, _ = result(layers.outputs(samples[row][0] for row in rows))
    own, classes = program.table_units.target, program.data.classes if program.data else ()
    for row, output in zip(rows, outputs, strict=True):
        chosen = program.coding.decide(output)
        if chosen is None:
            yield Predicted(part, row + 1, own(targets[row]), own(output[0]), None)
            continue
        shares = program.probabilities(output)
        target, probability = classes[int(targets[row])], shares[chosen] if shares else None
        yield Predicted(part, row + 1, target, classes[chosen], probability)
