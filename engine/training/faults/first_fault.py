"""Finds the op with which steps first left the finite numbers, by running them again. Must not know history or runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from ...autograd.tape import Memory, Tape
from ...autograd.text.notation import text
from ..snapshot.debugger import Fault, Link
from ..step.program import Program
from ..step.state import State
from ..step.stepper import Stepper
from .chain import behind_gradient, behind_value


def first_fault(
    stepper: Stepper, parameters: Sequence[float], batch: Sequence[int], step: int, inherited: Sequence[float] = ()
) -> Fault | None:
    """The first result of a step's forward, loss and backward that is not finite; None where all of them are.

    `parameters` are those with which the step began. Where zero_grad is forgotten, backward begins with the gradients
    `inherited` from the step before.
    """
    memory = stepper.program.slots.memory()
    memory.data[: len(parameters)], memory.grad[: len(inherited)] = parameters, inherited
    search = _Search(stepper, memory, batch, step)
    return search.of_samples() or search.of_batch() or search.backward()


class _Search(NamedTuple):
    """A step that is run again in a memory of its own. Its parts are asked in this order: each goes on from the one
    before, which must have found nothing.
    """

    stepper: Stepper
    memory: Memory
    batch: Sequence[int]
    step: int

    def of_samples(self) -> Fault | None:
        """The first fault in the samples' forward, or else in their losses."""
        program, memory, in_loss = self.stepper.program, self.memory, None
        for place, index in enumerate(self.batch):
            self.stepper.load(memory, index)
            for slot in program.tape.forward_steps(memory):
                if math.isfinite(memory.data[slot]):
                    continue
                k = slot - program.tape.first
                where = self._of_sample(place, k)
                if where.phase == "forward":
                    return _of_value(program, memory, program.tape, k, where)
                # Another sample's forward comes before this one's loss.
                in_loss = in_loss or _of_value(program, memory, program.tape, k, where)
            memory.data[program.losses[place]] = memory.data[program.root]
        return in_loss

    def _of_sample(self, place: int, k: int) -> _Where:
        """Where op `k` of the tape of one sample is computed, in the place of the batch's sample number `place`."""
        program, scope = self.stepper.program, self._scope(place)
        if k < program.forward:
            return _Where(self.step, "forward", scope, place * program.forward + k)
        own, before = len(program.tape) - program.forward, self.stepper.timeline_of(len(self.batch)).forward_end
        return _Where(self.step, "loss", scope, before + place * own + k - program.forward)

    def _scope(self, place: int) -> str:
        """What the batch's sample number `place` is called; an expression has no samples."""
        return f"sample {place + 1}" if self.stepper.program.layers else ""

    def of_batch(self) -> Fault | None:
        """The first fault where the losses become one."""
        program, memory, size = self.stepper.program, self.memory, len(self.batch)
        tape, end = program.batch(size).tape, self.stepper.timeline_of(size).loss_end
        for slot in tape.forward_steps(memory):
            k = slot - tape.first
            if not math.isfinite(memory.data[slot]):
                return _of_value(program, memory, tape, k, _Where(self.step, "loss", "batch", end - len(tape) + k))
        return None

    def backward(self) -> Fault | None:
        """The first fault in backward: through what made the losses one, then through each sample."""
        program, memory, size = self.stepper.program, self.memory, len(self.batch)
        whole, op = program.batch(size), self.stepper.timeline_of(size).zero_end
        memory.grad[whole.root] = 1.0
        fault = _in_backward(program, memory, whole.tape, _Where(self.step, "backward", "batch", op))
        op += len(whole.tape)
        for place, index in enumerate(self.batch):
            if fault:
                break
            self.stepper.load(memory, index)
            program.tape.forward(memory)
            memory.grad[program.root] = memory.grad[program.losses[place]]
            where = _Where(self.step, "backward", self._scope(place), op + place * len(program.tape))
            fault = _in_backward(program, memory, program.tape, where)
        return fault


def fault_between(stepper: Stepper, state: State, stop: int) -> Fault | None:
    """The first fault between a state at the start of a step and the start of step `stop`; the state ends up there, or
    in the step of the fault.
    """
    while state.step < stop:
        batch = stepper.batch(state)
        count = len(state.previous)
        inherited = () if stepper.timeline(state).zeroes else state.memory.grad[:count]
        fault = first_fault(stepper, state.memory.data[:count], batch, state.step, inherited)
        if fault is None:
            stepper.run(state, stepper.timeline(state).total)
            fault = update_fault(stepper, state, len(batch))
        if fault is not None:
            return fault
    return None


def update_fault(stepper: Stepper, state: State, size: int) -> Fault | None:
    """The first parameter that the last update, of a step on `size` samples, made leave the finite numbers."""
    labels = stepper.program.labels
    for index, (before, now) in enumerate(zip(state.previous, state.memory.data, strict=False)):
        if not math.isfinite(now):
            inputs = (("before", before), ("grad", state.memory.grad[index]))
            op = stepper.timeline_of(size).backward_end + index
            return Fault(state.step - 1, "update", "", f"update of {labels[index]}", inputs, now, op)
    return None


class _Where(NamedTuple):
    """An op of a step; in backward, the first of its tape."""

    step: int
    phase: str
    scope: str
    op: int


def _in_backward(program: Program, memory: Memory, tape: Tape, where: _Where) -> Fault | None:
    """The first gradient that the backward of a tape makes leave the finite numbers."""
    for offset, slot in enumerate(tape.backward_steps(memory)):
        k = slot - tape.first
        _, i, j, _ = tape.program[k]
        for bad in (memory.grad[i], memory.grad[j]):
            if not math.isfinite(bad):
                chain = behind_gradient(program, memory, tape, k)
                return _fault(program, memory, tape, k, where._replace(op=where.op + offset), bad, chain)
    return None


def _of_value(program: Program, memory: Memory, tape: Tape, k: int, where: _Where) -> Fault:
    chain = behind_value(program, memory, tape, k)
    return _fault(program, memory, tape, k, where, memory.data[tape.first + k], chain)


def _fault(
    program: Program, memory: Memory, tape: Tape, k: int, where: _Where, result: float, chain: tuple[Link, ...]
) -> Fault:
    _, i, j, slot = tape.program[k]
    layer, neuron = tape.scopes[k]
    levels = [where.scope] + ([f"layer {layer} › neuron {neuron}"] if layer is not None else [])
    values = program.slots.values
    inputs = tuple((text(values[s]), memory.data[s]) for s in dict.fromkeys((i, j)))
    return Fault(where.step, where.phase, " › ".join(levels), text(values[slot]), inputs, result, where.op, chain)
