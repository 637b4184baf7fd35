"""A network's decisions over two inputs, as the screen may see them. Must not know Values or tapes."""

from __future__ import annotations

from typing import NamedTuple

from ....records import record


class MapPoint(NamedTuple):
    """A sample on the map."""

    x: float
    y: float
    target: float
    """The class's index, or the number to regress on."""
    test: bool
    wrong: bool
    """It is decided wrongly."""


@record(eq=False)
class MapView:
    """A network with two inputs over a grid of `columns` x `rows` cells, row by row from the top left.

    Every cell is the network at its middle, with the parameters that it had at the start of one step.
    """

    features: tuple[str, str]
    """Names of the inputs: across, and upwards."""
    extent: tuple[float, float, float, float]
    """Left, right, bottom, top; in the data's own units, as the points are."""
    columns: int
    rows: int
    measure: str
    """What `values` are: `score`, `probability` or `output`."""
    values: tuple[float, ...]
    """A number a cell: above 0 for the second of two classes, below for the first; for more, by how much the chosen
    one leads; for regression the output.
    """
    decisions: tuple[int, ...] | None
    """The class chosen in each cell; None for regression."""
    margin: float | None
    """Within ± this lies the margin; None where the loss knows none."""
    reach: float | None
    """The largest |value| there can be; None where there is no bound."""
    classes: tuple[str, ...]
    points: tuple[MapPoint, ...]
    """Training samples, then test samples; of very many an even choice."""
    neuron: tuple[int, int] | None
    """Layer and neuron, from 0, whose outputs `neuron_values` are."""
    neuron_values: tuple[float, ...]
    """A number a cell; empty where no neuron was asked for."""

    def tally(self, *, test: bool) -> tuple[int, int]:
        """How many points of one kind are decided wrongly, and how many there are."""
        kind = [point.wrong for point in self.points if point.test == test]
        return sum(kind), len(kind)
