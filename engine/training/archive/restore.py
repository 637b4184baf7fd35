"""A session again, of its records: see `archive`. Must not know where they were kept.

They may come from a stranger. Sizes are looked at before anything is built, and no long way is gone.
"""

from __future__ import annotations

import json
import math
import re
from array import array
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from ..forks.branches import Branch
from ..run.begin import begin
from ..run.checkpoint import Checkpoint
from ..run.run import Ghost, Run
from ..session import Session
from ..setup.data import Trained
from ..setup.settings import Settings
from ..snapshot.series.series import LIMITS, Replayed, Series
from ..snapshot.series.stretches import is_past
from ..step.stepper import Stepper
from .archive import FORMAT, way_in
from .errors import ArchiveError
from .numbers import BLOCK, CHUNK, COLUMNS, OLD_COLUMNS, checkpoint_fields, rows
from .parts import Programs, Say, Steppers, checkpoint_of, edits_of, epochs_of, fault_of, session_of, stand, unheard
from .saved import GHOST, LOSSES, RUN, SavedError, ascending, look, look_at_session

_MOST_TEXT = 2**24
"""Bytes of a record of JSON."""

_CHECKPOINT = re.compile(r"checkpoint/([0-9]{1,9})/([0-9]{1,16})")


def restore(
    subject: Trained, records: Mapping[str, bytes], say: Say = unheard, programs: Programs | None = None
) -> Session:
    """The session of all its records, on the same subject; `say` is told where it is not as it was left. What it is
    computed by is taken from `programs`, or built into it.

    Raises:
        ArchiveError: they are no session's, or not one of this subject.
    """
    try:
        return _Restoring(subject, records, say, Programs(subject) if programs is None else programs).session()
    except KeyError as error:
        raise ArchiveError(f"the saved session cannot be read: there is no {error}") from error
    except (TypeError, ValueError, ArithmeticError, LookupError, RecursionError) as error:
        raise ArchiveError(f"the saved session cannot be read: {error}") from error


