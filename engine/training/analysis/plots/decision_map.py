"""The decision map: a network over a grid of its data's two inputs, and one neuron's outputs there. Reads a run; must
not know commands, how snapshots are made, or the screen.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

from ....autograd.ops import ieee
from ....nn.losses import LOSSES, softmax
from ...run.run import Run
from ...setup.data import TrainingData
from ...snapshot.plots.map import MapPoint, MapView
from .layers import Layers, Row
from .plot import Asked
from .shown import evenly_chosen, stretched


class DecisionMap:
    """The network of `run` with the parameters that it has now."""

    def __init__(self, run: Run, asked: Asked) -> None:
        self._program, self._parameters = run.stepper.program, run.parameters
        assert self._program.data is not None
        self._data: TrainingData = self._program.data
        self._shape = asked.columns, asked.rows
        self._neuron = asked.neuron if asked.neuron is None or self._known(asked.neuron) else None
        self._made_of = self._origin(run, asked)
        self.view: MapView | None = None
        """The map, once it is complete."""

    @staticmethod
    def _origin(run: Run, asked: Asked) -> tuple[object, ...]:
        return run.stepper.program, run.parameters, asked.columns, asked.rows, asked.neuron

    def fits(self, run: Run, asked: Asked) -> bool:
        """Whether it is what would be made now."""
        return self._made_of == self._origin(run, asked)

    def _known(self, neuron: tuple[int, int]) -> bool:
        layers = self._program.layers
        return neuron[0] < len(layers) and neuron[1] < len(layers[neuron[0]].units)

    def work(self) -> Generator[int, None, None]:
        """Compute the map; yields after each few cells how many they were."""
        program, coding, classes = self._program, self._program.coding, self._data.classes
        samples = list(evenly_chosen(program))
        units = program.table_units
        places = [units.row(program.place(sample.row, sample.inputs)) for sample in samples]
        extent = _extent(places)
        layers, cells = Layers(program.layers, self._parameters), _cell_middles(extent, *self._shape)
        outputs, neuron = yield from layers.outputs(
            (program.expanded(units.scaled_row(cell)) for cell in cells), self._neuron
        )
        decided, _ = yield from layers.outputs(sample.inputs for sample in samples)
        values, measure = self._values(outputs)
        across, upwards = program.raw_names
        self.view = MapView(
            features=(across, upwards),
            extent=extent,
            columns=self._shape[0],
            rows=self._shape[1],
            measure=measure,
            values=tuple(values),
            decisions=tuple(coding.decide(row) or 0 for row in outputs) if classes else None,
            margin=1.0 if self._loss == "hinge" and len(classes) == 2 else None,
            reach=self._reach(measure),
            classes=classes,
            points=tuple(
                MapPoint(x, y, self._target(targets), test, bool(classes) and not coding.is_right(row, targets))
                for (x, y), (test, _, _, targets), row in zip(places, samples, decided, strict=True)
            ),
            neuron=self._neuron,
            neuron_values=tuple(neuron),
        )

    @property
    def _loss(self) -> str:
        return self._program.settings.loss

    def _values(self, outputs: Sequence[Row]) -> tuple[list[float], str]:
        """What the cells show, and what that is called."""
        coding = self._program.coding
        if coding.outputs == 1:
            if self._loss == "bce":
                return [ieee.sigmoid(row[0]) - 0.5 for row in outputs], "probability"
            scores = bool(coding.classes) and LOSSES[self._loss].logits
            return [row[0] - coding.threshold for row in outputs], "score" if scores else "output"
        odds = [softmax(row) for row in outputs] if LOSSES[self._loss].one_hot else outputs
        measure = "probability" if LOSSES[self._loss].one_hot else "score"
        if coding.outputs == 2:
            return [second - first for first, second in odds], measure
        return [lead - behind for *_, behind, lead in map(sorted, odds)], measure

    def _reach(self, measure: str) -> float | None:
        if measure == "probability":
            return 0.5 if self._program.coding.outputs == 1 else 1.0
        bounds = {"tanh": 1.0, "sigmoid": 0.5, "step": 0.5}
        return bounds.get(self._program.layers[-1].activation) if self._program.coding.classes else None

    def _target(self, targets: Sequence[float]) -> float:
        """The class's index that coded targets mean, or the number itself."""
        if self._program.coding.outputs > 1:
            return float(targets.index(1.0))
        return targets[0] if not self._program.coding.classes else float(targets[0] == 1.0)


def _extent(points: Sequence[Row]) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of a map that holds the points."""
    (left, right), (bottom, top) = (stretched(min(column), max(column)) for column in zip(*points, strict=True))
    return left, right, bottom, top


def _cell_middles(extent: tuple[float, float, float, float], columns: int, rows: int) -> Iterator[Row]:
    """The middle of each cell."""
    left, right, bottom, top = extent
    xs = [left + (right - left) * (column + 0.5) / columns for column in range(columns)]
    for row in range(rows):
        y = top - (top - bottom) * (row + 0.5) / rows
        yield from ((x, y) for x in xs)
