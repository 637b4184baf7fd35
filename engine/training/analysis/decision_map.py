"""The decision map: a network over a grid of its data's two inputs, and one neuron's outputs there. Reads a run; must
not know commands, how snapshots are made, or the screen.

The layers are compiled by their shape, in pieces that are made in a moment: a cell then costs a few microseconds, and
the numbers are those of the tape, to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice

from ...autograd.ops import ieee
from ...autograd.ops.table import OPS
from ...compiler.formulas import PRODUCT, Expr, set_to_sum
from ...nn.losses import LOSSES, softmax
from ..run.run import Run
from ..setup.data import Rows, TrainingData
from ..snapshot.closeup import MapPoint, MapView
from ..step.program import LayerPlan, Samples

PIECE = 24
"""Cells between two yields."""

MOST_WEIGHTS = 96
"""Weights that are compiled at once: it holds the interpreter for a millisecond or two."""

MOST_POINTS = 500
"""Samples of a kind that are shown."""

_EDGE = 0.12
"""How far the map goes beyond its points, as a share of what they span."""

_FARTHEST = 1e300
"""A map ends here at most: the difference of two larger coordinates may not be finite."""

_Row = tuple[float, ...]
_Layer = Callable[[Sequence[float], Sequence[_Row]], list[_Row]]


class DecisionMap:
    """The network of `run` with the parameters that it has now; `neuron` is a (layer, neuron), from 0."""

    def __init__(self, run: Run, data: TrainingData, columns: int, rows: int, neuron: tuple[int, int] | None) -> None:
        self._program, self._parameters = run.stepper.program, run.parameters
        self._shape = columns, rows
        self._neuron = neuron if neuron is None or self._known(neuron) else None
        self._asked = columns, rows, neuron
        self._data = data
        self.view: MapView | None = None
        """The map, once it is complete."""

    def fits(self, run: Run, columns: int, rows: int, neuron: tuple[int, int] | None) -> bool:
        """Whether it is what would be made now."""
        here = self._program is run.stepper.program and self._parameters == run.parameters
        return here and self._asked == (columns, rows, neuron)

    def _known(self, neuron: tuple[int, int]) -> bool:
        layers = self._program.layers
        return neuron[0] < len(layers) and neuron[1] < len(layers[neuron[0]].units)

    def work(self) -> Generator[int, None, None]:
        """Compute the map; yields after each few cells how many they were."""
        program, coding, classes = self._program, self._program.coding, self._data.classes
        samples = [(False, *sample) for sample in _evenly_chosen(self._data.train_inputs, program.samples)]
        samples += [(True, *sample) for sample in _evenly_chosen(self._data.test_inputs, program.tests)]
        places = [program.place(row, inputs) for _, row, inputs, _ in samples]
        extent = _extent(places)
        layers = yield from self._layers()
        outputs, neuron = yield from self._evaluated(layers, map(program.expanded, _cell_middles(extent, *self._shape)))
        decided, _ = yield from self._evaluated(layers, (inputs for _, _, inputs, _ in samples))
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

    def _layers(self) -> Generator[int, None, list[list[tuple[_Layer, _Row]]]]:
        """For each layer its pieces, each with its parameters; yields after each piece."""
        layers = []
        for plan in self._program.layers:
            pieces, width = [], plan.inputs + 1
            for first, count in _parts(plan):
                start = plan.first_parameter + first * width
                own = self._parameters[start : start + count * width]
                pieces.append((_layer(plan.inputs, count, plan.activation), own))
                yield 0
            layers.append(pieces)
        return layers

    def _evaluated(
        self, layers: Sequence[Sequence[tuple[_Layer, _Row]]], inputs: Iterator[_Row]
    ) -> Generator[int, None, tuple[list[_Row], list[float]]]:
        """What the network makes of its inputs, and what the neuron does."""
        outputs: list[_Row] = []
        neuron: list[float] = []
        while rows := list(islice(inputs, PIECE)):
            for index, pieces in enumerate(layers):
                made = [layer(parameters, rows) for layer, parameters in pieces]
                rows = made[0] if len(made) == 1 else [tuple(chain(*parts)) for parts in zip(*made, strict=True)]
                if self._neuron is not None and self._neuron[0] == index:
                    neuron += [row[self._neuron[1]] for row in rows]
            outputs += rows
            yield len(rows)
        return outputs, neuron

    @property
    def _loss(self) -> str:
        return self._program.settings.loss

    def _values(self, outputs: Sequence[_Row]) -> tuple[list[float], str]:
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
        if len(targets) > 1:
            return float(targets.index(1.0))
        return targets[0] if not self._program.coding.classes else float(targets[0] == 1.0)


def _parts(plan: LayerPlan) -> Iterator[tuple[int, int]]:
    """(first neuron, how many) of each piece of a layer."""
    count = max(1, MOST_WEIGHTS // (plan.inputs + 1))
    return ((first, min(count, len(plan.units) - first)) for first in range(0, len(plan.units), count))


@lru_cache(maxsize=256)
def _layer(inputs: int, neurons: int, activation: str) -> _Layer:
    """(parameters, rows of inputs) -> rows of outputs, for so many neurons side by side."""
    forward = "a" if activation == "linear" else OPS[activation].forward
    xs = [f"x{i}" for i in range(inputs)]
    ps = [f"p{i}" for i in range(neurons * (inputs + 1))]
    lines = ["def layer(parameters, rows):", f" {', '.join(ps)}, = parameters", " made = []"]
    lines.append(f" for {', '.join(xs)}, in rows:")
    for neuron in range(neurons):
        own = ps[neuron * (inputs + 1) : (neuron + 1) * (inputs + 1)]
        terms = [Expr(f"{x} * {p}", PRODUCT) for x, p in zip(xs, own, strict=False)] + [Expr(own[-1])]
        lines += [f"  {line}" for line in set_to_sum("a", terms)]
        lines.append(f"  y{neuron} = {forward}")
    lines += [f"  made.append(({', '.join(f'y{neuron}' for neuron in range(neurons))},))", " return made"]
    scope: dict[str, object] = dict(ieee.NAMESPACE)
    exec(compile("\n".join(lines), "<decision map>", "exec", dont_inherit=True), scope)
    return scope["layer"]  # type: ignore[return-value]


def _evenly_chosen(rows: Rows, samples: Samples) -> Iterator[tuple[_Row, _Row, _Row]]:
    """(row of the data, inputs, coded targets) of at most so many samples, evenly chosen."""
    apart = max(1, -(-len(samples) // MOST_POINTS))
    return ((row, *sample) for row, sample in zip(rows[::apart], samples[::apart], strict=True))


def _extent(points: Sequence[_Row]) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of a map that holds the points."""
    (left, right), (bottom, top) = (_stretched(min(column), max(column)) for column in zip(*points, strict=True))
    return left, right, bottom, top


def _stretched(low: float, high: float) -> tuple[float, float]:
    low, high = max(low, -_FARTHEST), min(high, _FARTHEST)
    edge = (high - low) * _EDGE or 1.0
    return low - edge, high + edge


def _cell_middles(extent: tuple[float, float, float, float], columns: int, rows: int) -> Iterator[_Row]:
    """The middle of each cell."""
    left, right, bottom, top = extent
    xs = [left + (right - left) * (column + 0.5) / columns for column in range(columns)]
    for row in range(rows):
        y = top - (top - bottom) * (row + 0.5) / rows
        yield from ((x, y) for x in xs)
