"""Makes the view of one neuron. Reads a run; must not change it, nor know the screen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from weakref import WeakKeyDictionary

from ...autograd.tape import Tape
from ...autograd.value import Value
from ...nn.mlp import ACTIVATIONS
from ..run.nodes import Nodes, progress
from ..run.run import Run
from ..snapshot.closeup import NeuronOp, NeuronView
from ..step.anatomy import Anatomy, of_unit
from ..step.located_op import LocatedOp
from ..step.program import Program

_LEAST_REACH = 4.0
"""Where the curve of an activation ends at least, on either side."""

_CURVE_STEPS = 128
"""Steps along the curve."""


def neuron(run: Run, nodes: Nodes, unit: tuple[int, int]) -> NeuronView | None:
    """A neuron, by its layer and its number from 0, on the sample of these nodes; None where there is none such."""
    program = run.stepper.program
    if (anatomy := anatomy_of(program, unit)) is None:
        return None
    known, grads = _Known(run, nodes), nodes.memory.grad
    data, grad = known.data, known.grad
    running, added = _added(known, anatomy)
    total, weights, bias = data(anatomy.sum), anatomy.weights, anatomy.bias
    return NeuronView(
        layer=unit[0],
        neuron=unit[1],
        sample=nodes.sample if program.layers else None,
        activation=anatomy.activation,
        names=_names(program, anatomy, unit[0]),
        inputs=tuple(map(data, anatomy.inputs)),
        input_grads=tuple(map(grad, anatomy.inputs)),
        weights=tuple(map(known.parameter, weights)),
        weight_grads=tuple(grads[slot] for slot in weights),
        products=tuple(map(data, anatomy.products)),
        product_grads=tuple(map(grad, anatomy.products)),
        added=added,
        running=data(running[added - 1]) if added else None,
        running_grad=grad(running[-1]),
        bias=None if bias is None else known.parameter(bias),
        bias_grad=None if bias is None else grads[bias],
        sum=total,
        sum_grad=grad(anatomy.sum),
        output=data(anatomy.output),
        output_grad=grad(anatomy.output),
        slope=None if total is None else _value_and_slope(anatomy.activation, total)[1],
        done=_touched(anatomy, run.last) if run.last and not nodes.looked_at else None,
        coming=None if nodes.looked_at else _touched(anatomy, run.coming),
        rows=_rows(anatomy, program.parameters),
        curve=_curve(anatomy.activation, _reach(total)),
        place=nodes.place(run),
        looked_at=nodes.looked_at,
        columns=nodes.said(run) if program.layers and not unit[0] else (),
    )


def _added(known: _Known, anatomy: Anatomy) -> tuple[list[int], int]:
    """The slots of its running sum, and how many of its products are in it by now."""
    running = [*anatomy.products[:1], *anatomy.sums]
    added = sum(known.data(slot) is not None for slot in running)
    # One product is no sum of them.
    return running, 0 if added == 1 < len(running) else added


def _names(program: Program, anatomy: Anatomy, layer: int) -> tuple[str, ...]:
    """What its inputs are called."""
    if program.layers and not layer:
        return program.input_names
    return tuple(program.slots.values[slot].label for slot in anatomy.inputs)


# --- which ops are its own


def anatomy_of(program: Program, unit: tuple[int, int]) -> Anatomy | None:
    """The slots of a neuron, by its layer and its number from 0; None where there is none such."""
    layer, number = unit
    if not program.layers:
        return program.lone_neuron if unit == (0, 0) else None
    if layer >= len(program.layers) or number >= len(program.layers[layer].units):
        return None
    plan = program.layers[layer]
    return of_unit(program.tape, plan.units[number].sum, plan.units[number].output, plan.activation)


def _touched(anatomy: Anatomy, op: LocatedOp) -> NeuronOp | None:
    """What an op does to the neuron, if anything."""
    phase = op.spot.phase
    if op.tape is None:
        row = _rows(anatomy, op.program.parameters).get(op.index)
        return None if row is None else NeuronOp("parameter", row, phase)
    doing = anatomy.doing(op.slots[2]) if op.tape is op.program.tape else None
    return None if doing is None else NeuronOp(*doing, phase)


def _rows(anatomy: Anatomy, parameters: range) -> Mapping[int, int]:
    """Parameters have the first slots, so that a slot is an index too."""
    rows = {slot: row for row, slot in enumerate(anatomy.weights)}
    rows |= {slot: row for row, slot in enumerate(anatomy.inputs) if slot in parameters}
    return rows if anatomy.bias is None else {**rows, anatomy.bias: len(anatomy.weights)}


# --- what is known by now


class _Known:
    """The numbers of a sample, as far as its ops have been run."""

    def __init__(self, run: Run, nodes: Nodes) -> None:
        self._program = program = run.stepper.program
        self._nodes, self._memory = nodes, nodes.memory
        self._first_shares = _first_shares(program)
        self._before: list[float] = []
        """Parameters that were updated since the nodes were computed, as they were then."""
        if nodes.looked_at:
            self._computed = self._derived = len(program.tape)
            return
        self._computed, self._derived = progress(run)
        state = run.state
        updated = len(state.previous) if state.op == 0 else state.op - run.stepper.timeline(state).backward_end
        if self._computed:
            self._before = state.previous[: max(0, updated)]

    def parameter(self, slot: int) -> float:
        """A parameter with which the nodes were computed: an update does not change what was summed before it."""
        return self._before[slot] if slot < len(self._before) else self._memory.data[slot]

    def data(self, slot: int) -> float | None:
        """The number of a node, a parameter or an input."""
        program = self._program
        if slot in program.parameters:
            return self.parameter(slot)
        if slot in program.inputs and not self._nodes.reached:
            return program.samples[self._nodes.row][0][slot - program.inputs.start]
        return self._memory.data[slot] if slot < program.tape.first + self._computed else None

    def grad(self, slot: int) -> float | None:
        """Its gradient, from the first op on that has given it a share."""
        known = slot in self._program.parameters or self._first_shares.get(slot, self._derived) < self._derived
        return self._memory.grad[slot] if known else None


_FIRST_SHARES: WeakKeyDictionary[Tape, Mapping[int, int]] = WeakKeyDictionary()
"""They are forgotten with their tapes."""


def _first_shares(program: Program) -> Mapping[int, int]:
    """For each slot the op of backward, counted from 0, that is the first to add to its gradient."""
    tape = program.tape
    if tape not in _FIRST_SHARES:
        first = {program.root: 0}
        for place, k in enumerate(tape.order):
            _, i, j, _ = tape.program[k]
            first.setdefault(i, place)
            first.setdefault(j, place)
        _FIRST_SHARES[tape] = first
    return _FIRST_SHARES[tape]


# --- the activation


def _reach(total: float | None) -> float:
    reach = _LEAST_REACH
    while total is not None and reach < abs(total) < float("inf"):
        reach *= 2.0
    return reach


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
