"""A session that stands where a leader's stands, by what it is told. Must not know where that comes from.

It may come from a stranger: nothing is taken in that does not fit, and no long way is gone.
"""

from __future__ import annotations

from array import array
from bisect import insort_right
from collections.abc import Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import Any

from ..archive.archive import edit_record
from ..archive.errors import ArchiveError
from ..archive.parts import FARTHEST, Programs, Steppers, checkpoint_of, edits_of, epochs_of
from ..archive.restore import restore
from ..archive.saved import SavedError
from ..commands import CommandError, Goto, Movement, SetKnob, SetParameter, SetSample, from_json
from ..debugger.breakpoints import Breakpoints
from ..run.checkpoint import Checkpoint
from ..run.history import Edit, History
from ..run.run import Run
from ..session import Session
from ..setup.data import Trained
from ..snapshot.series.series import LIMITS, Replayed, Series
from ..snapshot.series.stretches import COLUMNS, LAST, Past, is_past
from ..step.program import Program
from .leader import NEAR
from .state import Numbers, measured, numbers_of
from .update import ReplicaError, Update, checked, records_of


class Follower:
    """Has a session that goes where the leader goes, on the same subject."""

    def __init__(self, subject: Trained) -> None:
        self._subject = subject
        self._programs = Programs(subject)
        self._steppers: tuple[list[Edit], object, Steppers] | None = None
        self.session: Session | None = None
        """None until all of it was told once; another one whenever that is told again."""

    def take(self, update: Update) -> Movement | None:
        """Take something in. Where the session is to go then, which may be done piece by piece, before anything else is
        taken in; None where it stands there.

        Raises:
            ReplicaError: it is not what a leader tells, or does not fit; the session is of no use any more.
        """
        checked(update)
        try:
            if update.kind == "whole":
                self._begin(update)
                return None
            if self.session is None:
                raise ReplicaError("a leader first tells all of it")
            match update.kind:
                case "state":
                    return self._stand(self.session, update)
                case "position":
                    return self._go(self.session, update.fields["at"])
                case "command":
                    self._edit(self.session, update.fields)
                case "session":
                    _behave(self.session, update.fields)
        except ReplicaError:
            raise
        except (ArchiveError, CommandError, ValueError, TypeError, ArithmeticError, LookupError) as error:
            raise ReplicaError(f"what was told does not fit: {error}") from error
        return None

    # --- all of it

    def _begin(self, update: Update) -> None:
        records = records_of(update)
        if self.session is not None:
            self._forget(self.session)
        session = restore(self._subject, records, programs=self._programs)
        if self.session is not None:
            session.inspector = self.session.inspector  # each looks at what they like
        self.session, self._steppers = session, None

    def _forget(self, session: Session) -> None:
        """Keep of the programs those that a session has: its leader may turn knobs for hours."""
        used = set[Program]()
        for run in session.editor.runs:
            used |= {run.stepper.program, run.history.start.stepper.program}
            used |= {kept.stepper.program for kept in (*run.history.checkpoints, *run.history.newest)}
        self._programs.keep_only(used)

    # --- step by step

    @staticmethod
    def _go(session: Session, at: Sequence[int]) -> Goto:
        run, (step, op) = session.run, at
        start = run.state.step if (step, op) >= run.position else run.history.checkpoint_before(step).step
        _refuse_far(run, step - start)
        return Goto(step, op)

    def _edit(self, session: Session, fields: Mapping[str, Any]) -> None:
        command, forks = from_json(fields["command"]), len(session.branches)
        if not isinstance(command, SetKnob | SetParameter | SetSample):
            raise ReplicaError("a leader tells edits alone as commands")
        run = session.run
        if [*run.position] != [*fields["at"]]:
            raise ReplicaError("an edit was made elsewhere")
        newest = run.history.newest_edit()
        self._edits(session, [[*fields["at"], fields["at"], newest.order + 1 if newest else 0, fields["command"]]])
        session.apply(command)
        if len(session.branches) != forks or session.run is not run:
            raise ReplicaError("an edit that forks or restarts is no command")

    # --- where it is, without the way there

    def _stand(self, session: Session, update: Update) -> Goto:
        fields, run, numbers = update.fields, session.run, Numbers(update.body)
        history, (step, op) = run.history, fields["at"]
        if fields["known"] != len(history.edits):
            raise ReplicaError("a state has other edits behind it")
        stretches, tails = measured(numbers, fields)
        series = [
            _extended(kept, fields, columns, tail)
            for kept, columns, tail in zip(
                (history.loss, history.accuracy),
                (stretches[: len(COLUMNS)], stretches[len(COLUMNS) :]),
                tails,
                strict=True,
            )
        ]
        edits = self._edits(session, fields["edits"])
        kept = self._checkpoints(session, edits, fields["checkpoints"], numbers)
        numbers.end()
        base = kept[-1]
        _refuse_far(run, step - base.step)
        if base.step > step or base.step > len(series[0]):
            raise ReplicaError("no way leads to a state")
        orders = {order for _, _, _, order, _ in fields["edits"]}
        new = sorted((edit for edit in edits if edit.order in orders), key=attrgetter("order"))
        since = min((edit.step for edit in new), default=base.step)
        history.loss, history.accuracy = series
        history.epochs = epochs_of(*fields["epochs"])
        history.edits = edits
        _keep(history, kept, min(since, base.step))
        for edit in new:
            session.log.moved(*edit.issued_at)
            session.log.add(edit.command)
        run.stand_at(base)
        return Goto(step, op)

    def _edits(self, session: Session, told: Sequence[Sequence[Any]]) -> list[Edit]:
        history = session.run.history
        if not told:
            return list(history.edits)
        start = history.start.stepper
        every: list[Sequence[Any]] = [edit_record(edit) for edit in history.edits]
        for edit in told:
            insort_right(every, edit, key=itemgetter(0, 1))
        return edits_of(self._subject, start.program, start.settings, every)

    def _checkpoints(
        self, session: Session, edits: list[Edit], rows: Sequence[Sequence[Any]], numbers: Numbers
    ) -> list[Checkpoint]:
        """Its checkpoints, in order, at least one."""
        start = session.run.history.start.stepper
        if self._steppers is None or self._steppers[0] != edits or self._steppers[1] is not start:
            self._forget(session)
            self._steppers = list(edits), start, Steppers(self._programs, start, edits)
        kept: list[Checkpoint] = []
        for *fields, full in rows:
            stepper = self._steppers[2].after(fields[4], needed=True)
            assert stepper is not None
            kept.append(checkpoint_of(stepper, fields, numbers_of(numbers, stepper, full)))
        if not kept or kept[0].step < 1 or [c.step for c in kept] != sorted({c.step for c in kept}):
            raise ReplicaError("a state has no checkpoints in order")
        return kept


