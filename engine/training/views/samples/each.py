"""Makes the view of the training samples under the parameters of now. Reads a run; must not change it, nor know the
screen.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence

from ....nn.losses import batch_loss
from ...run.run import Run
from ...snapshot.samples.each import SamplesView, SampleView
from ...step.evaluate import Evaluator

FEW = 16
"""Samples up to which all of them are made, whichever are seen."""

_MOST = 40_000
"""Parameters times samples up to which the loss of all is computed anew for a picture: in one or two milliseconds where
the network is compiled, in four where it is replayed.
"""


AT_ONCE = 400_000
"""Parameters times samples that are seen, up to which they are made at once, in five milliseconds."""


def samples(run: Run, evaluator: Evaluator, seen: range) -> SamplesView:
    """The samples in rows `seen`, as far as there are such, or all few of them."""
    return _view(run, evaluator, evaluator.samples(run.parameters, *_asked(run, seen)))


def looking(run: Run, evaluator: Evaluator, seen: range) -> Generator[int, None, SamplesView] | None:
    """The same sample by sample, for where it takes long: yields 1 after each, and ends with what they are under the
    parameters with which it began. None where it takes no time, or is known.
    """
    parameters, (rows, batch) = run.parameters, _asked(run, seen)
    if len(rows) * len(parameters) <= AT_ONCE or evaluator.has_seen(parameters, rows, batch):
        return None
    return _looking(run, evaluator, parameters, rows, batch)


def _looking(
    run: Run, evaluator: Evaluator, parameters: Sequence[float], rows: range, batch: Collection[int]
) -> Generator[int, None, SamplesView]:
    return _view(run, evaluator, (yield from evaluator.looking(parameters, rows, batch)))


def _asked(run: Run, seen: range) -> tuple[range, Collection[int]]:
    """The rows that are made, and those that the step in work takes."""
    stepper = run.stepper
    count, batch = len(stepper.program.samples), stepper.batch(run.state)
    shown = range(count) if count <= FEW else range(count)[max(0, seen.start) : max(0, seen.stop)]
    return shown, range(count) if len(batch) == count else frozenset(batch)


def _view(run: Run, evaluator: Evaluator, rows: tuple[SampleView, ...]) -> SamplesView:
    stepper, program = run.stepper, run.stepper.program
    count = len(program.samples)
    total: tuple[float, int] | None = None
    if len(rows) == count:
        losses = [row.loss for row in rows]
        total = batch_loss(losses, (), mean=False, l1=0.0, l2=0.0), sum(row.right or 0 for row in rows)
    elif rows and count * len(run.parameters) <= _MOST:
        total = evaluator.total(run.parameters)
    return SamplesView(
        rows=rows,
        count=count,
        in_hand=stepper.loaded(run.state),
        loss=total and (total[0] / count if program.mean else total[0]),
        mean=program.mean,
        right=total[1] if total and program.coding.classes else None,
        large=1.0 if program.coding.classes else program.spread,
    )
