"""A session as records in small pieces, and which of them are new. Must not know where they are kept.

| key | what it has |
|---|---|
| `session` | JSON: what is not of one run, and the numbers of the runs |
| `run/ID` | JSON: all of a run but numbers that there are many of |
| `tests/ID` | steps, losses and accuracies on the test samples |
| `checkpoint/ID/STEP` | a checkpoint; that of step 0 has the first weights |
| `near/ID` | the checkpoint from which the way to the run's position is short |
| `replayed/ID` | what leads up to that position, where it lies in the past |
| `block/ID/START` | what the steps from START on measured, of each |
| `stretches/ID/CHUNK` | what older ones measured, in stretches |
| `script…` | of a session on a script: what was recorded of it, see `recorded.records` |
"""

from __future__ import annotations

import json
import math
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from ..commands import to_json
from ..forks.branches import Branch, Branches
from ..run.checkpoint import Checkpoint
from ..run.history import Edit, History
from ..run.run import Ghost, Run
from ..session import Session
from ..setup.data import Recorded
from ..snapshot.series.series import Series
from .numbers import BLOCK, CHUNK, checkpoint_record, packed

FORMAT = 3


class Changes(NamedTuple):
    """What is new since the last time."""

    records: Mapping[str, bytes]
    drop: frozenset[str]
    """Keys of those that go."""


class _Kept(NamedTuple):
    """The checkpoints of a run that were given last."""

    older: list[Checkpoint]
    """The history's own: while it is this one, it has only grown."""
    length: int
    """How many of `older` were given."""
    newest: tuple[Checkpoint, ...]
    """The start among them."""

    @classmethod
    def of(cls, history: History) -> _Kept:
        """Those that a history keeps now."""
        return cls(history.checkpoints, len(history.checkpoints), (history.start, *history.newest))

    def since(self, before: _Kept) -> tuple[list[Checkpoint], set[int]]:
        """Those that have come since, and the steps of those that have gone. Where the older ones only grew, which are
        up to thousands, they are not looked through.
        """
        known = before.length if self.older is before.older else 0
        had, have = ({kept.step: kept for kept in (*each.older[known : each.length], *each.newest)}
                     for each in (before, self))  # fmt: skip
        gone = had.keys() - have.keys()
        if known and gone:
            first = bisect_left(self.older, min(gone), key=attrgetter("step"))
            gone -= {kept.step for kept in self.older[first:known]}
        return [kept for step, kept in have.items() if had.get(step) is not kept], gone


_NONE = _Kept([], 0, ())


class _Piece(NamedTuple):
    """A record that is made when it is new."""

    what: tuple[object, ...]
    """Where this is the same as the last time, so is the record. Objects are compared by identity."""
    make: Callable[[], bytes]


