"""The gradient check that goes along with a run: whether there is one, by which quotients, and how far it has come.

Reads the run that it is shown; must not know what else is looked at. What computes the check is loaded where one is
begun.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...commands import SetGradcheck
from ...moves import Moves
from ...run.run import Run

if TYPE_CHECKING:
    from ...analysis.gradient_check import GradientCheck


class Gradcheck:
    """Off at first; once it is on, wherever the run stands."""

    def __init__(self) -> None:
        self.asked = SetGradcheck(False)
        """Whether there is one, and by which quotients."""
        self._check: GradientCheck | None = None

    @property
    def on(self) -> bool:
        """There is one."""
        return self.asked.on

    def of(self, run: Run) -> GradientCheck | None:
        """The check of where a run stands, as far as it has come; None if none was begun there."""
        check = self._check
        return check if check and self.on and check.fits(run, self.asked.h, self.asked.central) else None

    def work(self, run: Run) -> Moves | None:
        """What the check has still to do where a run stands, sample by sample; None if nothing."""
        if not self.on:
            return None
        h, central = self.asked.h, self.asked.central
        if self._check is None or not self._check.fits(run, h, central):
            from ...analysis.gradient_check import GradientCheck

            self._check = GradientCheck(run, h, central)
        return None if self._check.complete else self._check.work()
