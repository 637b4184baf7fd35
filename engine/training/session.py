"""Session: a model, its data, its hyperparameters and an exact position in training; takes commands, gives snapshots.

Knows who carries out which command; must not know how, nor the screen, files or clocks.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from .commands import (
    Command,
    CommandError,
    Debugging,
    Editing,
    Forking,
    Inspection,
    Movement,
    Selection,
    SwitchFork,
)
from .debugger.debugger import Debugger
from .forks.branches import FIRST, Branch, Branches
from .forks.editing import Editor
from .forks.memory import ALL, of_samples, share
from .log import Log
from .measuring import Measuring
from .moves import Moves, finish
from .run.begin import begin, build
from .run.run import Run
from .setup.data import Trained
from .setup.settings import Settings, SettingsError
from .snapshot.parts import DEFAULT_PARTS, Part
from .snapshot.series.series import Series
from .snapshot.snapshot import Snapshot
from .views.assemble import assemble
from .views.inspection.inspector import Inspector

if TYPE_CHECKING:
    from .step.backends.native import MachineCode
    from .step.compilation import Compilation


class Session(Measuring):
    """Training that can be stepped at every granularity, forwards and backwards.

    `weights` are first weights in place of drawn ones, in the model's order, weights before the bias of each neuron.

    Raises:
        SettingsError: the settings do not fit the data, or `weights` has not a number for every parameter.
        ExpressionError: the formula cannot be read.
    """

    def __init__(
        self, subject: Trained, settings: Settings | None = None, weights: Sequence[float] | None = None
    ) -> None:
        settings = settings or Settings()
        program = build(subject, settings)
        first = program.first if weights is None else tuple(weights)
        if len(first) != len(program.first):
            raise SettingsError(f"{len(first)} first weights were given for {len(program.first)} parameters")
        if settings.frozen and settings.frozen[-1] >= len(first):
            raise SettingsError(f"there is no parameter {settings.frozen[-1]}: the model has {len(first)}")
        self._begin(subject, Branches([Branch(FIRST, begin(subject, program, settings, first))]))

    @classmethod
    def of(cls, subject: Trained, branches: Branches) -> Session:
        """A session of runs that were saved."""
        session = cls.__new__(cls)
        session._begin(subject, branches)
        return session

    def _begin(self, subject: Trained, branches: Branches) -> None:
        self.subject = subject
        self.branches = branches
        self.editor = Editor(subject, branches)
        self.debugger = Debugger()
        self.inspector = Inspector()
        self.log = Log()
        self._room = ALL
        share(self.editor.runs)

    def keep_within(self, room: int) -> None:
        """Keep records of at most so many bytes: what is left out is computed again from a checkpoint."""
        self._room = room
        share(self.editor.runs, room)

    @property
    def compiles_here(self) -> bool:
        """Bytecode is made when it is first needed; if not, somebody else installs it into `run.compilation`."""
        return self.run.compiles_here

    @compiles_here.setter
    def compiles_here(self, here: bool) -> None:
        for branch in self.branches:
            branch.run.compiles_here = here

    @staticmethod
    def never_compile() -> None:
        """Have everything replayed op by op, in all sessions that have not trained yet."""
        from .step.compilation import Compilation  # the first frame computes nothing

        Compilation.refused = True

    @staticmethod
    def prefer_loops() -> None:
        """Have networks compiled as loops over their layers wherever a straight line would hold up all else while its
        bytecode is made: such a line is faster, but takes a hundred times as long to make, and as much more memory.
        """
        from ..compiler.plan import Plan  # as above
        from .step.compilation import SMALL_TAPE

        Plan.longest = SMALL_TAPE

    def prepare(self) -> None:
        """Work out what playing needs of all samples, in any thread: it takes a while where there are very many."""
        self.run.stepper.program.prepare()

    def of_samples(self) -> list[list[object]]:
        """All that it keeps of each sample; see `forks.memory.of_samples`."""
        return of_samples(self.editor.runs)

    # --- where it stands

    @property
    def run(self) -> Run:
        """The current one of its runs."""
        return self.branches.current.run

    @property
    def stopped(self) -> str | None:
        """Why the last movement stopped before its end."""
        return self.debugger.stopped

    @property
    def best_step(self) -> int | None:
        """Where the last movement was an early stop: the step at which the validation loss was smallest."""
        return self.debugger.best

    @property
    def granularity(self) -> str:
        """What one step forwards or back is."""
        return self.debugger.granularity

    @property
    def settings(self) -> Settings:
        """The knobs as they act now."""
        return self.run.stepper.settings

    @property
    def next_settings(self) -> Settings:
        """The knobs as the next step will find them."""
        return self.editor.next_settings

    @property
    def step(self) -> int:
        """Updates completed."""
        return self.run.state.step

    @property
    def op(self) -> int:
        """Ops done in the current step."""
        return self.run.state.op

    @property
    def ended(self) -> bool:
        """There is nothing ahead: it stands behind a script's last moment."""
        return self.run.ended

    @property
    def batch_size(self) -> int:
        """Samples of a whole batch; the last one of an epoch may be smaller."""
        return self.run.stepper.program.batches.size

    @property
    def parameters(self) -> tuple[float, ...]:
        """The parameters now."""
        return self.run.parameters

    @property
    def engine(self) -> str:
        """What took the last step or part of one, `native`, `python` or `replay`; empty before the first."""
        return self.run.engine

    def next_engine(self) -> str:
        """What will take the next steps, up to those that are set, if nothing is made ready in between."""
        return self.run.prepare(max(0, self.settings.steps - self.step)).engine

    def machine_work(self) -> tuple[str, Callable[[MachineCode], str]] | None:
        """A text for LLVM, and what takes in what was made of it, in any thread; that says where it does not compute as
        the replay does, and is then not used. None where there is nothing to be made.
        """
        from .step.backends.native import install, wanted  # few make machine code

        stepper = self.run.stepper
        text = wanted(stepper)
        return None if text is None else (text, lambda code: install(stepper, code))

    @property
    def compilation(self) -> Compilation:
        """The compiled functions of the arithmetic as it is now."""
        return self.run.compilation

    def source(self, *, dense: bool = False) -> str:
        """What the network compiles to, with comments before it on how to read that; the dense variant if asked for."""
        from .step.reading import annotated  # few ask for it

        compilation = self.compilation
        return annotated(self.run.stepper.program, compilation.source(dense=dense), layered=compilation.plan.layered)

    @property
    def labels(self) -> tuple[str, ...]:
        """Full names of the parameters: `L1.n1.w0`."""
        return self.run.stepper.program.labels

    @property
    def losses(self) -> Series:
        """The loss of each step so far, before its update."""
        return self.run.history.loss.until(self.run.measured())

    @property
    def loss(self) -> float | None:
        """The newest loss up to here; None where none was measured."""
        measured = self.run.measured()
        return self.run.history.loss[measured - 1] if measured else None

    # --- commands

    def apply(self, command: Command) -> None:
        """Carry out a command and record it.

        Raises:
            CommandError: it cannot be carried out; nothing has changed.
        """
        if isinstance(command, Movement):
            finish(self.move(command))
            return
        if isinstance(command, Editing):
            self.editor.apply(command)
        elif isinstance(command, Forking):
            self.branches.apply(command)
        elif isinstance(command, Debugging):
            self.debugger.apply(command, self.run.stepper.program)
        elif isinstance(command, Inspection):
            self.inspector.apply(command, self.run)
        if isinstance(command, Editing | Forking):
            share(self.editor.runs, self._room)
        if isinstance(command, Editing | SwitchFork):
            self.debugger.stopped = None
        if not isinstance(command, Selection):
            self.log.add(command)

    def laying(self, command: Command) -> Callable[[], None] | None:
        """What is to be laid out for a command and takes long, which may be done before it, in any thread; None where
        nothing is. Who waits for it is told by `setup.laying.laid_out`.
        """
        return self.editor.laying(command) if isinstance(command, Editing) else None

    # --- moving

    def move(self, command: Movement, quantum: Callable[[], int] | None = None, *, halts: bool = False) -> Moves:
        """Carry out a movement piece by piece: yields after about `quantum()` samples' worth of work how much it was.

        It may be left at any piece by `close()`: forwards, the session then stands where it got to, backwards
        where it was. One that `halts` stops where numbers first leave the finite ones, and where an early stop is due.

        Raises:
            CommandError: there is no such position or granularity.
        """
        return self._recorded(self.debugger.move(self.run, command, halts=halts), quantum)

    @property
    def limit(self) -> int:
        """The step at which continuous training pauses: the next multiple of those that are set. With none set it is
        the step where it stands.
        """
        return self.run.limit

    def training(
        self, stop: int | None = None, quantum: Callable[[], int] | None = None, *, halts: bool = False
    ) -> Moves:
        """Continuous training to the start of step `stop`, a breakpoint or without end; yields and `halts` as `move`
        does.
        """
        moves = self.debugger.resume(self.run, sys.maxsize if stop is None else stop, halts=halts)
        return self._recorded(moves, quantum)

    def train(self, samples: int, stop: int | None = None) -> int:
        """Continuous training by about `samples` samples' worth of work, but by a step at least, and at most to the
        start of step `stop`. Returns how much was done; 0 means that `stop` is reached.
        """
        moves = self.training(stop, lambda: max(samples, self.batch_size))
        begun = self.step
        try:
            done = next(moves, 0)
            while self.op and self.step == begun and next(moves, 0):  # a wide network is left amid a step
                pass
            return done
        finally:
            # Left to the collector, an interruption that fell into the closing would be swallowed.
            moves.close()

    def _recorded(self, pieces: Moves, quantum: Callable[[], int] | None) -> Moves:
        """A movement that is recorded as far as it gets; one that is refused leaves no trace."""
        mark = self.log.mark()
        try:
            while True:
                if quantum is not None:
                    self.run.quantum = quantum()
                done = next(pieces, None)
                self.log.moved(self.step, self.op)
                if done is None:
                    return
                yield done
        except CommandError:
            self.log.reset(mark)
            raise
        except GeneratorExit:
            pieces.close()
            self.log.moved(self.step, self.op)
            raise

    # --- looking

    def snapshot(self, parts: Collection[Part] = DEFAULT_PARTS, rows: range = range(0)) -> Snapshot:
        """An immutable picture of the session, with the named parts; the others are None. `rows` are the training
        samples that are seen, where they are not few.
        """
        return assemble(self.subject, self.branches, self.debugger, self.inspector, parts, rows)