class Archive:
    """The records of one session, as they change. What was undone cannot be redone of them, and a run before a restart
    is kept for what it measured alone; the session itself stays as it is.
    """

    def __init__(self, session: Session, found: Iterable[str] = ()) -> None:
        """`found` are keys that are there already, of the session that is gone on with."""
        self._session = session
        self._found = frozenset(found)
        self._numbers: dict[int, tuple[Run | Ghost, int]] = {}
        """Of each run that was saved, by its identity; a number is not given twice."""
        self._known: dict[str, tuple[object, ...]] = {}
        """What the records are of that were given last."""
        self._recording: Mapping[str, bytes] = {}
        """What was recorded of a script, where the session is on one."""
        self._checkpoints: dict[int, _Kept] = {}
        self._texts: dict[int, tuple[object, str]] = {}
        """Commands and edits as JSON, by their identity."""

    def changes(self) -> Changes:
        """All records the first time; then those that are new, and which are gone."""
        records: dict[str, bytes] = {}
        known: dict[str, tuple[object, ...]] = {}
        drop: set[str] = set()
        branches = self._session.editor.without_redo()
        runs = self._runs(branches)
        for key, (what, make) in self._pieces(branches, runs):
            before = self._known.get(key)
            known[key] = what
            if before is None or not _same(before, what):
                records[key] = make()
        for number in self._checkpoints.keys() | runs.keys():
            new, gone = self._new_checkpoints(number, runs.get(number))
            records |= {f"checkpoint/{number}/{kept.step}": checkpoint_record(kept) for kept in new}
            drop |= {f"checkpoint/{number}/{step}" for step in gone}
        drop |= (self._known.keys() | self._found) - known.keys() - records.keys()
        self._known, self._found = known, frozenset()
        return Changes(records, frozenset(drop))

    def _runs(self, branches: Branches) -> dict[int, Run | Ghost]:
        """All that are saved, by their numbers: the runs, and those before a restart."""
        runs: list[Run | Ghost] = [branch.run for branch in branches]
        runs += [branch.run.ghost for branch in branches if branch.run.ghost is not None]
        return {self._number(run): run for run in runs}

    def _new_checkpoints(self, number: int, run: Run | Ghost | None) -> tuple[list[Checkpoint], set[int]]:
        """The checkpoints that are new, and the steps of those that are gone."""
        before = self._checkpoints.pop(number, _NONE)
        run = run.run if isinstance(run, Ghost) else run
        if run is None:
            return _NONE.since(before)
        now = self._checkpoints[number] = _Kept.of(run.history)
        return now.since(before)

    def _pieces(self, branches: Branches, runs: Mapping[int, Run | Ghost]) -> Iterator[tuple[str, _Piece]]:
        session, forks = self._session, []
        if isinstance(session.subject, Recorded):
            yield from self._script(session.subject)
        for branch in branches:
            forks.append(self._number(branch.run))
            yield from self._run(forks[-1], branch.run, branch)
        for number, ghost in runs.items():
            if isinstance(ghost, Ghost):
                yield from self._ghost(number, ghost)
        log = f"[{', '.join(self._text(command, partial(to_json, command)) for command in session.log)}]"
        text = json.dumps(
            {
                "format": FORMAT,
                "granularity": session.granularity,
                "probe": session.inspector.probe,
                "watches": session.inspector.watches,
                "breakpoints": session.debugger.breakpoints.records(),
                "current": branches.current.name,
                "forks": forks,
            }
        )
        yield "session", _text_piece(f'{text[:-1]}, "log": {log}}}')

    def _script(self, subject: Recorded) -> Iterator[tuple[str, _Piece]]:
        """What a script's session is on; it is packed once."""
        from ..recorded.records import pack  # few sessions are on scripts

        if not self._recording:
            self._recording = pack(*subject)
        for key, record in self._recording.items():
            yield key, _Piece((record,), partial(bytes, record))

    def _number(self, run: Run | Ghost) -> int:
        return self._numbers.setdefault(id(run), (run, len(self._numbers)))[1]

    def _text(self, item: object, plain: Callable[[], object]) -> str:
        if id(item) not in self._texts:
            self._texts[id(item)] = item, json.dumps(plain())
        return self._texts[id(item)][1]

    # --- one run

    def _run(self, number: int, run: Run, branch: Branch) -> Iterator[tuple[str, _Piece]]:
        history = run.history
        fields = {
            "name": branch.name,
            "parent": branch.parent,
            "since": branch.since,
            "automatic": branch.automatic,
            "position": run.position,
            "epochs": (len(history.epochs), history.epochs.stored()),
            "stops": history.stops,
            "validations": history.validations,
            "begun": history.restarted_by,
            "fault": None if run.fault is None else asdict(run.fault),
            "ghost": None if run.ghost is None else self._number(run.ghost),
        }
        yield f"run/{number}", self._origin(run, fields)
        tests = history.tests
        yield f"tests/{number}", _Piece((len(tests), *tests[-1:]), lambda: _tests(tests))
        here = (run, history.loss, run.position, len(history.edits))
        yield f"near/{number}", _Piece(here, lambda: checkpoint_record(run.nearby()))
        if way_in(history.loss, run.measured()) < history.loss.exact_from:
            yield f"replayed/{number}", _Piece(here, partial(_replayed, run))
        yield from _measured(number, (history.loss, history.accuracy))

    def _ghost(self, number: int, ghost: Ghost) -> Iterator[tuple[str, _Piece]]:
        """A run that is not gone on with; of some there is nothing but the losses."""
        run = ghost.run
        if run is None:
            yield f"run/{number}", _text_piece(json.dumps(_shape(ghost.losses)))
            yield from _measured(number, (ghost.losses,))
        else:
            yield f"run/{number}", self._origin(run, {})
            yield from _measured(number, (run.history.loss, run.history.accuracy))

    def _origin(self, run: Run, fields: Mapping[str, object]) -> _Piece:
        """What a run is replayed from, its edits among it, with other fields of it."""
        history = run.history
        program, settings = history.start.stepper.program, history.start.stepper.settings
        amendments = [[*key, value] for key, value in program.amendments.items()]
        origin = {"settings": asdict(settings), "amendments": amendments, "interval": history.interval}
        edits = ", ".join(self._text(edit, partial(edit_record, edit)) for edit in history.edits)
        return _text_piece(f'{json.dumps({**fields, **origin, **_shape(history.loss)})[:-1]}, "edits": [{edits}]}}')


