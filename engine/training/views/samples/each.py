"""Makes the view of the training samples under the parameters of now. Reads a run; must not change it, nor know the
screen.
"""

from __future__ import annotations

from ....nn.losses import batch_loss
from ...run.run import Run
from ...snapshot.samples.each import SamplesView
from ...step.evaluate import Evaluator

FEW = 16
"""Samples up to which all of them are made, whichever are seen."""

_MOST = 40_000
"""Parameters times samples up to which the loss of all is computed anew for a picture: in one or two milliseconds where
the network is compiled, in four where it is replayed.
"""


def samples(run: Run, evaluator: Evaluator, seen: range) -> SamplesView:
    """The samples in rows `seen`, as far as there are such, or all few of them."""
    stepper, state, parameters = run.stepper, run.state, run.parameters
    program = stepper.program
    count, batch = len(program.samples), stepper.batch(state)
    shown = range(count) if count <= FEW else range(count)[max(0, seen.start) : max(0, seen.stop)]
    rows = evaluator.samples(parameters, shown, range(count) if len(batch) == count else frozenset(batch))
    total: tuple[float, int] | None = None
    if len(rows) == count:
        losses = [row.loss for row in rows]
        total = batch_loss(losses, (), mean=False, l1=0.0, l2=0.0), sum(row.right or 0 for row in rows)
    elif rows and count * len(parameters) <= _MOST:
        total = evaluator.total(parameters)
    return SamplesView(
        rows=rows,
        count=count,
        in_hand=stepper.loaded(state),
        loss=total and (total[0] / count if program.mean else total[0]),
        mean=program.mean,
        right=total[1] if total and program.coding.classes else None,
        large=1.0 if program.coding.classes else program.spread,
    )
