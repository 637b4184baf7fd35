"""Loss curves, plain ones and wild ones, for the tests of their pictures. Knows snapshots; must not know pictures."""

from __future__ import annotations

import math
from collections.abc import Sequence

from chainstep.engine.training.setup.settings import Settings
from chainstep.engine.training.snapshot.curve import Curve, Rates
from chainstep.engine.training.snapshot.series.series import Series

NAN, INF = math.nan, math.inf


def curve(
    loss: Sequence[float],
    *,
    test: Sequence[tuple[int, float]] = (),
    marks: Sequence[tuple[int, str]] = (),
    ghost: Sequence[float] | None = None,
) -> Curve:
    """A curve of which only the losses matter."""
    n = len(loss)
    return Curve(
        length=n,
        loss=Series(loss),
        accuracy=Series([NAN] * n),
        lr=Rates([(0, Settings(lr=0.1))]),
        test_steps=tuple(step for step, _ in test),
        test_loss=tuple(value for _, value in test),
        marks=tuple(marks),
        ghost=None if ghost is None else Series(ghost),
    )


DECAY = [6 * math.exp(-step / 40) + 0.01 for step in range(300)]
CURVES = {
    "nothing": curve([]),
    "one": curve([2.5]),
    "a zero": curve([0.0]),
    "zeros": curve([0.0] * 9),
    "one nan": curve([NAN]),
    "flat": curve([3.0] * 50),
    "decay": curve(DECAY, marks=[(60, "lr 0.3"), (200, "l2 1e-3")]),
    "everything": curve(
        DECAY, test=[(step, DECAY[step] + 1) for step in range(0, 300, 7)], marks=[(9, "lr 1")], ghost=DECAY[:100]
    ),
    "ghost alone": curve([], ghost=DECAY),
    "test ahead": curve([1.0], test=[(1, 0.5)]),
    "many marks": curve(DECAY, marks=[(step, f"lr {step}") for step in range(300)]),
    "wild": curve([1.0, NAN, INF, -INF, 2.0, 0.0, -3.0]),
    "huge": curve([1e308, -1e308, 5e-324, 1.0]),
    "tiny": curve([1e-300, 1e-310, 3e-300]),
    "explosion": curve([2.0, 3.0, 1e6] + [0.3] * 100),
    "negative": curve([-1.0 - step for step in range(50)]),
    "narrow": curve([1234.5678 + step * 1e-9 for step in range(50)]),
}
