"""What is being trained, as the screen may see it: facts and names. Must not know the data itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ...records import record
from ..setup.units import PLAIN, Units
from ..setup.units import Answer as Answer
from ..setup.units import Said as Said

PlotKind = Literal["map", "function", "image", "fit"]
"""A plot of the whole: decisions over two inputs, a function of one variable, predictions beside their targets."""


@record
class Subject:
    """What is being trained: the facts that stay until a restart."""

    name: str
    architecture: str
    """`MLP 3-4-4-1 tanh`, `Neuron 3-1 step` or the expression's text."""
    parameters: int
    features: tuple[str, ...]
    """Names of the network's inputs."""
    classes: tuple[str, ...]
    """Names of the classes; empty for regression and for expressions."""
    train_size: int
    test_size: int
    expression: bool
    inputs: tuple[str, ...] = ()
    """Names of the numbers that an input is typed as: other than `features` where those are made of them."""
    columns: tuple[str, ...] = ()
    """What the data itself calls those."""
    target: str = ""
    """What the data calls the target; empty for expressions."""
    units: Units = PLAIN
    """How the network's numbers are read in those of the data."""
    class_weights: tuple[float, ...] = ()
    """What a sample of each class weighs in the loss; empty where all weigh alike."""
    noise: float | None = None
    """How far the data is scattered; None where that is not to be changed."""
    split: float | None = None
    """The fraction that is for testing; None where that is not to be changed."""
    plots: tuple[PlotKind, ...] = ()
    """The plots that there are of it, the one that suits it best first."""

    @property
    def table(self) -> tuple[str, ...]:
        """Names of the columns of a table of samples, the target left out: those of the data's own table, or of what
        was made of its inputs.
        """
        whole = self.features == self.inputs and self.units.columns
        return tuple(column.name for column in self.units.columns) if whole else self.features

    @property
    def own_inputs(self) -> bool:
        """They are in other units than the network's."""
        return self.features == self.inputs and bool(self.units.means)

    def weighed(self, label: str) -> str:
        """What a table calls the input that a parameter weighs, by its label; empty where that has no other name."""
        parts = label.split(".")
        if not self.units.columns or self.features != self.inputs or len(parts) != 3 or parts[0] != "L1":
            return ""
        names = {f"w{place}": name for place, name in enumerate(self.features) if name != f"x{place}"}
        return names.get(parts[2], "")

    def answers(self, inputs: Sequence[float], most: int | None = None) -> tuple[Answer, ...]:
        """What a row of network inputs says in each of them, or in so many."""
        return self.units.answers(inputs, most) if self.features == self.inputs else tuple(inputs[:most])
