"""A run: training from first weights on, at an exact position that can move forwards and backwards.

Knows state, history and edits; must not know commands beyond edits, snapshots or the screen.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Callable, Generator, Sequence
from itertools import accumulate

from ..commands import CommandError, SetKnob, SetParameter, SetSample
from ..setup.settings import SAME_PROGRAM, Settings, turned
from ..snapshot.debugger import Fault
from ..step.compilation import Compilation
from ..step.compiled import Taken, leap, stride
from ..step.diagnose import fault_between
from ..step.last_op import LastOp
from ..step.program import Program
from ..step.stepper import State, Stepper
from . import faults
from .history import Checkpoint, Edit, History

_BETWEEN_CHECKPOINTS = 2048
"""Samples' worth of work between two checkpoints, at first."""

Moves = Generator[int, None, None]
"""A movement, piece by piece."""


class Run:
    """A position in training, with everything behind it recorded.

    `build` makes the program of other settings, when a knob that decides it is turned on the way.
    """

    def __init__(
        self,
        stepper: Stepper,
        first: Sequence[float],
        build: Callable[[Settings], Program],
        ghost: array[float] | None = None,
    ) -> None:
        self.stepper = stepper
        self.state = State(stepper.program, first, stepper.settings)
        apart = max(1, _BETWEEN_CHECKPOINTS // stepper.program.batches.size)
        self.history = History(Checkpoint.of(stepper, self.state, 0), ghost=ghost, stride=apart)
        self.fault: Fault | None = None
        """Where the run first left the finite numbers."""
        self.last: LastOp | None = None
        """The op that was run last."""
        self.quantum = 1024
        """Samples after which a movement yields."""
        self.compiles_here = True
        """Bytecode is made where it is first needed; if not, somebody else makes it, and the replay goes on."""
        self._build = build
        self._applied = 0

    @property
    def position(self) -> tuple[int, int]:
        """Updates completed, and ops done since."""
        return self.state.step, self.state.op

    @property
    def parameters(self) -> tuple[float, ...]:
        """The parameters now."""
        return tuple(self.state.memory.data[: len(self.state.previous)])

    @property
    def gradients(self) -> tuple[float, ...]:
        """Each parameter's grad now."""
        return tuple(self.state.memory.grad[: len(self.state.previous)])

    def measured(self) -> int:
        """How many steps' losses lie in the past of the position."""
        state = self.state
        return state.step + (state.op >= self.stepper.timeline(state).loss_end)

    # --- moving: each yields what it has done, in samples, after every `quantum` of them. Left there, a movement
    # forwards stands where it got to, and one backwards where it began.

    def forward(self, granularity: str) -> Moves:
        """To the next boundary of a granularity."""
        state = self.state
        if granularity == "epoch":
            epoch = state.epoch
            while self.state.epoch == epoch:
                yield from self.advance(self.state.step + 1, 0)
            return
        timeline = self.stepper.timeline(state)
        op = timeline.next(state.op, granularity)
        yield from self.advance(state.step + 1, 0) if op >= timeline.total else self.advance(state.step, op)

    def advance(self, step: int, op: int) -> Moves:
        """Forwards to a position, with the recorded edits applied where they were given."""
        done = 0
        while self.position < (step, op):
            edits = self.history.edits
            target = (step, op)
            if self._applied < len(edits):
                target = min(target, (edits[self._applied].step, edits[self._applied].op))
            whole = target[0] - self.state.step if not self.state.op else 0
            if whole and self._compiles(whole):
                taken = yield from self._leap(whole, done, (step, op))
                if not taken:
                    continue
                done += taken
            else:
                stop, samples = self._piece(target, self.quantum - done)
                if stop < self._total():
                    yield from self.stepper.settle(self.state)
                done += samples
                end = (self.state.step, stop) if stop < self._total() else (self.state.step + 1, 0)
                self._run(stop, halts=done >= self.quantum or end == (step, op))
            self._apply_edits()
            if done >= self.quantum or self.position == (step, op):
                yield done
                done = 0

    def _compiles(self, steps: int) -> bool:
        """Whether whole steps can be taken by a compiled function, which is made here if `steps` are worth that."""
        compilation = self.compilation
        worth = compilation.possible and (compilation.small or steps > 2)
        if not compilation.ready and worth and self.compiles_here:
            compilation.make()
        return compilation.ready

    @property
    def compilation(self) -> Compilation:
        """The compiled functions of the program as it is now."""
        return self.stepper.compilation

    def _leap(self, most: int, done: int, end: tuple[int, int]) -> Generator[int, None, int]:
        """Take compiled steps, as many as are left of the quantum but at most `most`; returns the samples done that it
        has not yielded.
        """
        state, stepper, history = self.state, self.stepper, self.history
        size, step = stepper.timeline(state).size, state.step
        before = Checkpoint.of(stepper, state, self._applied)
        moments = [moment[-1] for moment in state.moments]
        if size > self.quantum:
            taken, rest = yield from stride(self.compilation, stepper, state, lambda: self.quantum)
        else:
            count = min(most, max(1, (self.quantum - done) // size), history.until_checkpoint(step))
            halts = done + count * size >= self.quantum or (step + count, 0) == end
            # The op before a halt is to be shown, and needs the optimiser's state, if there is any, as it was.
            apart = 1 if moments and halts and count > 1 else 0
            taken = leap(self.compilation, stepper, state, count - apart)
            if apart and len(taken.sizes) == count - apart:
                moments = [moment[-1] for moment in state.moments]
                taken = taken.then(leap(self.compilation, stepper, state, apart))
            rest = sum(taken.sizes)
        if taken.sizes:
            self._record(before, taken)
            self.last = LastOp.of_step(stepper, state, moments)
        return rest

    def _record(self, before: Checkpoint, taken: Taken) -> None:
        """Keep what compiled steps have measured, and look whether they left the finite numbers."""
        stepper, history, n = self.stepper, self.history, self.stepper.program.batches.n
        accuracies = [math.nan] * len(taken.sizes)
        if stepper.program.coding.classes:
            accuracies = [right / size for right, size in zip(taken.rights, taken.sizes, strict=True)]
        history.measured(before.step, taken.losses, accuracies, taken.rates)
        samples = accumulate(taken.sizes, initial=before.cursor)
        next(samples)
        history.began(before.epoch + 1, [step for step, done in enumerate(samples, before.step + 1) if done % n == 0])
        history.finished(stepper, self.state, self._applied)
        if self.fault is None and not all(map(math.isfinite, (*taken.losses, *self.parameters))):
            self.fault = fault_between(stepper, before.state(), self.state.step)

    def _total(self) -> int:
        return self.stepper.timeline(self.state).total

    def _piece(self, target: tuple[int, int], samples: int) -> tuple[int, int]:
        """How far to go at once: to which op of this step, and how many samples' work that is."""
        timeline, op = self.stepper.timeline(self.state), self.state.op
        stop = target[1] if target[0] == self.state.step else timeline.total
        if op == 0 and stop == timeline.total and timeline.size <= max(samples, 1):
            return stop, timeline.size
        done = 0
        while op < stop and done < max(samples, 1):
            op = timeline.next(op, "sample")
            done += 1
        return min(op, stop), done

    def _run(self, stop: int, *, halts: bool) -> None:
        """Run ops of the current step; the very last one before a halt is kept, to be shown."""
        state, stepper = self.state, self.stepper
        timeline, step, batch = stepper.timeline(state), state.step, stepper.batch(state)
        points = {stop}
        if state.op < timeline.loss_end < stop:
            points.add(timeline.loss_end)
        if halts and stop - 1 > state.op:
            points.add(stop - 1)
        for point in sorted(points):
            started = LastOp(stepper, state) if halts and point == stop else None
            stepper.run(state, point)
            if started:
                self.last = started.finish(state)
            if point == timeline.loss_end:
                self._measure(batch)
        if state.step > step:
            self.history.finished(stepper, state, self._applied)
            if self.fault is None:
                self.fault = faults.in_update(self.stepper, state, batch, self._edited_within(step))
        elif halts and self.fault is None and not self._edited_within(step):
            self.fault = faults.behind(self.stepper, state, batch)

    def _measure(self, batch: Sequence[int]) -> None:
        """The loss phase is complete: keep its numbers."""
        state, program = self.state, self.stepper.program
        loss = state.memory.data[program.batch(len(batch)).root]
        accuracy = math.nan
        if program.coding.classes:
            right = sum(program.coding.is_right(state.outputs[i], program.samples[s][1]) for i, s in enumerate(batch))
            accuracy = right / len(batch)
        state.measured = len(batch)
        self.history.measured(state.step, [loss], [accuracy], self.stepper.rates(state.step, 1))
        if not math.isfinite(loss) and self.fault is None:
            self.fault = faults.in_loss(self.stepper, state, batch, self._edited_within(state.step), loss)

    def _edited_within(self, step: int) -> bool:
        """Whether an edit acts in the middle of a step: run again as a whole, it would not be the step that it was."""
        return self.history.edited((step, 1), (step, sys.maxsize))

    def back(self, granularity: str) -> Moves:
        """To the previous boundary of a granularity; at the very start, nowhere."""
        step, op = here = self.position
        if here == (0, 0):
            return
        if granularity == "epoch":
            yield from self.goto(self.history.epochs.before(step + (op > 0)), 0)
        elif op:
            yield from self.goto(step, self.stepper.timeline(self.state).previous(op, granularity))
        else:
            yield from self.goto(step - 1, 0)
            timeline = self.stepper.timeline(self.state)
            yield from self.goto(step - 1, timeline.previous(timeline.total, granularity))

    def goto(self, step: int, op: int) -> Moves:
        """To the point before op `op` of step `step`; what lies behind it is computed again from a checkpoint.

        Raises:
            CommandError: there is no such point; the position is as it was.
        """
        here = self.position
        if step < 0 or op < 0:
            raise CommandError(f"there is no step {step}, op {op}")
        if (step, op) >= here:
            known = len(self.history.loss)
            try:
                yield from self._on_to(step, op)
            except CommandError:
                yield from self.goto(*here)
                self.history.forget_after(known, sys.maxsize, known)
                raise
            return
        held = self.stepper, self.state, self._applied, self.last, self.fault
        try:
            self._restore(self.history.before(step))
            yield from self._on_to(step, op)
        except (GeneratorExit, CommandError):
            # What was behind was computed beside the state as it stood, which is there still.
            self.stepper, self.state, self._applied, self.last, self.fault = held
            raise

    def _on_to(self, step: int, op: int) -> Moves:
        """Forwards to a point; behind a step's last op is the start of the next one."""
        yield from self.advance(step, 0)
        if op > self._total():
            raise CommandError(f"step {step} has no op {op}")
        yield from self.advance(step, op) if op < self._total() else self.advance(step + 1, 0)

    def _restore(self, kept: Checkpoint) -> None:
        self.stepper = kept.stepper
        self.state = kept.state()
        self._applied = kept.edits
        self.last = None
        if self.fault is not None and self.fault.step >= kept.step:
            self.fault = None
        self._apply_edits()

    def twin(self, *, whole: bool = False) -> Run:
        """A run of its own with the same past, at the same position: what is done to it is not seen here. Of what is
        recorded ahead it knows nothing, unless it is to be `whole`.
        """
        twin = Run(self.stepper, self.history.start.parameters, self._build, self.history.ghost)
        twin.history = self.history.copy() if whole else self.history.until(*self.position, self.measured())
        twin.state, twin._applied = self.state.copy(), self._applied
        twin.last, twin.fault, twin.compiles_here = self.last, self.fault, self.compiles_here
        return twin

    # --- edits

    def _apply_edits(self) -> None:
        """Apply the edits that were made at this very point, in their order."""
        edits = self.history.edits
        here = self.position
        while self._applied < len(edits) and (edits[self._applied].step, edits[self._applied].op) == here:
            command = edits[self._applied].command
            self._applied += 1
            match command:
                case SetParameter(index, value):
                    self.state.memory.data[index] = value
                case SetSample():
                    self._amend(command)
                case SetKnob(name, value):
                    self._set_knobs(turned(self.stepper.settings, name, value))

    def _amend(self, command: SetSample) -> None:
        """Go on with another number in a sample; where the sample is in memory, the number is there at once."""
        state, old = self.state, self.stepper
        if state.underived is not None and command.sample in state.underived:
            # What the nodes hold is still to come of the numbers that the sample had.
            for _ in old.settle(state):
                pass
        program = old.program.amended({(command.sample, command.feature): command.value})
        self.stepper = Stepper(program, old.settings)
        if old.loaded(state) == command.sample:
            leaves = [*program.inputs, *program.targets]
            for slot, number in zip(leaves, program.rows[command.sample], strict=True):
                state.memory.data[slot] = number

    def edit(self, command: SetKnob | SetParameter | SetSample, *, now: bool) -> None:
        """An edit is made here or, if it must wait, at the start of the next step; what was recorded beyond is no
        more.
        """
        here = self.position
        self.history.forget_after(*here, self.measured())
        step, op = here if now or not self.state.op else (self.state.step + 1, 0)
        newest = self.history.newest_edit()
        self.history.edit(Edit(step, op, command, here, newest.order + 1 if newest else 0))
        self._apply_edits()

    def ahead(self) -> bool:
        """Whether something is recorded beyond the position: steps, or edits."""
        newest = self.history.newest_edit()
        return self.measured() < len(self.history.loss) or (newest is not None and newest.given > self.position)

    def went_beyond(self, point: tuple[int, int]) -> bool:
        """Whether a whole step was taken since a point."""
        step, _ = point
        return self.state.step > step or len(self.history.loss) > step + 1

    def take_back(self, edit: Edit) -> None:
        """Stand where the newest edit was given, as if it had not been; nothing is recorded beyond."""
        here = edit.given
        for _ in self.goto(*here):
            pass
        self.history.forget_after(*here, self.measured())
        self.history.edits.remove(edit)
        self.restore(self.history, *here)

    def _set_knobs(self, settings: Settings) -> None:
        """Go on with other settings: the weights stay, and what the settings decide is laid out anew."""
        old, state = self.stepper.settings, self.state
        if settings.replace(**{name: getattr(old, name) for name in SAME_PROGRAM}) == old:
            self.stepper = Stepper(self.stepper.program, settings)
        else:
            program = self._build(settings).amended(self.stepper.program.amendments)
            fresh = Checkpoint.of(self.stepper, state, 0).state()
            count = len(self.state.previous)
            memory = program.slots.memory()
            memory.data[:count], memory.grad[:count] = fresh.memory.data[:count], fresh.memory.grad[:count]
            fresh.memory, fresh.measured = memory, state.measured
            self.state = fresh
            self.last = None
            self.stepper = Stepper(program, settings)
            if settings.batch_size != old.batch_size and fresh.cursor:
                # Batches of another size do not fit into what is left of this epoch.
                fresh.cursor = 0
                fresh.epoch += 1
                self.history.began(fresh.epoch, [fresh.step])
        if settings.optimizer != old.optimizer:
            self.state.reset_moments(settings)

    def waiting(self) -> list[SetKnob]:
        """The knobs that were turned before this point and act at the next step."""
        here = self.position
        later = self.history.edits[self._applied :]
        return [edit.command for edit in later if edit.given <= here and isinstance(edit.command, SetKnob)]

    def restore(self, history: History, step: int, op: int) -> None:
        """Take over a recorded history, and go to a point of it."""
        self.history = history
        self._restore(history.before(step))
        for _ in self.goto(step, op):
            pass
