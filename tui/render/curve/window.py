"""Which steps of the losses are looked at, and how. Must not know scales, colours or the chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chainstep.engine.records import record
from chainstep.engine.training.snapshot.curve import Curve, ForkView


@record
class CurveOptions:
    """How the user wants to see the losses."""

    log: bool = False
    """On a logarithmic axis."""
    last: int = 0
    """How many of the newest steps are shown; 0 is all."""
    smoothing: float = 0.0
    """The weight of the moving average that is drawn in place of the losses; 0 is none."""


class Window(NamedTuple):
    """The steps along the x axis, and what is drawn of the losses there."""

    first: int
    span: int
    """How many steps there are."""
    log: bool = False
    smoothing: float = 0.0

    @property
    def end(self) -> int:
        """The step behind the last one."""
        return self.first + self.span

    def column(self, step: int, columns: int) -> int:
        """The column of `columns` that a step belongs to."""
        return column_of(step - self.first, columns, self.span)


def window(curve: Curve, forks: Sequence[ForkView], options: CurveOptions) -> Window:
    """What is shown of a curve, and of the ghost and the forks beside it; no steps where there is no loss yet."""
    beside = max((fork.length for fork in forks), default=0)
    if curve.ghost is not None:
        beside = max(beside, len(curve.ghost))
    first, span = _newest(_span(curve.length, beside), curve.length, options.last)
    return Window(first, span, options.log, options.smoothing)


def _span(length: int, beside: int) -> int:
    """Steps along the x axis. A ghost and forks are shown ahead of the run, but never squeeze it below an eighth."""
    return max(length, min(beside, max(8 * length, 64)) if length else beside)


def _newest(span: int, length: int, last: int) -> tuple[int, int]:
    """(first step, steps) of what is shown of `span` steps: the newest `last` of the run, or all that there are."""
    if not last:
        return 0, span
    end = min(span, max(length, last))
    return max(0, end - last), min(end, last)


def column_of(step: int, columns: int, span: int) -> int:
    """The column of `columns` that a step belongs to when steps 0 … span−1 fill them all."""
    return 0 if span < 2 else (2 * step * (columns - 1) + span - 1) // (2 * (span - 1))