class _Restoring:
    def __init__(self, subject: Trained, records: Mapping[str, bytes], say: Say, programs: Programs) -> None:
        self._subject = subject
        self._say = say
        self._records = records
        self._programs = programs
        self._checkpoints: dict[int, list[int]] = defaultdict(list)
        """Steps that have one, by the number of their run."""
        for key in records:
            if found := _CHECKPOINT.fullmatch(key):
                self._checkpoints[int(found[1])].append(int(found[2]))
        self._ghosts: dict[int, Ghost] = {}

    def session(self) -> Session:
        saved = self._json("session")
        if saved.get("format") != FORMAT:
            raise SavedError(f"saved in format {saved.get('format')!r}, this version reads {FORMAT}")
        numbers = saved.get("forks")
        if not isinstance(numbers, list) or not all(type(n) is int for n in numbers) or len({*numbers}) < len(numbers):
            raise SavedError("its forks are not what a session saves")
        # What was saved before there were validations has none.
        saved["forks"] = [{"validations": (), **self._json(f"run/{number}")} for number in numbers]
        look_at_session(saved, RUN)
        branches = [self._branch(*each) for each in zip(numbers, saved["forks"], strict=True)]
        return session_of(self._subject, saved, branches)

    def _json(self, key: str) -> dict[str, Any]:
        record = self._records[key]
        if len(record) > _MOST_TEXT:
            raise SavedError(f"{key} is too large")
        try:
            value = json.loads(record)
        except (ValueError, RecursionError):
            raise SavedError(f"{key} cannot be read") from None
        if not isinstance(value, dict):
            raise SavedError(f"{key} is not what a session saves")
        return value

    # --- runs

    def _branch(self, number: int, saved: Mapping[str, Any]) -> Branch:
        run, steppers = self._run(number, saved)
        run.ghost = None if saved["ghost"] is None else self._ghost(saved["ghost"])
        history = run.history
        history.epochs = epochs_of(*saved["epochs"])
        history.tests = _tests(self._records[f"tests/{number}"])
        ascending([step for step, _ in saved["validations"]], "validations")
        history.validations = [(step, loss) for step, loss in saved["validations"]]
        history.stops = [(step, op, what) for step, op, what in saved["stops"]]
        history.restarted_by = saved["begun"]
        if saved["fault"] is not None:
            run.fault = fault_of(saved["fault"])
        step, op = saved["position"]
        near = self._near(number, step, run, steppers)
        start = near if near.step else history.start
        if stand(run, saved["name"], (step, op), start, self._say):
            self._know_again(run, number)
        since = (saved["since"][0], saved["since"][1])
        return Branch(saved["name"], run, saved["parent"], since, saved["automatic"])

    def _ghost(self, number: int) -> Ghost:
        if number not in self._ghosts:
            saved = self._json(f"run/{number}")
            if saved.keys() == LOSSES.keys():
                look(saved, LOSSES)
                (losses,) = self._series(number, saved, 1)
                self._ghosts[number] = Ghost(losses, None)
            else:
                look(saved, GHOST)
                run, _ = self._run(number, saved)
                self._ghosts[number] = Ghost(run.history.loss, run)
        return self._ghosts[number]

    def _run(self, number: int, saved: Mapping[str, Any]) -> tuple[Run, Steppers]:
        """A run at its start, with what it measured and its checkpoints, and the steppers that it comes to."""
        settings = Settings.of(saved["settings"])
        amendments = {(sample, feature): value for sample, feature, value in saved["amendments"]}
        program = self._programs.of(settings, amendments)
        start = self._checkpoint(f"checkpoint/{number}/0", Stepper(program, settings))
        if start.step or start.edits:
            raise SavedError("a run does not begin at its start")
        run = begin(self._subject, program, settings, start.parameters)
        history = run.history
        history.loss, history.accuracy = self._series(number, saved, 2)
        history.edits = edits_of(self._subject, program, settings, saved["edits"])
        steppers = Steppers(self._programs, history.start.stepper, history.edits)
        history.interval = max(history.spacing, saved["interval"])
        known: list[Checkpoint] = []
        for step in sorted(self._checkpoints[number], reverse=True):
            fields, numbers = checkpoint_fields(self._records[f"checkpoint/{number}/{step}"])
            stepper = steppers.after(fields[4]) if step and fields[4] >= 0 else None
            if stepper is not None:
                known.append(checkpoint_of(stepper, fields, numbers))
                if known[-1].step != step or step > len(history.loss):
                    raise SavedError("a checkpoint is of another step")
        known.reverse()
        history.checkpoints = [kept for kept in known if kept.step % history.interval == 0]
        history.newest = known
        history.fit(history.room)
        return run, steppers

    def _checkpoint(self, key: str, stepper: Stepper) -> Checkpoint:
        return checkpoint_of(stepper, *checkpoint_fields(self._records[key]))

    def _near(self, number: int, step: int, run: Run, steppers: Steppers) -> Checkpoint:
        """The checkpoint from which a short way leads to where a run stood."""
        if step > len(run.history.loss):
            raise SavedError(f"it stands at step {step}, and has losses of {len(run.history.loss)}")
        fields, numbers = checkpoint_fields(self._records[f"near/{number}"])
        stepper = steppers.after(max(0, fields[4]), needed=True)
        assert stepper is not None
        near = checkpoint_of(stepper, fields, numbers)
        if step - near.step < min(1, step):
            raise SavedError("a run stands before what is kept of it")
        return near

    def _know_again(self, run: Run, number: int) -> None:
        """What leads to where a run stands is known of each step."""
        history, stop = run.history, run.measured()
        start = way_in(history.loss, stop)
        if start < history.loss.exact_from:
            losses, accuracies = rows(self._records[f"replayed/{number}"], 2)
            if len(losses) != stop - start:
                raise SavedError("what leads to where a run stands is not what was measured there")
            history.put_back((Replayed(start, losses), Replayed(start, accuracies)))

    # --- what was measured

    def _series(self, number: int, saved: Mapping[str, Any], count: int) -> list[Series]:
        """As many series of the same steps, in the same stretches."""
        width, since, length = saved["width"], saved["exact_from"], saved["steps"]
        stretches, rest = divmod(since, width)
        if rest or stretches > LIMITS.stretches or since > length:
            raise SavedError("its curves are not what a session saves")
        columns = [array("d") for _ in range(count * COLUMNS)]
        for chunk in range(-(-stretches // CHUNK)):
            self._extend_past(columns, f"stretches/{number}/{chunk}", min(CHUNK, stretches - chunk * CHUNK), width)
        tails = [array("d") for _ in range(count)]
        while since + len(tails[0]) < length:
            start = since + len(tails[0])
            self._extend(tails, f"block/{number}/{start}", min((start // BLOCK + 1) * BLOCK, length) - start)
        made = []
        for place, tail in enumerate(tails):
            own = columns[place * COLUMNS : (place + 1) * COLUMNS]
            if not is_past(width, own):
                raise SavedError("its curves are not what a session saves")
            made.append(Series.of(width, own, tail))
        return made

    def _extend_past(self, columns: list[array[float]], key: str, count: int, width: int) -> None:
        old = len(columns) // COLUMNS * OLD_COLUMNS
        if len(self._records[key]) != 8 * count * old:
            self._extend(columns, key, count)
            return
        known = [column for place, column in enumerate(columns) if place % COLUMNS < OLD_COLUMNS]
        self._extend(known, key, count)
        for rises in columns[OLD_COLUMNS::COLUMNS]:
            rises.extend([width - 1.0] * count)  # at most

    def _extend(self, columns: list[array[float]], key: str, count: int) -> None:
        for column, more in zip(columns, rows(self._records[key], len(columns)), strict=True):
            if len(more) != count:
                raise SavedError("its curves are not what a session saves")
            column.extend(more)


def _tests(record: bytes) -> list[tuple[int, float, float | None]]:
    steps, losses, accuracies = rows(record, 3)
    if not all(0 <= step <= 2**53 and step.is_integer() for step in steps):
        raise SavedError("its tests are not what a session saves")
    ascending(steps, "tests", strictly=False)
    known = ((None if math.isnan(right) else right) for right in accuracies)
    return list(zip(map(int, steps), losses, known, strict=True))
