"""Makes the view of the model as code. Reads a run; must not change it, nor know how code is written or the screen."""

from __future__ import annotations

from ....autograd.tape import Tape
from ....autograd.text.notation import formula
from ...run.run import Run
from ...snapshot.tape import CodePlace, CodeView
from ...step.anatomy import of_unit
from ...step.located_op import LocatedOp
from ...step.program import Program


def code(run: Run) -> CodeView:
    """What is trained, and where in it the last op and the next one are."""
    program = run.stepper.program
    layers, count = program.layers, len(program.parameters)
    named = () if layers else _named(program)
    return CodeView(
        sizes=(len(program.inputs), *(len(layer.units) for layer in layers)) if layers else (),
        activations=(layers[0].activation, layers[-1].activation) if layers else (),
        leaves=() if layers else tuple(zip(program.labels, run.state.memory.data[:count], strict=True)),
        steps=tuple((program.slots.values[slot].label, _written(program, slot)) for slot in named),
        done=None if run.last is None else _place(program, run.last),
        coming=None if run.ended else _place(program, run.coming),
    )


def _place(program: Program, op: LocatedOp) -> CodePlace:
    phase = op.spot.phase
    if phase == "backward":
        first = op.spot.op in op.timeline.backwards
        return CodePlace(phase, "seed" if first else "pass", again=op.timeline.second(op.spot))
    if phase != "forward":
        return CodePlace(phase)
    if not program.layers:
        return CodePlace(phase, line=_step_of(program.tape, op.index, _named(program)))
    layer, neuron = op.scope
    assert layer is not None
    assert neuron is not None
    plan = program.layers[layer - 1]
    unit = plan.units[neuron - 1]
    doing = of_unit(program.tape, unit.sum, unit.output, plan.activation).doing(op.slots[2])
    return CodePlace(phase, doing[0] if doing else "activate")


def _named(program: Program) -> list[int]:
    """The slots of an expression's steps, in the order in which they are computed: those with names, and its value."""
    tape = program.tape
    slots = range(tape.first, tape.first + len(tape))
    return [slot for slot in slots if program.slots.values[slot].label or slot == program.root]


def _step_of(tape: Tape, k: int, named: list[int]) -> int:
    """The step that an op is part of: an op without a name has one user, which is in the same step."""
    steps = {slot: step for step, slot in enumerate(named)}
    for _, i, j, result in reversed(tape.program):
        for slot in (i, j):
            steps.setdefault(slot, steps[result])
    return steps[tape.first + k]


def _written(program: Program, slot: int) -> str:
    return formula(program.slots.values[slot])
