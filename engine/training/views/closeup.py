"""Makes the view of one neuron. Reads a run; must not change it, nor know the screen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ...autograd.value import Value
from ...nn.mlp import ACTIVATIONS
from ..run.nodes import Nodes
from ..run.run import Run
from ..snapshot.closeup import NeuronView

_LEAST_REACH = 4.0
"""Where the curve of an activation ends at least, on either side."""

_CURVE_STEPS = 128
"""Steps along the curve."""


def neuron(run: Run, nodes: Nodes, unit: tuple[int, int]) -> NeuronView | None:
    """A neuron, by its layer and its number from 0, on the sample of these nodes; None where there is none such."""
    program = run.stepper.program
    if unit[0] >= len(program.layers) or unit[1] >= len(program.layers[unit[0]].units):
        return None
    layer, number = unit
    plan = program.layers[layer]
    first = plan.first_parameter + number * (plan.inputs + 1)
    weights = slice(first, first + plan.inputs)
    place = plan.units[number]
    data, grad = nodes.memory.data, nodes.memory.grad
    computed = nodes.looked_at or _computed(run, place.output)
    parameters = _parameters_of_forward(run) if computed and not nodes.looked_at else data
    before = [unit.output for unit in program.layers[layer - 1].units] if layer else list(program.inputs)
    names = tuple(f"L{layer}.n{i + 1}" for i in range(plan.inputs)) if layer else program.input_names
    total = data[place.sum]
    reach = _LEAST_REACH
    while reach < abs(total) < float("inf"):
        reach *= 2.0
    return NeuronView(
        layer=layer,
        neuron=number,
        sample=nodes.sample,
        activation=plan.activation,
        names=names,
        inputs=tuple(data[slot] for slot in before),
        weights=tuple(parameters[weights]),
        weight_grads=tuple(grad[weights]),
        bias=parameters[weights.stop],
        bias_grad=grad[weights.stop],
        sum=total,
        output=data[place.output],
        grad=grad[place.output],
        slope=_value_and_slope(plan.activation, total)[1],
        computed=computed,
        first_parameter=first,
        curve=_curve(plan.activation, reach),
        place=nodes.place(run),
        looked_at=nodes.looked_at,
    )


def _computed(run: Run, slot: int) -> bool:
    """Whether a node holds its number for the sample that is loaded, not one that an earlier sample left."""
    first, state = run.stepper.program.tape.first, run.state
    spot = run.stepper.timeline(state).spot(state.op)
    coming = spot.phase == "forward" and 0 < spot.offset <= slot - first
    return slot < first + state.reached and not coming


def _parameters_of_forward(run: Run) -> Sequence[float]:
    """The parameters with which the nodes were computed: an update does not change what was summed before it."""
    state, data = run.state, run.state.memory.data
    start = run.stepper.timeline(state).backward_end
    updated = len(state.previous) if state.op == 0 else max(0, state.op - start)
    return [*state.previous[:updated], *data[updated : len(state.previous)]]


def _value_and_slope(activation: str, total: float) -> tuple[float, float]:
    """An activation's output at a sum, and its slope there."""
    leaf = Value(total)
    out = ACTIVATIONS[activation](leaf)
    out.backward()
    return out.data, leaf.grad


@lru_cache(maxsize=32)
def _curve(activation: str, reach: float) -> tuple[tuple[float, float], ...]:
    sums = [reach * (2 * k / _CURVE_STEPS - 1) for k in range(_CURVE_STEPS + 1)]
    return tuple((total, _value_and_slope(activation, total)[0]) for total in sums)