def _same(before: tuple[object, ...], what: tuple[object, ...]) -> bool:
    return len(before) == len(what) and all(a is b or a == b for a, b in zip(before, what, strict=True))


def _text_piece(text: str) -> _Piece:
    return _Piece((text,), text.encode)


def edit_record(edit: Edit) -> list[object]:
    """An edit, as JSON has it."""
    return [edit.step, edit.op, [*edit.issued_at], edit.order, to_json(edit.command)]


def _tests(tests: Iterable[tuple[int, float, float | None]]) -> bytes:
    columns = zip(*((step, loss, math.nan if right is None else right) for step, loss, right in tests), strict=True)
    return packed(*(array("d", column) for column in columns))


def _replayed(run: Run) -> bytes:
    """What leads to where a run stands, from where a stretch begins."""
    history, stop = run.history, run.measured()
    start = way_in(history.loss, stop)
    return packed(history.loss[start:stop], history.accuracy[start:stop])


def way_in(series: Series, stop: int) -> int:
    """From which step on the numbers up to `stop` must be exact where a run stands: its newest number, and those that
    are needed to end the series there.
    """
    return max(0, min(series.floor(stop), stop - 1))


def _shape(series: Series) -> dict[str, object]:
    return {"width": series.width, "exact_from": series.exact_from, "steps": len(series)}


def _measured(number: int, series: Sequence[Series]) -> Iterator[tuple[str, _Piece]]:
    """What is measured of the same steps, in the same stretches."""
    first = series[0]
    width, since, length = first.width, first.exact_from, len(first)
    for chunk in range(-(-since // (width * CHUNK))):
        start, stop = chunk * CHUNK, min((chunk + 1) * CHUNK, since // width)
        what = first, width, stop
        yield f"stretches/{number}/{chunk}", _Piece(what, partial(_stretches, series, start, stop))
    for start in (since, *range((since // BLOCK + 1) * BLOCK, length, BLOCK)):
        stop = min((start // BLOCK + 1) * BLOCK, length)
        if start < stop:
            yield f"block/{number}/{start}", _Piece((first, stop), partial(_block, series, start, stop))


def _stretches(series: Sequence[Series], start: int, stop: int) -> bytes:
    return packed(*(column[start:stop] for each in series for column in each.stored()[1]))


def _block(series: Sequence[Series], start: int, stop: int) -> bytes:
    return packed(*(each[start:stop] for each in series))
