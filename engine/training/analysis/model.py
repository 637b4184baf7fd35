"""A session's model with all that it takes to go on training it, as plain data for others. Knows programs; must not
know who uses it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...nn.optimizers import OPTIMIZERS
from ...records import record
from ..run.run import Run
from ..setup.data import Standardised
from ..setup.samples import Sample
from ..setup.settings import Settings
from ..step.evaluate import Evaluator


class Dense(NamedTuple):
    """A fully connected layer."""

    weights: tuple[tuple[float, ...], ...]
    """A row for each of its neurons, a number for each of its inputs."""
    biases: tuple[float, ...]
    activation: str


@record(eq=False)
class Model:
    """Where a session stands: P parameters, layer by layer, and n training samples of m inputs."""

    name: str
    step: int
    """Updates so far."""
    settings: Settings
    names: tuple[str, ...]
    """Of the P parameters: `L1.n1.w0`."""
    parameters: tuple[float, ...]
    layers: tuple[Dense, ...]
    """Empty where it is no network, but an expression or a script."""
    inputs: tuple[str, ...]
    """Names of the m inputs."""
    samples: Sequence[Sample]
    """m inputs and coded targets each, as the network gets them; behind the targets its weight if `weighted`."""
    weighted: bool
    """Each sample's loss is taken times its weight."""
    mean: bool
    """The loss is the mean of the samples', not their sum."""
    epoch: int
    cursor: int
    """Samples of this epoch that earlier steps took."""
    updates: int
    """Updates since the optimiser began."""
    moments: tuple[tuple[float, ...], ...]
    """The optimiser's state variables, P numbers each."""
    means: tuple[float, ...]
    scales: tuple[float, ...]
    """What was subtracted from each raw input and what it was then divided by; empty where nothing was."""

    def grouped(self, numbers: Sequence[float]) -> list[tuple[list[list[float]], list[float]]]:
        """P numbers as the layers have their parameters: rows of weights, and biases."""
        groups, taken = [], iter(numbers)
        for layer in self.layers:
            rows = [[next(taken) for _ in range(len(layer.weights[0]) + 1)] for _ in layer.weights]
            groups.append(([row[:-1] for row in rows], [row[-1] for row in rows]))
        return groups


class Node(NamedTuple):
    """A number of one sample's expression."""

    name: str
    op: str
    """Its symbol; empty for a leaf."""
    inputs: tuple[int, ...]
    """The places of its inputs among the nodes."""
    data: float
    grad: float


def model(run: Run, name: str) -> Model:
    """The model of a run, where that stands."""
    stepper, state = run.stepper, run.state
    program, data = stepper.program, stepper.program.data
    parameters = tuple(run.parameters)
    layers = []
    for plan in program.layers:
        width, first = plan.inputs + 1, plan.first_parameter
        rows = [parameters[first + width * n : first + width * (n + 1)] for n in range(len(plan.units))]
        layers.append(Dense(tuple(row[:-1] for row in rows), tuple(row[-1] for row in rows), plan.activation))
    standardised = data if isinstance(data, Standardised) and not program.settings.features else None
    return Model(
        name=name,
        step=state.step,
        settings=stepper.settings,
        names=program.labels,
        parameters=parameters,
        layers=tuple(layers),
        inputs=program.input_names,
        samples=program.samples,
        weighted=bool(program.weight),
        mean=program.mean,
        epoch=state.epoch,
        cursor=state.cursor,
        updates=state.updates,
        moments=tuple(map(tuple, state.moments[: len(OPTIMIZERS[stepper.settings.optimizer].state)])),
        means=standardised.means if standardised else (),
        scales=standardised.scales if standardised else (),
    )


def nodes(run: Run, row: int) -> list[Node]:
    """Every node of a training sample with the gradient that its own loss gives it, inputs before what is made of them;
    the last one is its loss.

    Raises:
        IndexError: there is no such sample.
    """
    program, tape = run.stepper.program, run.stepper.program.tape
    memory = Evaluator(run.stepper).nodes(run.parameters, row)
    leaves = [*program.parameters, *program.leaves, *tape.constants]
    places = {slot: place for place, slot in enumerate(leaves)}
    values = program.slots.values
    found = [Node(values[slot].label, "", (), memory.data[slot], memory.grad[slot]) for slot in leaves]
    for op, (_, i, j, k) in zip(tape.ops, tape.program, strict=True):
        inputs = (places[i], places[j])[: op.arity]
        places[k] = len(found)
        found.append(Node(values[k].label, op.symbol, inputs, memory.data[k], memory.grad[k]))
    return found
