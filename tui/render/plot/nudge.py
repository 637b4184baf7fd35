"""A table of nudges: for each h what the loss does, and what the gradient foretells. Must not know where it stands."""

from __future__ import annotations

from chainstep.engine.training.snapshot.plots.function import SlopeView

from . import quotient

_H = 6
_NARROW = 13
"""Cells of a number,"""
_WIDE = 18
"""and of one that is to be seen to its last digits."""


def heading(central: bool, width: int) -> str:
    """What stands above each column."""
    apart = "2h" if central else "h"
    return _line("h", "after", "change", f"change/{apart}", f"slope·{apart}", "before" if central else "", width)


def row(view: SlopeView, width: int) -> str:
    """One h: the loss after it, its change, that over h, and the slope times h, which is the change to be expected."""
    apart = 2.0 * view.h if view.central else view.h
    before, after = view.behind[1], view.ahead[1]
    return _line(
        quotient.distance(view.h),
        f"{after:.15g}",
        f"{after - before:.6g}",
        f"{view.quotient:.8g}",
        f"{view.slope * apart:.6g}",
        f"{before:.15g}" if view.central else "",
        width,
    )


def _line(h: str, after: str, change: str, slope: str, expected: str, before: str, width: int) -> str:
    cells = [f"{h:<{_H}}", f"{after:>{_WIDE}}", f"{change:>{_NARROW}}", f"{slope:>{_NARROW}}", f"{expected:>{_NARROW}}"]
    if before and width >= sum(map(len, cells)) + len(cells) + _WIDE:
        cells.insert(1, f"{before:>{_WIDE}}")
    return " ".join(cells)
