"""A run: training from first weights on, at an exact position that can move forwards and backwards.

Knows where it stands and what is recorded; must not know how steps are computed or edits made, nor the screen.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING
from weakref import ref

from ...records import record
from ..commands import CommandError, SetKnob, SetParameter, SetSample
from ..moves import Moves, finish
from ..step.located_op import LocatedOp
from ..step.state import State
from ..step.stepper import Stepper
from .checkpoint import Checkpoint, Draft
from .history import Edit, History

if TYPE_CHECKING:
    from ..setup.settings import Settings
    from ..snapshot.debugger import Fault
    from ..snapshot.series.series import Series
    from ..step.backends.backend import Backend
    from ..step.compilation import Compilation
    from ..step.last_op import LastOp
    from .edits import Build
    from .recorder import Recorder
    from .trace import Trace

_BETWEEN_CHECKPOINTS = 2048
"""Samples' worth of work between two checkpoints, at first."""


def _nobody() -> None:
    """Who watches a run at first."""


@cache
def _computing() -> tuple[ModuleType, type[Recorder]]:
    """The choice of a backend, and what records: the first frame computes nothing."""
    from ..step.backends import choice
    from .recorder import Recorder

    return choice, Recorder


@record(eq=False)
class Ghost:
    """What a restart replaced."""

    losses: Series
    run: Run | None
    """What measured them, for asking; None where it was not saved."""


