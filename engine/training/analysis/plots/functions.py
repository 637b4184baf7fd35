"""What a run computes as a function of one variable: an expression along one of its leaves, or a network of one input,
in the data's own units. Reads a run; must not know plots, commands or the screen.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from ....nn.losses import LOSSES
from ....nn.optimizers import OPTIMIZERS
from ...run.nodes import row_shown
from ...run.run import Run
from ...setup.samples import Sample
from ...snapshot.plots.function import PlotPoint
from ...step.evaluate import Evaluator
from .layers import Layers
from .shown import evenly_chosen

_PIECE = 8
"""Values of an expression between two yields."""


class AlongLeaf:
    """An expression's value as one of its leaves moves, the others where they are."""

    symbol = "f"

    def __init__(self, run: Run, leaf: int) -> None:
        program = run.stepper.program
        self.leaf = min(leaf, len(program.parameters) - 1)
        self.variable = program.labels[self.leaf]
        self.measure = f"f({self.variable})"
        self._run = run
        self._parameters = list(run.parameters)
        self._samples = program.samples
        self._evaluator = Evaluator(run.stepper)
        self.x = self._parameters[self.leaf]

    def value(self, x: float) -> float:
        """f(x), penalties included: what a step there would measure."""
        moved = self._parameters
        moved[self.leaf] = x
        value, _ = self._evaluator.measure(moved, self._samples)
        moved[self.leaf] = self.x
        return value

    def values(self, xs: Sequence[float]) -> Generator[int, None, list[float]]:
        """f of each; yields after every few how many they were."""
        values: list[float] = []
        for first in range(0, len(xs), _PIECE):
            piece = xs[first : first + _PIECE]
            values += map(self.value, piece)
            yield len(piece)
        return values

    def slope(self) -> float:
        """f′(x) by backward, as the run's own is, broken or not."""
        return self._evaluator.gradients(self._parameters)[self.leaf]

    def update(self, slope: float) -> tuple[float, float] | None:
        """(learning rate, what x is after an update from here); the rate is below 0 where x goes along the slope. None
        where it stays, or its update does not follow from this slope alone.
        """
        stepper, state, leaf = self._run.stepper, self._run.state, self.leaf
        settings = stepper.settings
        if leaf in stepper.frozen or set(settings.mistakes) - {"flipped"}:
            return None
        done = state.op > stepper.timeline(state).backward_end + leaf
        rate = stepper.rate(state.step + done)
        moments = [moment[leaf] for moment in state.moments]
        row = OPTIMIZERS[settings.optimizer]
        return rate, row.update(self.x, slope, rate, state.updates + done + 1, *stepper.knobs, *moments)[0]

    def points(self) -> tuple[PlotPoint, ...]:
        """None."""
        return ()


class OverInput:
    """What a network of one input makes of it; for classes how much it takes it for the one that the sample in hand is
    of, or for the second of two.
    """

    def __init__(self, run: Run, row: int | None) -> None:
        stepper = run.stepper
        self._program = program = stepper.program
        data = program.data
        assert data is not None
        self._stepper, self._parameters = stepper, run.parameters
        self._memory = program.slots.memory()
        self._memory.data[: len(self._parameters)] = self._parameters
        self._units = program.table_units
        inputs, _ = _sample(run, row)
        self.x = self._own(inputs[0])
        self.place = output_of(run, row)
        self.variable = program.raw_names[0]
        self._class = self.place if program.coding.outputs > 1 else 1
        self._probable = bool(program.probabilities([0.0] * program.coding.outputs))
        self._coupled = LOSSES[program.settings.loss].one_hot
        """One class is more probable where the others are less."""
        self.symbol = "P" if self._probable else "ŷ"
        name = data.classes[self._class] if data.classes else data.target
        self.measure = f"P({name})" if self._probable else name

    def _own(self, number: float) -> float:
        """A number that the network is given, in the data's own units."""
        return self._units.input(0, number)

    def _inputs(self, x: float) -> tuple[float]:
        return (self._units.scaled_input(0, x),)

    def value(self, x: float) -> float:
        """f(x)."""
        return self._read(self._forward(x))

    def _forward(self, x: float) -> tuple[float, ...]:
        program, memory = self._program, self._memory
        self._stepper.load_row(memory, self._inputs(x), program.untold)
        program.tape.forward(memory, 0, program.forward)
        return tuple(memory.data[slot] for slot in program.outputs)

    def values(self, xs: Sequence[float]) -> Generator[int, None, list[float]]:
        """f of each; yields after every few how many they were."""
        layers = Layers(self._program.layers, self._parameters)
        outputs, _ = yield from layers.outputs(map(self._inputs, xs))
        return [self._read(row) for row in outputs]

    def _read(self, outputs: Sequence[float]) -> float:
        if self._probable:
            return self._program.probabilities(outputs)[self._class]
        return self._units.target(outputs[self.place])

    def _seeds(self, outputs: Sequence[float]) -> list[float]:
        """∂f/∂output of each output."""
        own = [float(index == self.place) for index in range(len(outputs))]
        if not self._probable:
            return [one * self._units.target_scale for one in own]
        here = self._read(outputs)
        if not self._coupled:
            return [one * here * (1.0 - here) for one in own]
        return [here * (one - share) for one, share in zip(own, self._program.probabilities(outputs), strict=True)]

    def slope(self) -> float:
        """f′(x) by backward, as the run's own is, broken or not."""
        program, memory = self._program, self._memory
        outputs = self._forward(self.x)
        for slot, seed in zip(program.outputs, self._seeds(outputs), strict=True):
            memory.grad[slot] = seed
        program.tape.backward_from(memory, program.forward)
        slope = memory.grad[program.inputs[0]]
        return slope / self._units.scales[0] if self._units.means else slope

    def update(self, slope: float) -> None:
        """An input is given: it stays."""

    def points(self) -> tuple[PlotPoint, ...]:
        """The samples, each with its target as f would have it."""
        return tuple(
            PlotPoint(self._own(sample.inputs[0]), self._meant(sample.targets[self.place]), sample.test)
            for sample in evenly_chosen(self._program)
        )

    def _meant(self, target: float) -> float:
        """What f should be where an output should be `target`."""
        return float(target == 1.0) if self._probable else self._units.target(target)


Function = AlongLeaf | OverInput


def function_of(run: Run, leaf: int, row: int | None) -> Function:
    """The function of one variable that a run has: along a leaf of its expression, or over its one input, where it
    stands at that of a training sample, by its row; None for the one in hand.
    """
    return AlongLeaf(run, leaf) if run.stepper.program.data is None else OverInput(run, row)


def output_of(run: Run, row: int | None) -> int:
    """The output for the class that a sample is of, where each has one; else the only one."""
    return _sample(run, row)[1].index(1.0) if run.stepper.program.coding.outputs > 1 else 0


def _sample(run: Run, row: int | None) -> Sample:
    return run.stepper.program.samples[row_shown(run, row)]
