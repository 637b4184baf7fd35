"""Whether a run overfits: what is not trained on gets worse while what is trained on gets better. Reads a history; must
not know the screen.
"""

from __future__ import annotations

import math

from ..run.run import Run

_RISEN = 1.05
"""How many times its smallest the loss on other samples counts as risen: batches alone move it a little."""

_FEWEST = 5
"""Measurements of it that tell anything."""


def overfits_since(run: Run) -> int | None:
    """The step at which the loss on the samples that are held out or, without these, on the test samples was smallest,
    if it has risen since and the training loss has fallen on; None where not, or where it was measured too seldom.
    """
    history, here = run.history, run.state.step
    measured = history.validations or [(step, loss) for step, loss, _ in history.tests]
    behind = [(loss, step) for step, loss in measured if step <= here and math.isfinite(loss)]
    if len(behind) < _FEWEST:
        return None
    (smallest, best), (newest, _) = min(behind), behind[-1]
    if newest <= _RISEN * smallest or smallest < 0.0:
        return None
    fell = history.loss.smallest(best, run.measured()) < history.loss.smallest(0, max(1, best))
    return best if fell else None
