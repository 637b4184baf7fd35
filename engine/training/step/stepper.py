"""A training step under its settings, and its ops one after the other, from any op to any later one. Must not know
commands, history or the screen.

However many ops are run at once, the same operations happen in the same order, so the state after an op depends on the
op alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING

from ...autograd.tape import Memory
from ...nn.optimizers import KNOBS, OPTIMIZERS
from ..setup.settings import Settings
from .program import Program
from .state import State
from .timeline import Spot, Timeline

if TYPE_CHECKING:
    from .compilation import Compilation


_Pass = Callable[[Memory, int, int], None]
"""Forward or backward: runs ops start … stop−1 of a tape in a memory."""


@contextmanager
def _before_update(state: State) -> Iterator[Memory]:
    """The state's memory with the parameters before the last update; what is done to them and their grads is undone."""
    memory, count = state.memory, len(state.previous)
    data, grad = memory.data[:count], memory.grad[:count]
    memory.data[:count] = state.previous
    yield memory
    memory.data[:count], memory.grad[:count] = data, grad


class Stepper:
    """Training `program` under `settings`: its batches, learning rates and ops. The numbers are in a `State`; a stepper
    itself never changes.
    """

    def __init__(self, program: Program, settings: Settings) -> None:
        self.program = program
        self.settings = settings
        self._timelines = {size: Timeline(program, size) for size in program.batches.sizes()}
        self.climbs = settings.maximise != ("flipped" in settings.mistakes)
        """Updates go along the gradient instead of against it."""
        self.frozen = frozenset(settings.frozen).union(program.biases if "no_bias" in settings.mistakes else ())
        """Parameters that updates leave alone."""
        self.knobs = tuple(getattr(settings, KNOBS[name]) for name in OPTIMIZERS[settings.optimizer].knobs)
        """The optimiser's knobs, in the order of its row."""
        self._zeros = [0.0] * len(program.replaced)
        self._constants = [program.slots.values[slot].data for slot in program.tape.constants]

    @cached_property
    def compilation(self) -> Compilation:
        """The compiled functions of the program under these settings."""
        return self.program.compilation(self.settings.optimizer, self.frozen)

    def batch(self, state: State) -> Sequence[int]:
        """Indices of the samples of the state's step."""
        return self.program.batches.at(state.epoch, state.cursor)

    def previous_batch(self, state: State) -> Sequence[int]:
        """Indices of the samples of the step before the state's."""
        batches = self.program.batches
        if state.cursor:
            return batches.at(state.epoch, state.cursor - batches.size)
        return batches.at(state.epoch - 1, (batches.n - 1) // batches.size * batches.size)

    def loaded(self, state: State) -> int | None:
        """Index of the sample whose numbers the state's memory holds, or would if they were not stale; None where it
        holds none yet.
        """
        if not state.reached and state.stale is None:
            return None
        if not state.op:
            return (state.stale or self.previous_batch(state))[-1]
        batch, place = self.batch(state), self.timeline(state).spot(state.op - 1).sample
        return batch[-1 if place is None else place]

    def timeline(self, state: State) -> Timeline:
        """The ops of the state's step."""
        return self._timelines[self.program.batches.length(state.cursor)]

    def first_parameters(self, state: State) -> list[float]:
        """The parameters with which the state's step began, if nothing was edited since."""
        count = len(state.previous)
        updated = max(0, state.op - self.timeline(state).backward_end)
        return [*state.previous[:updated], *state.memory.data[updated:count]]

    def lr(self, step: int) -> float:
        """Effective learning rate of a step: base times schedule."""
        return self.settings.rate(step)

    def rate(self, step: int) -> float:
        """The same as the optimiser's update takes it: below 0 where it climbs."""
        return -self.lr(step) if self.climbs else self.lr(step)

    def rates(self, step: int, count: int) -> list[float]:
        """The same for `count` steps from `step` on."""
        rates = self.settings.rates(step, count)
        return [-rate for rate in rates] if self.climbs else rates

    def run(self, state: State, stop: int) -> None:
        """Run ops up to op count `stop` of the state's step; at its end the state stands at the next step's start."""
        batch = self.batch(state)
        timeline = self._timelines[len(batch)]
        if state.op == 0 and not timeline.zeroes:
            state.inherited = state.memory.grad[: len(state.previous)]
        if state.op == 0 and len(self._timelines) > 1:
            self._clear_other_sizes(state, len(batch))
        if state.op == 0 and stop >= timeline.loss_end:
            self._forward(state, batch)
            self._batch_loss(state, len(batch))
            state.op = timeline.loss_end
        while state.op < stop:
            spot = timeline.spot(state.op)
            self._prepare(state, batch, spot)
            end = min(stop, spot.start + spot.length)
            self._segment(state, batch, spot, end - spot.start)
            state.op, state.prepared = end, None
        if state.op == timeline.total:
            self.complete(state, len(batch))
            state.stale = None

    def recompute_sample(self, state: State) -> None:
        """After compiled steps: what the last one left in the nodes of its last sample, which is enough for a picture.
        They are recomputed once where it stands.
        """
        batch = state.stale
        if batch is None or state.derived == state.step:
            return
        program = self.program
        with _before_update(state) as memory:
            self.load(memory, batch[-1])
            program.tape.forward(memory)
            memory.grad[program.root] = 1.0 / len(batch) if program.mean else 1.0
            program.tape.backward(memory)
        state.reached, state.derived = len(program.tape), state.step

    def recompute_first(self, state: State) -> None:
        """The same of the first op alone: enough to tell what that is about to change."""
        if state.stale is not None and state.derived != state.step:
            with _before_update(state) as memory:
                self.load(memory, state.stale[-1])
                self.program.tape.forward(memory, 0, 1)
            state.reached = len(self.program.tape)

    def recompute(self, state: State, most: int | None = None) -> Iterator[int]:
        """After compiled steps: everything that the last one left behind. Yields 1 after each sample, or after `most`
        ops; left there, the state is as it was.
        """
        batch = state.stale
        if batch is None:
            return
        program = self.program
        forward, backward = program.tape.forward, program.tape.backward
        shadow = State(program, state.previous, self.settings)
        shadow.step, shadow.epoch, shadow.cursor = state.step, state.epoch, state.cursor
        for place, index in enumerate(batch):
            self.load(shadow.memory, index)
            yield from _pieces(forward, shadow.memory, len(program.tape), most)
            self._keep_outputs(shadow, place)
            self._keep_loss(shadow, place)
        whole = program.batch(len(batch)).tape
        for slot in whole.constants:
            shadow.memory.grad[slot] = 0.0
        yield from _pieces(whole.forward, shadow.memory, len(whole), most)
        self._seed(shadow.memory, len(batch))
        yield from _pieces(whole.backward, shadow.memory, len(whole), most)
        self.load(shadow.memory, batch[-1])
        yield from _pieces(forward, shadow.memory, len(program.tape), most)
        shadow.memory.grad[program.root] = shadow.memory.grad[program.losses[len(batch) - 1]]
        yield from _pieces(backward, shadow.memory, len(program.tape), most)
        count = len(state.previous)
        shadow.memory.data[:count] = state.memory.data[:count]
        shadow.memory.grad[:count] = state.memory.grad[:count]
        state.memory, state.outputs = shadow.memory, shadow.outputs
        state.reached, state.stale = len(program.tape), None

    def preparing(self, state: State, most: int) -> Iterator[int]:
        """What `prepare` computes again, if that is more than `most` ops, before the next op is run: yields 1 after
        each so many; left there, the state is as it was.
        """
        batch, program = self.batch(state), self.program
        spot = self._timelines[len(batch)].spot(state.op)
        ops = self._again(batch, spot)
        if ops <= most or spot.sample is None:
            return
        memory = copy(state.memory)
        memory.data, memory.grad = memory.data[:], memory.grad[:]
        self.load(memory, batch[spot.sample])
        yield from _pieces(program.tape.forward, memory, ops, most)
        state.memory, state.prepared = memory, state.op

    def prepare(self, state: State) -> None:
        """Put everything in place that the next op needs, as running it would; then its inputs can be looked at."""
        batch = self.batch(state)
        self._prepare(state, batch, self._timelines[len(batch)].spot(state.op))

    def timeline_of(self, size: int) -> Timeline:
        """The ops of a step on a batch of `size` samples."""
        return self._timelines[size]

    def complete(self, state: State, samples: int, steps: int = 1) -> None:
        """Stand behind so many more steps, on so many samples in all; no batch goes beyond an epoch's end."""
        state.step += steps
        state.updates += steps
        state.op = 0
        epochs, state.cursor = divmod(state.cursor + samples, self.program.batches.n)
        state.epoch += epochs

    def _clear_other_sizes(self, state: State, size: int) -> None:
        """Clear what a batch of another size left behind: one step from a checkpoint then makes the same state."""
        memory, program = state.memory, self.program
        tapes = [program.batch(other).tape for other in self._timelines if other != size]
        for slot in [*program.losses[size:], *(k for tape in tapes for _, _, _, k in tape.program)]:
            memory.data[slot] = memory.grad[slot] = 0.0
        for slot in (constant for tape in tapes for constant in tape.constants):
            memory.grad[slot] = 0.0

    def load(self, memory: Memory, index: int) -> None:
        """Put a sample's inputs and targets into their slots; no gradient of an earlier sample stays behind."""
        inputs, targets = self.program.samples[index]
        self.load_row(memory, inputs, targets)

    def load_row(self, memory: Memory, inputs: Sequence[float], targets: Sequence[float]) -> None:
        """As `load`, for numbers from elsewhere."""
        replaced = self.program.replaced
        memory.data[replaced.start : replaced.stop] = [*inputs, *targets, *self._constants]
        memory.grad[replaced.start : replaced.stop] = self._zeros

    def _forward(self, state: State, batch: Sequence[int]) -> None:
        """Every sample's forward and own loss in one go: the same numbers as in two phases."""
        memory = state.memory
        for place, index in enumerate(batch):
            self.load(memory, index)
            self.program.tape.forward(memory)
            self._keep_outputs(state, place)
            self._keep_loss(state, place)
        state.reached = len(self.program.tape)

    def _keep_outputs(self, state: State, place: int) -> None:
        data = state.memory.data
        state.outputs[place] = tuple(data[slot] for slot in self.program.outputs)

    def _keep_loss(self, state: State, place: int) -> None:
        memory, slot = state.memory, self.program.losses[place]
        memory.data[slot] = memory.data[self.program.root]
        memory.grad[slot] = 0.0

    def _batch_loss(self, state: State, size: int, start: int = 0, stop: int | None = None) -> None:
        plan, memory = self.program.batch(size), state.memory
        for slot in plan.tape.constants:
            memory.grad[slot] = 0.0
        plan.tape.forward(memory, start, stop)

    def _prepare(self, state: State, batch: Sequence[int], spot: Spot) -> None:
        """What has no op of its own: samples are loaded, forward values computed again, backward is seeded."""
        memory, program = state.memory, self.program
        timeline = self._timelines[len(batch)]
        if spot.op == timeline.zero_end:
            self._seed(memory, len(batch))
        elif spot.op in timeline.backwards:
            memory.grad[program.batch(len(batch)).root] = 1.0  # of all that is kept, backward() itself sets this alone
        if spot.sample is None or spot.offset:
            return
        if not timeline.second(spot) and state.prepared != state.op:
            self.load(memory, batch[spot.sample])
            if ops := self._again(batch, spot):
                program.tape.forward(memory, 0, ops)
        if spot.phase == "backward":
            if program.script is not None and not timeline.second(spot):  # its one sample is there still
                program.script.seed(batch[0], memory)
            memory.grad[program.root] = memory.grad[program.losses[spot.sample]]

    def _again(self, batch: Sequence[int], spot: Spot) -> int:
        """How many ops of its sample are computed again before an op: where its sample is another one than before."""
        program = self.program
        if spot.sample is None or spot.offset or self._timelines[len(batch)].second(spot):
            return 0
        if spot.phase == "loss":
            return program.forward
        return len(program.tape) if spot.phase == "backward" and program.script is None else 0

    def _seed(self, memory: Memory, size: int) -> None:
        """The derivative of the loss by itself is 1."""
        for slot in self.program.losses[:size]:
            memory.grad[slot] = 0.0
        memory.grad[self.program.batch(size).root] = 1.0

    def _segment(self, state: State, batch: Sequence[int], spot: Spot, stop: int) -> None:
        """Run ops spot.offset … stop−1 of one segment."""
        start, memory, program = spot.offset, state.memory, self.program
        if spot.phase == "zero_grad":
            script = program.script
            memory.grad[start:stop] = script.zeroed(batch[0])[start:stop] if script else [0.0] * (stop - start)
        elif spot.phase == "update":
            self._update(state, start, stop)
        elif spot.sample is None:
            if spot.phase == "loss":
                self._batch_loss(state, len(batch), start, stop)
            else:
                program.batch(len(batch)).tape.backward(memory, start, stop)
        elif spot.phase == "backward":
            if program.script is None:
                program.tape.backward(memory, start, stop)
            else:
                program.script.backward(batch[0], memory, start, stop)
        else:
            skip = program.forward if spot.phase == "loss" else 0
            program.tape.forward(memory, skip + start, skip + stop)
            state.reached = max(state.reached, skip + stop)
            if stop == spot.length:
                if spot.phase == "forward":
                    self._keep_outputs(state, spot.sample)
                if skip + stop == len(program.tape):
                    self._keep_loss(state, spot.sample)

    def _update(self, state: State, start: int, stop: int) -> None:
        if self.program.script is not None:
            state.previous[start:stop] = state.memory.data[start:stop]
            state.memory.data[start:stop] = self.program.script.parameters(state.step + 1)[start:stop]
            return
        settings = self.settings
        update = OPTIMIZERS[settings.optimizer].update
        lr = self.rate(state.step)
        t, knobs, frozen = state.updates + 1, self.knobs, self.frozen
        data, grad, previous, moments = state.memory.data, state.memory.grad, state.previous, state.moments
        for p in range(start, stop):
            previous[p] = data[p]
            if p in frozen:
                continue
            data[p], *new = update(data[p], grad[p], lr, t, *knobs, *[moment[p] for moment in moments])
            for moment, number in zip(moments, new, strict=True):
                moment[p] = number


def _pieces(run: _Pass, memory: Memory, ops: int, most: int | None) -> Iterator[int]:
    """Run the first ops of a tape, at most so many at once; yields 1 after each piece."""
    most = most or max(1, ops)
    for start in range(0, ops, most):
        run(memory, start, min(ops, start + most))
        yield 1
