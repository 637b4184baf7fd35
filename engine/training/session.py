"""Session: a model, its data, its hyperparameters and an exact position in training; takes commands, gives snapshots.

Knows what step, back and goto mean; must not know the screen, files, clocks, or how an op computes.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Callable, Collection, Iterator, Sequence

from ..gradcheck import Check
from . import views
from .commands import (
    Back,
    Command,
    CommandError,
    Forward,
    Goto,
    Reseed,
    Restart,
    SetGranularity,
    SetKnob,
    SetParameter,
    SetProbe,
)
from .data import Formula, TrainingData
from .evaluate import Evaluator
from .program import Program, expression, network
from .run import Moves, Run
from .settings import IMMEDIATE, RESTARTING, SAME_PROGRAM, Settings, SettingsError, turned
from .snapshot import GRANULARITIES, PARTS, Snapshot
from .stepper import Stepper


class Session:
    """Training that can be stepped at every granularity, forwards and backwards.

    `given` are first weights in place of drawn ones, in the model's order, weights before the bias of each neuron.

    Raises:
        SettingsError: the settings do not fit the data, or `given` has not a number for every parameter.
        ExpressionError: the formula cannot be read.
    """

    def __init__(
        self, subject: TrainingData | Formula, settings: Settings | None = None, given: Sequence[float] | None = None
    ) -> None:
        self.subject = subject
        self.granularity = "op"
        self.probe: tuple[float, ...] | None = None
        self.log: list[Command] = []
        self._compiles_here = True
        settings = settings or Settings()
        program, first = self.lay_out(settings)
        if given is not None and len(given) != len(first):
            raise SettingsError(f"{len(given)} first weights were given for {len(first)} parameters")
        self._begin(program, settings, tuple(given or first), None)

    def lay_out(self, settings: Settings) -> tuple[Program, tuple[float, ...]]:
        """The program for some settings, and the first weights that it draws."""
        if isinstance(self.subject, Formula):
            program, leaves = expression(self.subject.source, self.subject.leaves, settings)
            return program, tuple(leaf.data for leaf in leaves)
        program, mlp = network(self.subject, settings)
        return program, tuple(parameter.data for parameter in mlp.parameters())

    def _begin(
        self, program: Program, settings: Settings, first: tuple[float, ...], ghost: array[float] | None
    ) -> None:
        self._first = first
        self.run = Run(Stepper(program, settings), first, lambda changed: self.lay_out(changed)[0], ghost)
        self.run.compiles_here = self._compiles_here

    @property
    def compiles_here(self) -> bool:
        """Bytecode is made when it is first needed; if not, somebody else installs it into `run.compilation`."""
        return self._compiles_here

    @compiles_here.setter
    def compiles_here(self, here: bool) -> None:
        self._compiles_here = self.run.compiles_here = here

    # --- where it stands

    @property
    def settings(self) -> Settings:
        """The knobs as they act now."""
        return self.run.stepper.settings

    @property
    def step(self) -> int:
        """Updates completed."""
        return self.run.state.step

    @property
    def op(self) -> int:
        """Ops done in the current step."""
        return self.run.state.op

    @property
    def parameters(self) -> tuple[float, ...]:
        """The parameters now."""
        return self.run.parameters

    @property
    def gradients(self) -> tuple[float, ...]:
        """Each parameter's grad now."""
        return self.run.gradients

    @property
    def labels(self) -> tuple[str, ...]:
        """Full names of the parameters: `L1.n1.w0`."""
        return self.run.stepper.program.labels

    @property
    def losses(self) -> array[float]:
        """The loss of each step so far, before its update."""
        return self.run.history.loss[: self.run.measured()]

    def bits(self) -> tuple[object, ...]:
        """Everything that the session's numbers are made of, for comparing two sessions exactly."""
        for _ in self.run.stepper.settle(self.run.state):
            pass
        state = self.run.state
        return (
            (state.step, state.op, state.epoch, state.cursor, state.updates),
            tuple(state.memory.data),
            tuple(state.memory.grad),
            tuple(state.previous),
            tuple(map(tuple, state.moments)),
            tuple(self.losses),
        )

    # --- commands

    def apply(self, command: Command) -> None:
        """Carry out a command and record it.

        Raises:
            CommandError: it cannot be carried out; nothing has changed.
        """
        match command:
            case Forward() | Back() | Goto():
                for _ in self.move(command):
                    pass
                return
            case SetGranularity(granularity):
                self.granularity = self._level(granularity)
            case SetKnob(name, value):
                self._turn(name, value)
            case SetParameter(index, value):
                self._edit_parameter(command, index, value)
            case SetProbe(inputs):
                self._set_probe(inputs)
            case Restart():
                self._restart()
            case Reseed(seed):
                self._restart(seed=self.settings.seed + 1 if seed is None else seed)
        self._record(command)

    def _record(self, command: Command) -> None:
        """Movements change nothing that is not a function of the position: only where they led is kept."""
        if isinstance(command, Goto) and self.log and isinstance(self.log[-1], Goto):
            self.log.pop()
        self.log.append(command)

    def _level(self, granularity: str | None) -> str:
        level = granularity or self.granularity
        if level not in GRANULARITIES:
            raise CommandError(f"{level!r} is no granularity: it is one of {', '.join(GRANULARITIES)}")
        return level

    # --- moving

    def move(self, command: Forward | Back | Goto, quantum: Callable[[], int] | None = None) -> Moves:
        """Carry out a movement piece by piece: yields after about `quantum()` samples' worth of work how much it was.

        It may be left at any piece by `close()`: forwards, the session then stands where it got to, backwards
        where it was.

        Raises:
            CommandError: there is no such position or granularity.
        """
        match command:
            case Forward(granularity, count):
                return self._moving(self._times(count, self.run.forward, self._level(granularity)), quantum)
            case Back(granularity, count):
                return self._moving(self._times(count, self.run.back, self._level(granularity)), quantum)
            case Goto(step, op):
                return self._moving(self.run.goto(step, op), quantum)

    @staticmethod
    def _times(count: int, move: Callable[[str], Moves], granularity: str) -> Moves:
        for _ in range(count):
            yield from move(granularity)

    def training(self, stop: int | None = None, quantum: Callable[[], int] | None = None) -> Moves:
        """Continuous training to the start of step `stop`, or without end; yields as `move` does."""
        return self._moving(self.run.advance(sys.maxsize if stop is None else stop, 0), quantum)

    def train(self, samples: int, stop: int | None = None) -> int:
        """Continuous training by about `samples` samples' worth of work, but by a step at least, and at most to the
        start of step `stop`. Returns how much was done; 0 means that `stop` is reached.
        """
        moves = self.training(stop, lambda: max(samples, self.run.stepper.program.batches.size))
        try:
            return next(moves, 0)
        finally:
            # Left to the collector, an interruption that fell into the closing would be swallowed.
            moves.close()

    def _moving(self, pieces: Moves, quantum: Callable[[], int] | None) -> Moves:
        length, newest = len(self.log), self.log[-1:]
        try:
            while True:
                if quantum is not None:
                    self.run.quantum = quantum()
                done = next(pieces, None)
                self._record(Goto(self.step, self.op))
                if done is None:
                    return
                yield done
        except CommandError:
            self.log[max(0, length - 1) :] = newest
            raise
        except GeneratorExit:
            pieces.close()
            self._record(Goto(self.step, self.op))
            raise

    # --- edits

    def _edit_parameter(self, command: SetParameter, index: int, value: float) -> None:
        if not 0 <= index < len(self._first):
            raise CommandError(f"there is no parameter {index}: the model has {len(self._first)}")
        if not math.isfinite(value):
            raise CommandError(f"{self.labels[index]} must be finite, not {value}")
        self.run.edit(command, now=True)

    def _turn(self, name: str, value: object) -> None:
        """Turn a knob: at once, at the next step, or with a restart where the weights would have another shape."""
        try:
            settings = turned(self._coming(), name, value)
            if name in RESTARTING:
                self._restart(**{name: value})
                return
            program, first = (self.run.stepper.program, self._first) if name in SAME_PROGRAM else self.lay_out(settings)
        except SettingsError as error:
            raise CommandError(str(error)) from None
        if len(first) != len(self._first):
            self._begin(program, settings, first, self._ghost())
        else:
            self.run.edit(SetKnob(name, value), now=name in IMMEDIATE)

    def _coming(self) -> Settings:
        """The knobs as the next step will find them."""
        settings = self.settings
        for edit in self.run.waiting():
            settings = turned(settings, edit.name, edit.value)
        return settings

    def _restart(self, **changes: object) -> None:
        """Step 0 again, with the knobs as they were turned last; with the same weights unless a change draws others."""
        try:
            settings = self._coming().replace(**changes)
            program, drawn = self.run.stepper.program, self._first
            if settings != self.settings:
                program, drawn = self.lay_out(settings)
        except SettingsError as error:
            raise CommandError(str(error)) from None
        same = not changes and len(drawn) == len(self._first)
        self._begin(program, settings, self._first if same else drawn, self._ghost())

    def _ghost(self) -> array[float] | None:
        """The losses so far, to be shown behind the next run's; the old ghost where there are none."""
        return self.losses or self.run.history.ghost

    def _set_probe(self, inputs: tuple[float, ...] | None) -> None:
        count = len(self.run.stepper.program.inputs)
        if inputs is not None and len(inputs) != count:
            raise CommandError(f"an input has {count} numbers, not {len(inputs)}")
        if inputs is not None and not all(map(math.isfinite, inputs)):
            raise CommandError("an input's numbers must be finite")
        self.probe = inputs

    # --- measuring

    def final_loss(self) -> tuple[float, float | None]:
        """Loss and accuracy over all training samples, with the parameters as they are."""
        return Evaluator(self.run.stepper).measure(self.parameters, self.run.stepper.program.samples)

    @property
    def test_size(self) -> int:
        """Test samples."""
        return len(self.run.stepper.program.tests)

    def test(self) -> tuple[float, float | None] | None:
        """Loss and accuracy over the test samples; None where there are none."""
        if isinstance(self.subject, Formula):
            return None
        return Evaluator(self.run.stepper).test(self.parameters)

    def check(self, *, h: float | None = None, central: bool = True) -> Iterator[Check]:
        """Numeric against analytic gradient of every parameter, over all training samples."""
        return Evaluator(self.run.stepper).check(self.parameters, h=h, central=central)

    def snapshot(self, parts: Collection[str] = PARTS) -> Snapshot:
        """An immutable picture of the session, with the named parts of `PARTS`; the others are None."""
        return views.snapshot(self.subject, self.run, self.granularity, self.probe, parts)
