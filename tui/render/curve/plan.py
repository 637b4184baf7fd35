"""A loss curve -> dots, labels and remarks, all of them whole numbers and text. Must not know colours or plotext.

The plan is what the picture depends on, so it is also the key that says when to redraw.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from chainstep.engine.training.snapshot.curve import Curve, ForkView

from .axis import LABEL, Scale, short, step_ticks
from .downsample import Downsampled, column_of, downsample
from .forks import ForkCurve, fork_curves, longest
from .smooth import smoothed

SMALLEST = (18, 5)
"""Below this width and height there is no room for axes: a bar per column is left."""

_FAR_APART = 100.0
"""The largest loss over the smallest, from which on a linear axis hides the small ones."""

_NO_LOSS = "no loss yet: press → or space"


@dataclass(frozen=True, slots=True)
class Plan:
    """A picture in whole numbers. Dots count from the lower left corner of the canvas, cells too."""

    columns: int
    rows: int
    train: tuple[tuple[int, int], ...] = ()
    """Dots, in the order in which they are joined."""
    ghost: tuple[tuple[int, int], ...] = ()
    test: tuple[tuple[int, int], ...] = ()
    """Cells."""
    forks: tuple[tuple[tuple[int, int], ...], ...] = ()
    """Cells of each fork but the current one."""
    names: tuple[str, ...] = ()
    """Of the current fork and of the others; empty while there is only one."""
    clipped: tuple[int, ...] = ()
    """Columns of cells in which the curve leaves through the top."""
    yticks: tuple[tuple[int, str], ...] = ()
    """(row, label)"""
    xticks: tuple[tuple[int, str], ...] = ()
    """(column, label), the most important first."""
    marks: tuple[tuple[int, str], ...] = ()
    """(column, what was turned there)"""
    stops: tuple[tuple[int, str], ...] = ()
    """(column, the breakpoint that stopped a movement there)"""
    remarks: tuple[str, ...] = ()
    """What the picture does not show, and why."""
    hint: str = ""
    """What to say instead of a picture."""
    flat: bool = False
    """Losses lie so far apart that the smallest ones are one flat line: a logarithmic axis would show them."""


def pixels_key(
    curve: Curve,
    width: int,
    height: int,
    log: bool,
    *,
    forks: Sequence[ForkView] = (),
    last: int = 0,
    smoothing: float = 0.0,
    unicode: bool = True,
) -> Plan:
    """What to draw on `width` x `height` cells, axes included: equal for two curves exactly when their pictures are.

    `forks` are the runs side by side, `last` is how many of the newest steps are shown (0: all), `smoothing` the
    weight of the moving average that is drawn in place of the losses (0: none). Test losses are drawn as measured.
    """
    small = width < SMALLEST[0] or height < SMALLEST[1]
    columns, rows = (width, 1) if small else (width - LABEL - 1, height - 2)
    dots = (columns, 8) if small else (2 * columns, 4 * rows) if unicode else (columns, rows)
    per_row = dots[1] // rows
    ghost = _ghost(curve)
    first, span = shown_steps(curve, forks, last)
    if span == 0:
        return Plan(columns, rows, hint=_NO_LOSS)

    def sampled(losses: array[float], columns: int, length: int) -> Downsampled:
        losses = smoothed(losses, smoothing, length)
        return downsample(losses, columns, first=first, length=length, span=span, positive=log)

    def column(step: int, columns: int) -> int:
        return column_of(step - first, columns, span)

    train = sampled(curve.loss, dots[0], curve.length)
    before = sampled(ghost, columns, min(first + span, len(ghost)))
    since = bisect_left(curve.test_steps, first)
    tested = downsample(curve.test_loss, columns, first=since, positive=log)
    others = fork_curves(forks, columns, span, log=log, first=first, smoothing=smoothing)
    test = [(curve.test_steps[k], loss) for k, loss in tested.points if curve.test_steps[k] < first + span]
    remarks = _dropped(curve, train.dropped + tested.dropped, log, first, since)
    beside = [*before.points, *test, *(point for fork in others for point in fork.points)]
    drawn = train.points or beside
    if not drawn:
        return Plan(columns, rows, hint=", ".join(remarks))

    top = max(loss for points in (train.points, beside) for _, loss in points)
    scale = Scale.fit([loss for _, loss in train.points], [loss for _, loss in beside], log)

    lowest = min((loss for _, loss in train.points), default=0.0)

    def cells(points: Sequence[tuple[int, float]]) -> tuple[tuple[int, int], ...]:
        inside = ((step, loss) for step, loss in points if loss <= scale.clip)
        return tuple(dict.fromkeys((column(s, columns), scale.dot(loss, dots[1]) // per_row) for s, loss in inside))

    def marked(marks: Sequence[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
        return tuple({column(step, columns): what for step, what in marks if first <= step < first + span}.items())

    clipped = tuple({column(step, columns): None for step, loss in train.points if loss > scale.clip})
    if top > scale.clip:
        remarks.append(f"▲ clipped, max {short(top)}")

    return Plan(
        columns,
        rows,
        train=tuple((column(step, dots[0]), scale.dot(loss, dots[1])) for step, loss in train.points),
        ghost=tuple(
            (column(step, columns) * dots[0] // columns, scale.dot(loss, dots[1]))
            for step, loss in before.points
            if loss <= scale.clip
        ),
        test=cells(test),
        forks=tuple(cells(fork.points) for fork in others),
        names=_names(forks, others),
        clipped=clipped,
        yticks=() if small else scale.ticks(rows, dots[1]),
        xticks=() if small else step_ticks(span, columns, first),
        marks=marked(curve.marks),
        stops=marked(curve.stops),
        remarks=tuple(remarks),
        flat=not log and top > _FAR_APART * lowest > 0.0,
    )


def shown_steps(curve: Curve, forks: Sequence[ForkView], last: int) -> tuple[int, int]:
    """The first step that is drawn, and how many are: see `pixels_key`."""
    return _window(_span(curve.length, max(len(_ghost(curve)), longest(forks))), curve.length, last)


def _ghost(curve: Curve) -> array[float]:
    return curve.ghost if curve.ghost is not None else array("d")


def _names(forks: Sequence[ForkView], others: Sequence[ForkCurve]) -> tuple[str, ...]:
    """Whose curves there are, the current one's first."""
    return (*(fork.name for fork in forks if fork.current), *(fork.name for fork in others))


def _span(length: int, beside: int) -> int:
    """Steps along the x axis. A ghost and forks are shown ahead of the run, but never squeeze it below an eighth."""
    return max(length, min(beside, max(8 * length, 64)) if length else beside)


def _window(span: int, length: int, last: int) -> tuple[int, int]:
    """(first step, steps) of what is shown of `span` steps: the newest `last` of the run, or all that there are."""
    if not last:
        return 0, span
    end = min(span, max(length, last))
    return max(0, end - last), min(end, last)


def _dropped(curve: Curve, dropped: int, log: bool, first: int, since: int) -> list[str]:
    """Why losses are missing, in words: those that are not finite and, in log, those without a logarithm."""
    wild = dropped
    if log and dropped:
        wild = downsample(curve.loss, 1, first=first, length=curve.length).dropped
        wild += downsample(curve.test_loss, 1, first=since).dropped
    said = [f"{wild} point{'s' * (wild != 1)} not finite"] if wild else []
    return [*said, f"{dropped - wild} not above 0"] if dropped > wild else said
