"""What every plot of a session as a whole is asked for, and how it is made. Must not know any plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ....records import record
from ...moves import Moves
from ...run.run import Run

if TYPE_CHECKING:
    from ...snapshot.snapshot import Plotted


@record
class Asked:
    """What a plot is to have."""

    columns: int
    rows: int
    """Cells that there is room for."""
    neuron: tuple[int, int] | None = None
    """Layer and neuron, from 0, that a map is to show as well."""
    leaf: int = 0
    """The leaf along which an expression is drawn."""
    h: float = 0.0
    """How far from where that stands the plot reaches at least."""
    row: int | None = None
    """The training sample that is looked at; None for the one in hand."""


class Plot(Protocol):
    """A plot that is made piece by piece."""

    @property
    def view(self) -> Plotted | None:
        """The plot, once it is complete."""
        ...

    def fits(self, run: Run, asked: Asked) -> bool:
        """Whether it is what would be made now."""
        ...

    def work(self) -> Moves:
        """Make it; yields after every few numbers how many they were."""
        ...
