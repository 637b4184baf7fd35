"""Makes the view of a network on one sample. Reads a run; must not change it, nor know the screen."""

from __future__ import annotations

from collections.abc import Sequence

from ..run.nodes import Nodes
from ..run.run import Run
from ..snapshot.network import LayerView, Lit, LossView, NetworkView, Own
from ..step.located_op import LocatedOp
from ..step.program import LayerPlan


def network(run: Run, nodes: Nodes) -> NetworkView:
    """The network on the sample whose nodes these are."""
    program, subject, last = run.stepper.program, run.stepper.program.data, run.last
    assert subject is not None
    data, grad = nodes.memory.data, nodes.memory.grad
    inputs, targets = program.samples[nodes.row]
    outputs = [data[slot] for slot in program.outputs]
    probabilities = program.probabilities(outputs)
    known, units = program.forward <= nodes.reached, program.table_units
    return NetworkView(
        sample=nodes.sample,
        input_names=program.input_names,
        inputs=tuple(data[slot] for slot in program.inputs),
        input_grads=tuple(grad[slot] for slot in program.inputs),
        layers=tuple(_layer(plan, data, grad, program.tape.first + nodes.reached) for plan in program.layers),
        output_names=subject.classes if program.coding.outputs > 1 else ("ŷ",),
        targets=targets[: len(program.targets)],
        computed=nodes.reached > 0,
        lit=_lit(last) if last and not nodes.looked_at else None,
        place=nodes.place(run),
        row=nodes.row,
        row_inputs=inputs,
        looked_at=nodes.looked_at,
        probabilities=probabilities if known else (),
        probable=bool(probabilities),
        decision=program.coding.decide(outputs) if known else None,
        target=program.target(nodes.row),
        loss=_loss(run, nodes),
        coming=None if nodes.looked_at else _lit(run.coming),
        own=Own(subject.target, *map(units.target, (outputs[0], targets[0]))) if units.scaled and known else None,
        columns=nodes.said(run),
    )


def _lit(op: LocatedOp) -> Lit | None:
    """The part of the network that an op touches."""
    layer, neuron = op.scope
    layers = op.program.layers
    if layer is None or neuron is None or not layers:
        return Lit(len(layers), 0, None, op.backward) if op.tape is not None else None
    plan, parameter = layers[layer - 1], op.parameter
    first = plan.first_parameter + (neuron - 1) * (plan.inputs + 1)
    weight = parameter - first if parameter is not None and parameter - first < plan.inputs else None
    return Lit(layer - 1, neuron - 1, weight, op.backward)


def _loss(run: Run, nodes: Nodes) -> LossView:
    """The sample's own loss, or that of its batch where the last op was not one of a sample."""
    state, program = run.state, run.stepper.program
    timeline = run.stepper.timeline(state)
    # At the start of a step it stands behind the whole of the one before.
    of_sample = not state.step if not state.op else timeline.spot(state.op - 1).sample is not None
    if of_sample or nodes.looked_at:
        memory = nodes.memory
        computed = nodes.reached == len(program.tape)
        return LossView(1, memory.data[program.root], memory.grad[program.root], computed)
    measured = run.measured()
    computed = not state.op or measured > state.step
    begun = not state.op or state.op > timeline.zero_end
    loss = run.history.loss[measured - 1] if computed else 0.0
    return LossView(state.measured if not state.op else timeline.size, loss, float(begun), computed)


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