def _refuse_far(run: Run, steps: int) -> None:
    program = run.stepper.program
    if steps > NEAR and steps * program.batches.size * len(program.tape) > FARTHEST:
        raise ReplicaError("a leader leads no long way")


def _behave(session: Session, fields: Mapping[str, Any]) -> None:
    session.debugger.granularity = fields["granularity"]
    session.debugger.breakpoints = Breakpoints.of(fields["breakpoints"])
    stops = [(step, op, what) for step, op, what in fields["stops"]]
    if stops != sorted(stops):
        raise SavedError("its stops are not in order")
    session.run.history.stops = stops
    session.debugger.stopped = fields["stopped"]


def _extended(series: Series, fields: Mapping[str, Any], told: Sequence[array[float]], tail: array[float]) -> Series:
    """A series with what was told behind its first stretches."""
    width, columns, _ = series.stored()
    past, wanted = Past(width, columns), fields["width"]
    count = fields["from"] * (wanted // width)
    if wanted % width or count > len(past) or fields["from"] + fields["stretches"] > LIMITS.stretches:
        raise ReplicaError("its curves are not those that were told before")
    past = past.until(count)
    while past.width < wanted:
        past = past.halved()
    if past.width != wanted:
        raise ReplicaError("its curves are not those that were told before")
    if not is_past(wanted, told):  # what was told before has been looked at
        raise ReplicaError("its curves are not what a run measures")
    joined = [before + after for before, after in zip(past.columns, told, strict=True)]
    made = Series.of(wanted, joined, tail)
    if len(made) == made.exact_from > 0:
        # The last number of all is known by itself, too.
        made.put_back(Replayed(len(made) - 1, joined[LAST][-1:]))
    return made


def _keep(history: History, told: Sequence[Checkpoint], since: int) -> None:
    """Keep checkpoints that were told, and of the others those that lie before a step."""
    others = {kept.step: kept for kept in history.newest if kept.step < since}
    every = others | {kept.step: kept for kept in told}
    history.newest = [every[step] for step in sorted(every) if step <= told[-1].step]
    history.checkpoints = [kept for kept in history.checkpoints if kept.step < since]
    history.fit(history.room)
