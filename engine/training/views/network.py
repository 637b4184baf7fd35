"""Makes the views of a network: on the sample in memory, and what it makes of each training sample. Reads a run; must
not change it, nor know the screen.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..run.run import Run
from ..snapshot.network import LayerView, Lit, NetworkView, Prediction
from ..step.evaluate import Evaluator
from ..step.last_op import LastOp
from ..step.program import LayerPlan

LARGEST_TABLE = 64
"""Training samples up to which there is a table of predictions."""


def network(run: Run) -> NetworkView:
    """The network on the sample that is in memory."""
    stepper, state, last = run.stepper, run.state, run.last
    program, subject = stepper.program, stepper.program.data
    assert subject is not None
    loaded = stepper.loaded(state)
    row = stepper.batch(state)[0] if loaded is None else loaded
    data, grad = state.memory.data, state.memory.grad
    return NetworkView(
        sample=last.sample if last else None,
        input_names=program.input_names,
        inputs=tuple(data[slot] for slot in program.inputs),
        input_grads=tuple(grad[slot] for slot in program.inputs),
        layers=tuple(_layer(plan, data, grad, program.tape.first + state.reached) for plan in program.layers),
        output_names=subject.classes if program.coding.outputs > 1 else (subject.target,),
        targets=tuple(data[slot] for slot in program.targets),
        computed=state.reached > 0,
        lit=_lit(last) if last else None,
        place=stepper.place(state),
        row=row,
        row_inputs=program.samples[row][0],
    )


def _lit(last: LastOp) -> Lit | None:
    """The part of the network that an op touched."""
    layer, neuron = last.scope
    layers = last.stepper.program.layers
    if layer is None or neuron is None or not layers:
        return None
    plan, parameter = layers[layer - 1], last.parameter
    first = plan.first_parameter + (neuron - 1) * (plan.inputs + 1)
    weight = parameter - first if parameter is not None and parameter - first < plan.inputs else None
    return Lit(layer - 1, neuron - 1, weight, last.spot.phase == "backward")


def _layer(plan: LayerPlan, data: Sequence[float], grad: Sequence[float], reached: int) -> LayerView:
    width = plan.inputs + 1
    rows = range(plan.first_parameter, plan.first_parameter + width * len(plan.units), width)
    return LayerView(
        activation=plan.activation,
        weights=tuple(tuple(data[row : row + plan.inputs]) for row in rows),
        biases=tuple(data[row + plan.inputs] for row in rows),
        weight_grads=tuple(tuple(grad[row : row + plan.inputs]) for row in rows),
        bias_grads=tuple(grad[row + plan.inputs] for row in rows),
        sums=tuple(data[unit.sum] for unit in plan.units),
        data=tuple(data[unit.output] for unit in plan.units),
        grad=tuple(grad[unit.output] for unit in plan.units),
        computed=sum(unit.output < reached for unit in plan.units),
        first_parameter=plan.first_parameter,
    )


def table(run: Run) -> tuple[Prediction, ...] | None:
    """What the network makes of every training sample; None where they are many, or for an expression."""
    program = run.stepper.program
    data = program.data
    if data is None or len(data.train_inputs) > LARGEST_TABLE:
        return None
    inputs = [row for row, _ in program.samples]
    targets = [program.amendments.get((index, None), target) for index, target in enumerate(data.train_targets)]
    return Evaluator(run.stepper).table(run.parameters, inputs, targets)