class Run:
    """A position in training, with everything behind it recorded.

    `build` makes the program for other settings, when a knob that decides it is turned on the way.
    """

    def __init__(self, stepper: Stepper, first: Sequence[float], build: Build, ghost: Ghost | None = None) -> None:
        self.stepper = stepper
        self.state = State(stepper.program, first, stepper.settings)
        spacing = max(1, _BETWEEN_CHECKPOINTS // stepper.program.batches.size)
        self.history = History(Checkpoint.of(stepper, self.state, 0), spacing)
        self.ghost = ghost
        self.fault: Fault | None = None
        """Where the run first left the finite numbers."""
        self.last: LastOp | None = None
        """The op that was run last."""
        self.engine = ""
        """What took it here last: `native`, `python` or `replay`; empty where nothing did yet."""
        self.quantum = 1024
        """Samples' worth of work after which a movement yields; it may be set anew whenever one has."""
        self.compiles_here = True
        """Functions are compiled where they are first needed; if not, somebody else does it, and the replay goes on."""
        script = stepper.program.script
        self.end = sys.maxsize if script is None else script.length
        """The step behind which there is nothing to be computed: that of a script's last moment."""
        self._build = build
        self._applied = 0
        """How many of the recorded edits were made on the way here."""
        self._trace: Callable[[], Trace | None] = _nobody
        self._drafts: tuple[Draft, ...] = ()
        """Where the newest stretches began, two steps at most."""

    # --- where it stands

    @property
    def position(self) -> tuple[int, int]:
        """Updates completed, and ops done since."""
        return self.state.step, self.state.op

    @property
    def coming(self) -> LocatedOp:
        """The next op."""
        timeline = self.stepper.timeline(self.state)
        return LocatedOp(timeline, timeline.spot(self.state.op))

    @property
    def first(self) -> tuple[float, ...]:
        """The parameters that it began with."""
        return self.history.start.parameters

    @property
    def parameters(self) -> tuple[float, ...]:
        """The parameters now."""
        return tuple(self.state.memory.data[: len(self.state.previous)])

    @property
    def gradients(self) -> tuple[float, ...]:
        """Each parameter's grad now."""
        return tuple(self.state.memory.grad[: len(self.state.previous)])

    @property
    def compilation(self) -> Compilation:
        """The compiled functions of the program as it is now."""
        return self.stepper.compilation

    @property
    def limit(self) -> int:
        """The step at which continuous training pauses: the next multiple of those that are set. With none set it is
        the step where it stands.
        """
        steps = self.stepper.settings.steps
        return min(self.end, steps * (self.state.step // steps + 1)) if steps else self.state.step

    @property
    def ended(self) -> bool:
        """It stands at its end."""
        return self.state.step >= self.end

    def measured(self) -> int:
        """How many steps' losses lie behind the position."""
        state = self.state
        return state.step + (state.op >= self.stepper.timeline(state).loss_end)

    def boundary(self, granularity: str) -> tuple[int, int]:
        """The next boundary of a granularity: a (step, op) ahead."""
        state = self.state
        if granularity != "epoch":
            timeline = self.stepper.timeline(state)
            op = timeline.next(state.op, granularity)
            return (state.step, op) if op < timeline.total else (state.step + 1, 0)
        end = state.step + self.stepper.program.batches.steps_left(state.cursor)
        for edit in self.history.edits[self._applied :]:
            match edit.command:
                # Batches of another size begin another epoch.
                case SetKnob("batch_size", value) if value != self.stepper.settings.batch_size:
                    return min(end, edit.step), 0
        return end, 0

    def refuse_end(self) -> None:
        """See that there is something ahead.

        Raises:
            CommandError: a script's last moment lies behind.
        """
        if self.ended:
            raise CommandError("this was the last backward() of this run: ← goes back")

    # --- forwards: a movement that is closed leaves the run where it got to

    def forward(self, granularity: str) -> Moves:
        """To the next boundary of a granularity.

        Raises:
            CommandError: it stands at its end.
        """
        self.refuse_end()
        return self.advance(*self.boundary(granularity))

    def advance(self, step: int, op: int) -> Moves:
        """Forwards to a position, with the recorded edits made where they act."""
        goal, done = min((step, op), (self.end, 0)), 0
        while self.position < goal:
            done += yield from self._stretch(goal, done)
            self._make_edits()
            if done >= self.quantum or self.position == goal:
                yield done
                done = 0

    def prepare(self, steps: int) -> Backend:
        """The fastest way to take up to `steps` whole steps from here, or for 0 a part of one; compiles, where that may
        be done here and these steps are worth it.
        """
        backend: Backend = _computing()[0].fastest_backend(self.stepper, steps, prepare=self.compiles_here)
        return backend

    def _stretch(self, goal: tuple[int, int], done: int) -> Generator[int, None, int]:
        """As far towards a position as one backend goes before the next edit or checkpoint, and before the quantum is
        used up, of which `done` samples are. Returns how many more it has done.
        """
        state, history = self.state, self.history
        step, op = edit = history.next_edit(self._applied)
        if edit < self.position or (step == state.step and op >= self.stepper.timeline(state).total):
            raise CommandError(f"an edit is recorded where none can be made: step {step}, op {op}")
        target = min(goal, edit)
        steps = 0 if state.op else target[0] - state.step
        backend = self.prepare(steps)
        trace = self._trace()
        backend.spacing, backend.watched = history.spacing, trace.parameters if trace else ()
        target = min(target, (state.step + 1, 0)) if state.op else target
        recorder = _computing()[1](history, self.stepper, state, self._applied)
        if recorder.start is not None and all(recorder.start.step != kept.step for kept in self._drafts):
            self._drafts = (*self._drafts[-1:], recorder.start)
        progress = yield from backend.advance(state, target, self.quantum - done, lambda: self.quantum)
        recorder.record(progress)
        if trace:
            trace.add(recorder.step, progress.traces)
        self.engine = backend.engine if progress.samples else self.engine
        self.last = progress.last or self.last
        if self.fault is None:
            halts = self.position == goal or done + progress.samples >= self.quantum
            self.fault = recorder.fault(progress, halts=halts)
        return progress.samples

    # --- backwards: a movement that is closed leaves the run where it began

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
        """To the point before op `op` of step `step`, forwards or, from a checkpoint on, backwards.

        Raises:
            CommandError: there is no such point; the position is as it was.
        """
        here = self.position
        if step < 0 or op < 0 or (step, op) > (self.end, 0):
            raise CommandError(f"there is no step {step}, op {op}")
        if (step, op) >= here:
            known = len(self.history.loss)
            try:
                yield from self._on_to(step, op)
            except CommandError:
                yield from self.forget_beyond((known, sys.maxsize), known)
                yield from self.goto(*here)
                raise
            return
        held = self.stepper, self.state, self._applied, self.last, self.fault, self._drafts
        replayed = self.history.replayed()
        try:
            self.stand_at(self.history.checkpoint_before(step))
            yield from self._on_to(step, op)
        except (GeneratorExit, CommandError):
            self.stepper, self.state, self._applied, self.last, self.fault, self._drafts = held
            self.history.put_back(replayed)
            raise

    def forget_beyond(self, point: tuple[int, int], measured: int) -> Moves:
        """Forget what was recorded after a point, and behind the first `measured` steps. Where these ended long ago the
        run has to stand there for it.
        """
        if measured < len(self.history.loss) and not self.history.ends_at(measured):
            yield from self.goto(measured, 0)
        self.history.forget_after(*point, measured)

    def _on_to(self, step: int, op: int) -> Moves:
        """Forwards to a point; behind a step's last op is the start of the next one."""
        yield from self.advance(step, 0)
        total = self.stepper.timeline(self.state).total
        if op > total:
            raise CommandError(f"step {step} has no op {op}")
        yield from self.advance(step, op) if op < total else self.advance(step + 1, 0)

    def stand_at(self, kept: Checkpoint) -> None:
        """Stand at a checkpoint of this run."""
        self.stepper, self.state, self._applied, self.last = kept.stepper, kept.state(), kept.edits, None
        self._drafts = ()
        if self.fault is not None and self.fault.step >= kept.step:
            self.fault = None
        self._make_edits()

    def restore(self, step: int, op: int, start: Checkpoint | None = None) -> None:
        """Stand at a point whose losses are recorded: from a checkpoint behind it or, without one, from the nearest."""
        self.stand_at(start or self.history.checkpoint_before(step))
        finish(self.goto(step, op))

    def twin(self, *, whole: bool = False) -> Run:
        """A run of its own with the same past, at the same position: what is done to it is not seen here. Of what is
        recorded ahead it knows nothing, unless it is to be `whole`.
        """
        twin = Run(self.stepper, self.first, self._build, self.ghost)
        twin.history = self.history.copy() if whole else self.history.until(*self.position, self.measured())
        twin.state, twin._applied, twin._drafts = self.state.copy(), self._applied, self._drafts
        twin.last, twin.fault, twin.compiles_here = self.last, self.fault, self.compiles_here
        return twin

    def anew(self, settings: Settings | None = None) -> Run:
        """A run of its own from the same first weights, under the knobs of now, which is what a restart would begin, or
        under others that leave the model its parameters.
        """
        stepper = self.stepper if settings is None else Stepper(self._build(settings), settings)
        fresh = Run(stepper, self.first, self._build)
        fresh.compiles_here = self.compiles_here
        return fresh

    def nearby(self) -> Checkpoint:
        """A checkpoint from which at least one whole step, and not many, leads to where it stands; or the start."""
        step = self.state.step
        kept = self.history.checkpoint_at(step - 1)
        near = max((draft for draft in self._drafts if draft.step < step), key=lambda draft: draft.step, default=None)
        return near.checkpoint() if near is not None and near.step > kept.step else kept

    def here(self) -> Checkpoint | None:
        """A checkpoint of where it stands; None amid a step."""
        return None if self.state.op else Checkpoint.of(self.stepper, self.state, self._applied)

    def watch(self, trace: Trace) -> None:
        """Fill a trace, and no other, as long as somebody has it."""
        self._trace = ref(trace)

    def as_ghost(self) -> Ghost:
        """The run as far as it is, for the one that begins in its place."""
        twin = self.twin()
        twin.ghost = None
        return Ghost(twin.history.loss, twin)

    # --- edits

    def edit(self, command: SetKnob | SetParameter | SetSample, *, now: bool) -> None:
        """Make an edit here or, if it must wait, at the start of the next step; what is recorded ahead is forgotten."""
        here = self.position
        self.history.forget_after(*here, self.measured())
        step, op = here if now or not self.state.op else (self.state.step + 1, 0)
        newest = self.history.newest_edit()
        self.history.add_edit(Edit(step, op, command, here, newest.order + 1 if newest else 0))
        self._make_edits()

    def take_back(self, edit: Edit) -> None:
        """Stand where the newest edit was told, as if it had not been; nothing is recorded ahead."""
        here = edit.issued_at
        finish(self.goto(*here))
        self.history.forget_after(*here, self.measured())
        self.history.edits.remove(edit)
        self.restore(*here)

    def _make_edits(self) -> None:
        """Make the recorded edits that act at this very point, in their order."""
        history = self.history
        while history.next_edit(self._applied) == self.position:
            from .edits import edited  # most runs have none

            before, commands = self.state, history.commands_at(self.position, self._applied)
            self._applied += len(commands)
            self.stepper, self.state = edited(commands, self.stepper, before, self._build)
            if self.state is not before:
                self.last = None
                history.began(self.state.epoch, [self.state.step])

    def waiting(self) -> list[SetKnob]:
        """The knobs that were turned before this point and act at the next step."""
        later = self.history.edits[self._applied :]
        told = [edit.command for edit in later if edit.issued_at <= self.position]
        return [command for command in told if isinstance(command, SetKnob)]

    def ahead(self) -> bool:
        """Whether something is recorded ahead of the position: steps, or edits."""
        newest = self.history.newest_edit()
        return self.measured() < len(self.history.loss) or (newest is not None and newest.issued_at > self.position)

    def went_beyond(self, point: tuple[int, int]) -> bool:
        """Whether a whole step was taken since a point."""
        step, _ = point
        return self.state.step > step or len(self.history.loss) > step + 1
