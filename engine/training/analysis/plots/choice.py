"""Which plots there are of a session as a whole, and what begins one. Knows programs; must not know the screen.

What makes a plot is loaded where one is begun.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...run.run import Run
from ...setup.data import Pictured
from ...snapshot.subject import PlotKind
from ...step.program import Program

if TYPE_CHECKING:
    from .plot import Asked, Plot


def kinds(program: Program) -> tuple[PlotKind, ...]:
    """The plots that there are of a program, the one that suits it best first."""
    data = program.data
    if program.script is not None:
        return ()
    if data is None:
        return ("function",)
    if isinstance(data, Pictured) and data.image is not None:
        return ("image",)
    first: dict[int, PlotKind] = {1: "function", 2: "map"}
    fit: tuple[PlotKind, ...] = () if data.classes else ("fit",)
    return (first[len(data.features)], *fit) if len(data.features) in first else fit


def begun(kind: PlotKind, run: Run, asked: Asked) -> Plot:
    """A plot of a run as it is now, of which nothing has been made."""
    if kind == "map":
        from .decision_map import DecisionMap

        return DecisionMap(run, asked)
    if kind == "function":
        from .function import FunctionPlot

        return FunctionPlot(run, asked)
    if kind == "image":
        from .image import ImagePlot

        return ImagePlot(run, asked)
    from .fit import FitPlot

    return FitPlot(run, asked)
