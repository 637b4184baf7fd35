"""Parts of a saved session that are put together alike whatever format they were in. Must not know formats."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from ...nn.optimizers import OPTIMIZERS
from ..commands import CommandError, SetKnob, SetParameter, SetProbe, SetSample, from_json
from ..debugger.breakpoints import Breakpoints
from ..forks.branches import Branch, Branches
from ..forks.edit_checks import check_edits, check_sample
from ..log import Log
from ..run.begin import build
from ..run.checkpoint import Checkpoint
from ..run.epochs import EpochStarts
from ..run.history import Edit
from ..run.run import Run
from ..session import Session
from ..setup.data import Formula, Recorded, Trained
from ..setup.settings import SAME_PROGRAM, Settings, of_program, turned
from ..setup.size import refuse_giant
from ..snapshot.debugger import Fault, Link
from ..step.program import Program
from ..step.stepper import Stepper
from .saved import SavedError, ascending

_MOST_PROGRAMS = 8
"""Of one run: to build one takes up to half a second, and checkpoints only save time."""

FARTHEST = 2**23
"""Ops of forward on the way to where a run stood, at most: a second or two where they are replayed. What is played at
once is much less.
"""

_OF_A_STEP = 100
"""Ops for which there was time in what a step takes beside its own."""

_OF_A_PROGRAM = 500
"""For each op of a sample: ops for which there was time while another program is built on the way."""

Say = Callable[[str], None]
"""Told in a line what is not as it was left."""


def unheard(line: str) -> None:
    """Nobody is told."""


def session_of(subject: Trained, saved: Mapping[str, Any], branches: Sequence[Branch]) -> Session:
    """A session of its runs, with all else that is saved of it.

    Raises:
        CommandError: something does not fit.
    """
    session = Session.of(subject, Branches(branches, saved["current"]))
    session.debugger.granularity = saved["granularity"]
    session.inspector.apply(SetProbe(None if saved["probe"] is None else tuple(saved["probe"])), session.run)
    session.inspector.watches = tuple(saved["watches"])
    session.debugger.breakpoints = Breakpoints.of(saved["breakpoints"])
    session.log = Log([from_json(record) for record in saved["log"]])
    return session


class Programs:
    """The programs of a subject, each built once."""

    def __init__(self, subject: Trained) -> None:
        self.subject = subject
        self._built: dict[tuple[Settings, tuple[object, ...]], Program] = {}

    def of(self, settings: Settings, amendments: Mapping[tuple[int, int | None], float]) -> Program:
        """The program for some settings and samples.

        Raises:
            SettingsError: the settings do not fit the data, or make a giant.
            CommandError: there is no such sample.
        """
        key = of_program(settings), (*amendments.items(),)
        if key not in self._built:
            if not isinstance(self.subject, Formula | Recorded):
                refuse_giant(len(self.subject.features), settings, len(self.subject.classes))
            program = build(self.subject, settings)
            for (sample, feature), value in amendments.items():
                check_sample(program, SetSample(sample, feature, value))
            self._built[key] = program.amended(dict(amendments))
        return self._built[key]

    def keep_only(self, used: Collection[Program]) -> None:
        """Forget all others: a large one takes many megabytes."""
        self._built = {key: program for key, program in self._built.items() if program in used}


class Steppers:
    """The steppers of a run, behind so many of its edits."""

    def __init__(self, programs: Programs, start: Stepper, edits: Sequence[Edit]) -> None:
        self._programs = programs
        self._amendments = dict(start.program.amendments)
        self._amended = [edit.command for edit in edits if isinstance(edit.command, SetSample)]
        settings, amended = start.settings, 0
        self._behind = [(settings, amended)]
        """The settings, and how many samples were amended, behind so many edits."""
        for edit in edits:
            match edit.command:
                case SetKnob(name, value):
                    settings = turned(settings, name, value)
                case SetSample():
                    amended += 1
            self._behind.append((settings, amended))
        self._made: dict[tuple[Settings, int], Stepper] = {}

    def after(self, count: int, *, needed: bool = False) -> Stepper | None:
        """The stepper behind the first `count` edits; unless it is `needed`, None where there are many others.

        Raises:
            SavedError: there are not so many edits.
        """
        if count >= len(self._behind):
            raise SavedError("a checkpoint lies behind edits that are not there")
        behind = settings, amended = self._behind[count]
        if behind not in self._made:
            if len(self._made) >= _MOST_PROGRAMS and not needed:
                return None
            own = {key: value for command in self._amended[:amended] for key, value in command.amendments.items()}
            self._made[behind] = Stepper(self._programs.of(settings, self._amendments | own), settings)
        return self._made[behind]


def checkpoint_of(stepper: Stepper, fields: Sequence[int], numbers: array[float]) -> Checkpoint:
    """A checkpoint again, of (step, epoch, cursor, updates, edits) and its numbers.

    Raises:
        SavedError: it cannot be one of this stepper's.
    """
    batches = stepper.program.batches
    if len(numbers) != Checkpoint.length(stepper):
        raise SavedError("a checkpoint has not a number for every parameter")
    step, epoch, cursor, updates, edits = fields
    if min(fields) < 0 or max(fields) > 2**53 or cursor % batches.size or cursor >= batches.n:
        raise SavedError("a checkpoint lies where no step begins")
    optimizer, p = OPTIMIZERS[stepper.settings.optimizer], len(stepper.program.first)
    for name, start in zip(optimizer.state, range(3 * p, len(numbers), p), strict=True):
        if name in optimizer.squares and any(number < 0.0 for number in numbers[start : start + p]):
            raise SavedError("a checkpoint has a square below 0")
    return Checkpoint(stepper, step, epoch, cursor, updates, edits, numbers)


def stand(run: Run, name: str, position: tuple[int, int], start: Checkpoint, say: Say) -> bool:
    """Stand where a run stood, from a checkpoint behind it. Where that lies too far behind, it stands at its start and
    keeps what is ahead; whether it got there.

    Raises:
        CommandError: it has no such position.
    """
    step, _ = position
    there = _way(run, start, step) <= FARTHEST
    if not there:
        say(f"{name} stands at its start: the way to step {step}, where it was left, is long; g goes there")
    run.restore(*(position if there else (0, 0)), start if there else run.history.start)
    return there


def _way(run: Run, start: Checkpoint, step: int) -> int:
    """Ops of forward from a checkpoint to a step, about. Two steps are no way, unless they lead through many edits: a
    run takes them at once.
    """
    steps, program = step - start.step, start.stepper.program
    sizes, built = [program.batches.size], set()
    for edit in run.history.edits:
        if start.step <= edit.step <= step and isinstance(edit.command, SetKnob):
            if edit.command.name == "batch_size":
                size = edit.command.value
                sizes.append(size if isinstance(size, int) else program.batches.n)
            if edit.command.name not in SAME_PROGRAM:
                built.add((edit.step, edit.op))
    if steps <= 2 and len(built) <= 3:
        return 0
    samples = steps * min(max(sizes), program.batches.n)
    return samples * len(program.tape) + steps * _OF_A_STEP + len(built) * len(program.tape) * _OF_A_PROGRAM


def edits_of(subject: Trained, program: Program, settings: Settings, saved: Iterable[Sequence[Any]]) -> list[Edit]:
    """The edits of a run that began with a program and settings.

    Raises:
        CommandError, SettingsError, SavedError: they cannot have been made.
    """
    edits = []
    for step, op, issued_at, order, record in saved:
        command = from_json(record)
        if not isinstance(command, SetKnob | SetParameter | SetSample):
            raise CommandError(f"{record!r} is no edit")
        edits.append(Edit(step, op, command, (issued_at[0], issued_at[1]), order))
    ascending([(edit.step, edit.op) for edit in edits], "edits", strictly=False)
    check_edits(subject, program, settings, edits)
    return edits


def epochs_of(count: int, stored: Sequence[Sequence[int]]) -> EpochStarts:
    """The steps with which epochs began.

    Raises:
        SavedError: no epochs begin so.
    """
    if not stored or stored[0][:2] != [0, 0] or count <= stored[-1][0]:
        raise SavedError("its epochs are not what a session saves")
    ascending([epoch for epoch, _, _ in stored], "epochs")
    ends = [step + max(0, following - epoch - 1) * length for (epoch, step, length), following
            in zip(stored, [*(row[0] for row in stored[1:]), count], strict=True)]  # fmt: skip
    ascending([step for row, end in zip(stored, ends, strict=True) for step in (row[1], end)], "epochs", strictly=False)
    return EpochStarts.of(count, [(epoch, step, length) for epoch, step, length in stored])


def fault_of(saved: Mapping[str, Any]) -> Fault:
    """Where a run left the finite numbers."""
    inputs = tuple((name, number) for name, number in saved["inputs"])
    return Fault(**{**saved, "inputs": inputs, "chain": tuple(Link(**link) for link in saved["chain"])})
