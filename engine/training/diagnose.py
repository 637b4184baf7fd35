"""Finds the op with which a step first left the finite numbers. Must not know sessions or the screen."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..tape import Memory, Tape, text
from .program import Program
from .snapshot import Fault
from .stepper import State, Stepper


def first_fault(stepper: Stepper, parameters: Sequence[float], batch: Sequence[int], step: int) -> Fault | None:
    """Run a step's forward, loss and backward again, and name the first result that is not finite."""
    program = stepper.program
    memory = program.slots.memory()
    memory.data[: len(parameters)] = parameters
    for place, index in enumerate(batch):
        stepper.load(memory, index)
        for slot in program.tape.steps_forward(memory):
            k = slot - program.tape.first
            if not math.isfinite(memory.data[slot]):
                phase = "forward" if k < program.forward else "loss"
                return _fault(program, memory, program.tape, k, step, phase, f"sample {place + 1}", memory.data[slot])
        memory.data[program.losses[place]] = memory.data[program.root]
    plan = program.batch(len(batch))
    for slot in plan.tape.steps_forward(memory):
        k, result = slot - plan.tape.first, memory.data[slot]
        if not math.isfinite(result):
            return _fault(program, memory, plan.tape, k, step, "loss", "batch", result)
    memory.grad[plan.root] = 1.0
    for slot in plan.tape.steps_backward(memory):
        fault = _bad_gradient(program, memory, plan.tape, slot - plan.tape.first, step, "batch")
        if fault:
            return fault
    for place, index in enumerate(batch):
        stepper.load(memory, index)
        program.tape.forward(memory)
        memory.grad[program.root] = memory.grad[program.losses[place]]
        for slot in program.tape.steps_backward(memory):
            k = slot - program.tape.first
            fault = _bad_gradient(program, memory, program.tape, k, step, f"sample {place + 1}")
            if fault:
                return fault
    return None


def fault_between(stepper: Stepper, state: State, stop: int) -> Fault | None:
    """The first fault on the way of a state to the start of step `stop`; the state is used up."""
    while state.step < stop:
        batch = stepper.batch(state)
        parameters = state.memory.data[: len(state.previous)]
        fault = first_fault(stepper, parameters, batch, state.step)
        if fault is None:
            stepper.run(state, stepper.timeline(state).total)
            fault = update_fault(stepper.program, state)
        if fault is not None:
            return fault
    return None


def update_fault(program: Program, state: State) -> Fault | None:
    """The first parameter that the last update made leave the finite numbers."""
    for index, (before, now) in enumerate(zip(state.previous, state.memory.data, strict=False)):
        if not math.isfinite(now):
            inputs = (("before", before), ("grad", state.memory.grad[index]))
            return Fault(state.step - 1, "update", "", f"update of {program.labels[index]}", inputs, now)
    return None


def _bad_gradient(program: Program, memory: Memory, tape: Tape, k: int, step: int, scope: str) -> Fault | None:
    _, i, j, _ = tape.program[k]
    bad = [memory.grad[slot] for slot in (i, j) if not math.isfinite(memory.grad[slot])]
    return _fault(program, memory, tape, k, step, "backward", scope, bad[0]) if bad else None


def _fault(
    program: Program, memory: Memory, tape: Tape, k: int, step: int, phase: str, scope: str, result: float
) -> Fault:
    _, i, j, slot = tape.program[k]
    layer, neuron = tape.scopes[k]
    levels = [scope] + ([f"layer {layer} › neuron {neuron}"] if layer is not None else [])
    values = program.slots.values
    inputs = tuple((text(values[s]), memory.data[s]) for s in dict.fromkeys((i, j)))
    return Fault(step, phase, " › ".join(levels), text(values[slot]), inputs, result)
