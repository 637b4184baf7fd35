"""A run: training from first weights on, at an exact position that can move forwards and backwards.

Knows state, history and edits; must not know commands beyond edits, snapshots or the screen.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Generator, Sequence

from .commands import CommandError, SetKnob, SetParameter
from .diagnose import first_fault
from .done import Done
from .evaluate import is_right
from .history import Checkpoint, Edit, History
from .program import Program
from .settings import SAME_PROGRAM, Settings, turned
from .snapshot import Fault
from .stepper import State, Stepper

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
        self.state = State(stepper.program, first)
        self.history = History(Checkpoint.of(stepper, self.state, 0), ghost=ghost)
        self.fault: Fault | None = None
        """Where the run first left the finite numbers."""
        self.last: Done | None = None
        """The op that was run last."""
        self.quantum = 1024
        """Samples after which a movement yields."""
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
            stop, samples = self._piece(target, self.quantum - done)
            done += samples
            end = (self.state.step, stop) if stop < self._total() else (self.state.step + 1, 0)
            halts = done >= self.quantum or end == (step, op)
            self._run(stop, halts=halts)
            self._apply_edits()
            if halts:
                yield done
                done = 0

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
        state = self.state
        parameters = self.parameters
        if self.fault is not None or math.isfinite(sum(parameters)) or all(map(math.isfinite, parameters)):
            return
        step = state.step - 1
        self.fault = first_fault(self.stepper, state.previous, batch, step)
        if self.fault is None:
            bad = next(i for i, number in enumerate(parameters) if not math.isfinite(number))
            inputs = (("before", state.previous[bad]), ("grad", state.memory.grad[bad]))
            self.fault = Fault(
                step, "update", "", f"update of {self.stepper.program.labels[bad]}", inputs, parameters[bad]
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
                self.history.began(fresh)
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
