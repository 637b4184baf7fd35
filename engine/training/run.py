"""A run: training from first weights on, at an exact position that can move forwards and backwards.

Knows state, history and edits; must not know commands beyond edits, snapshots or the screen.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Generator, Sequence

from .commands import CommandError, SetKnob, SetParameter
from .compilation import Compilation, Taken, compilation_of, leap, stride
from .diagnose import fault_between, first_fault, update_fault
from .done import Done
from .evaluate import is_right
from .history import Checkpoint, Edit, History
from .program import Program
from .settings import SAME_PROGRAM, Settings, turned
from .snapshot import Fault
from .stepper import State, Stepper

_BETWEEN_CHECKPOINTS = 2048
"""Samples' worth of work between two checkpoints, at first."""

Moves = Generator[int, None, None]
"""A movement, piece by piece."""


class Run:
    """A position in training, with everything behind it recorded.

    `lay_out` makes the program for other settings, when a knob that decides it is turned on the way.
    """

    def __init__(
        self,
        stepper: Stepper,
        first: Sequence[float],
        lay_out: Callable[[Settings], Program],
        ghost: array[float] | None = None,
    ) -> None:
        self.stepper = stepper
        self.state = State(stepper.program, first, stepper.settings)
        apart = max(1, _BETWEEN_CHECKPOINTS // stepper.program.batches.size)
        self.history = History(Checkpoint.of(stepper, self.state, 0), ghost=ghost, stride=apart)
        self.fault: Fault | None = None
        """Where the run first left the finite numbers."""
        self.last: Done | None = None
        """The op that was run last."""
        self.quantum = 1024
        """Samples after which a movement yields."""
        self.compiles_here = True
        """Bytecode is made where it is first needed; if not, somebody else makes it, and the replay goes on."""
        self._lay_out = lay_out
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
        return compilation_of(self.stepper.program, self.stepper.settings.optimizer)

    def _leap(self, most: int, done: int, end: tuple[int, int]) -> Generator[int, None, int]:
        """Take compiled steps, as many as are left of the quantum but at most `most`; returns the samples done."""
        state, stepper, history = self.state, self.stepper, self.history
        size, step = stepper.timeline(state).size, state.step
        before = Checkpoint.of(stepper, state, self._applied)
        taken: list[Taken] = []
        moments = [moment[-1] for moment in state.moments]
        if size > self.quantum:
            long = yield from stride(self.compilation, stepper, state, lambda: self.quantum)
            taken = [long] if long else []
        else:
            count = min(most, max(1, (self.quantum - done) // size), history.until_checkpoint(step))
            halts = done + count * size >= self.quantum or (step + count, 0) == end
            if count > halts:
                taken = leap(self.compilation, stepper, state, count - halts)
            if halts and len(taken) == count - 1:
                # The op before the halt is to be shown, and needs the optimiser's state as it was.
                moments = [moment[-1] for moment in state.moments]
                taken += leap(self.compilation, stepper, state, 1)
        if taken:
            self._record(before, taken)
            self.last = Done.of_step(stepper, state, moments)
        return sum(one.size for one in taken)

    def _record(self, before: Checkpoint, taken: Sequence[Taken]) -> None:
        """Keep what compiled steps have measured, and look whether they left the finite numbers."""
        stepper, history, batches = self.stepper, self.history, self.stepper.program.batches
        classes, epoch, cursor = stepper.program.coding.classes, before.epoch, before.cursor
        for step, one in enumerate(taken, start=before.step):
            history.measured(step, one.loss, one.right / one.size if classes else None, stepper.lr(step))
            cursor += one.size
            if cursor >= batches.n:
                epoch, cursor = epoch + 1, 0
                history.began(epoch, step + 1)
        history.finished(stepper, self.state, self._applied)
        if self.fault is None and not (
            all(math.isfinite(one.loss) for one in taken) and all(map(math.isfinite, self.parameters))
        ):
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
            started = Done(stepper, state) if halts and point == stop else None
            stepper.run(state, point)
            if started:
                self.last = started.finish(state)
            if point == timeline.loss_end:
                self._measure(batch)
        if state.step > step:
            self.history.finished(stepper, state, self._applied)
            self._look_for_fault(batch)

    def _measure(self, batch: Sequence[int]) -> None:
        """The loss phase is complete: keep its numbers."""
        state, program = self.state, self.stepper.program
        loss = state.memory.data[program.batch(len(batch)).root]
        accuracy = None
        if program.coding.classes:
            right = sum(is_right(program, state.outputs[i], program.samples[s][1]) for i, s in enumerate(batch))
            accuracy = right / len(batch)
        state.measured = len(batch)
        self.history.measured(state.step, loss, accuracy, self.stepper.lr(state.step))
        if not math.isfinite(loss) and self.fault is None:
            self.fault = first_fault(self.stepper, self.parameters, batch, state.step)

    def _look_for_fault(self, batch: Sequence[int]) -> None:
        """Name the op that made a parameter leave the finite numbers, the first time that one does."""
        if self.fault is None and not all(map(math.isfinite, self.parameters)):
            step = self.state.step - 1
            self.fault = first_fault(self.stepper, self.state.previous, batch, step) or update_fault(
                self.stepper.program, self.state
            )

    def back(self, granularity: str) -> Moves:
        """To the previous boundary of a granularity; at the very start, nowhere."""
        step, op = here = self.position
        if here == (0, 0):
            return
        if granularity == "epoch":
            yield from self.goto(max(start for start in self.history.epochs if (start, 0) < here), 0)
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
            yield from self.advance(step, 0)
            if op >= self._total():
                yield from self.goto(*here)
                raise CommandError(f"step {step} has no op {op}")
            yield from self.advance(step, op)
            return
        held = self.stepper, self.state, self._applied, self.last, self.fault
        try:
            self._restore(self.history.before(step))
            yield from self.advance(step, 0)
            if op >= self._total():
                raise CommandError(f"step {step} has no op {op}")
            yield from self.advance(step, op)
        except (GeneratorExit, CommandError):
            # What was behind was computed beside the state as it stood, which is there still.
            self.stepper, self.state, self._applied, self.last, self.fault = held
            raise

    def _restore(self, kept: Checkpoint) -> None:
        self.stepper = kept.stepper
        self.state = kept.state()
        self._applied = kept.edits
        self.last = None
        if self.fault is not None and self.fault.step >= kept.step:
            self.fault = None
        self._apply_edits()

    # --- edits

    def _apply_edits(self) -> None:
        """Apply the edits that were made at this very point, in their order."""
        edits = self.history.edits
        here = self.position
        while self._applied < len(edits) and (edits[self._applied].step, edits[self._applied].op) == here:
            command = edits[self._applied].command
            self._applied += 1
            if isinstance(command, SetParameter):
                self.state.memory.data[command.index] = command.value
            else:
                self._set_knobs(turned(self.stepper.settings, command.name, command.value))

    def edit(self, command: SetKnob | SetParameter, *, now: bool) -> None:
        """An edit is made here or, if it must wait, at the start of the next step; what was recorded beyond is no
        more.
        """
        here = self.position
        self.history.forget_after(*here, self.measured())
        step, op = here if now or not self.state.op else (self.state.step + 1, 0)
        self.history.edit(Edit(step, op, command, here))
        self._apply_edits()

    def _set_knobs(self, settings: Settings) -> None:
        """Go on with other settings: the weights stay, and what the settings decide is laid out anew."""
        old, state = self.stepper.settings, self.state
        if settings.replace(**{name: getattr(old, name) for name in SAME_PROGRAM}) == old:
            self.stepper = Stepper(self.stepper.program, settings)
        else:
            program = self._lay_out(settings)
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
                self.history.began(fresh.epoch, fresh.step)
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
