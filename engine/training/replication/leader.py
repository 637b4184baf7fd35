"""What has to be told of a session so that others stand where it stands: as little as they need. Must not know how it
is sent, how often, nor who hears it.

All of it is found in the session as it is: commands need not be overheard. Where what happened is more than a few steps
and edits at the end of what is recorded, it is told as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from ...records import record, replace
from ..commands import to_json
from ..run.checkpoint import Checkpoint
from ..run.epochs import EpochStarts
from ..run.history import Edit, History
from ..run.run import Run
from ..session import Session
from .state import State
from .thinned import Thinned
from .update import Update
from .whole import whole

NEAR = 3
"""Steps that followers take themselves; where it went farther, they are told where that led."""

BACK = 32
"""Steps behind where it stands from which on followers go back themselves."""


FEW = 64
"""Numbers of single steps that are few in a state."""

_LATE = 3
"""A state is late by at most one of so many steps that are to be told."""


@record(eq=False)
class _Told:
    """What followers know."""

    same: tuple[object, ...]
    """Where any of these is another one, all is told anew."""
    edits: Sequence[Edit]
    position: tuple[int, int]
    low: int
    """The step back to which they go themselves."""
    running: bool
    """They stand where it was while it played: about there."""
    recorded: tuple[int, int]
    """Steps and epochs that were recorded by then, ahead of the position, too."""
    manners: dict[str, Any]


class Leader:
    """Tells of one session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._told: _Told | None = None
        self._thinned: Thinned | None = None
        self._sent = [0]
        """Steps of which those of each turn have the stretches."""
        self._at = [0]
        """The step at which those of each turn stand."""
        self._place = 0, 0
        """How wide stretches were, and in which one it was, when it was last looked."""
        self._kept: Checkpoint | None = None
        """A checkpoint at the beginning of that stretch."""

    @property
    def steady(self) -> bool:
        """Whether a state is all that followers lack, so that some of them can be told one now and others later."""
        told = self._told
        return told is not None and told.running and told.same == self._same() and not self._new(told)

    @property
    def odd(self) -> int:
        """Steps that a state would tell one by one while it plays: those behind the last whole stretch."""
        thinned, told, step = self._thinned, self._told, self.session.step
        if thinned is None or told is None:
            return 0
        odd, end = step % thinned.width, self._end(told, min(self._at))
        return odd if odd <= FEW or end is None else min(odd, end.step % thinned.width)

    @property
    def late(self) -> int:
        """Steps that it has gone since it stood as followers know it."""
        return 0 if self._told is None else max(0, self.session.step - self._told.position[0])

    def look(self) -> None:
        """It has gone on: keep the first checkpoint behind the end of a stretch, if it has just passed one. That is to
        be called often enough while it plays: a run soon forgets most of its checkpoints.
        """
        thinned, history, step = self._thinned, self.session.run.history, self.session.step
        if thinned is None or thinned.of[0] is not history.loss:
            return
        if self._place != (thinned.width, step // thinned.width):
            thinned.advance(len(history.loss), 0, min(self._at))  # they may become wider
            width, place = thinned.width, step // thinned.width
            passed = [kept for kept in history.newest if kept.step // width == place]
            if passed:  # else there may be one soon
                self._kept, self._place = min(passed, key=attrgetter("step")), (width, place)

    def updates(self, *, running: bool = False, turn: int | None = None) -> list[Update]:
        """What followers lack; while it is `running` they get where it is about to be, and only what is cheap. While it
        is `steady`, too, those of one `turn` can be told alone.
        """
        told, run = self._told, self.session.run
        if (
            told is None
            or told.same != self._same()
            or len(self._new(told)) + len(told.edits) != len(run.history.edits)
        ):
            return self.whole()
        if told.running and not running and run.stepper.program.validation:
            return self.whole()  # what was measured meanwhile on samples that are held out
        if running or told.running:
            return self._state(told, running=running, turn=turn)
        return self._steps(told)

    def join(self) -> tuple[list[Update], bool]:
        """What somebody lacks who comes now, where the others have just been told; and whether these are to be told it,
        too. From then on all are told the same.
        """
        before, thinned, sent, at = self._told, self._thinned, self._sent, self._at
        newcomer = self.whole()
        after = self._told
        assert after is not None
        if before is None or self._thinned is not thinned:
            return newcomer, before is not None
        manners = after.manners if after.manners == before.manners else {}  # else all are told them next
        self._told = replace(before, low=max(before.low, after.low), manners=manners)
        self._sent = [min(*sent, *self._sent)] * len(sent)
        self._at = at
        return newcomer, False

    def part(self, turns: int) -> None:
        """Have followers take so many turns, others than before."""
        self._sent = [min(self._sent)] * turns
        self._at = [min(self._at)] * turns

    def _new(self, told: _Told) -> list[Edit]:
        """Edits that followers do not know, in the order in which they were made."""
        newest = max((edit.order for edit in told.edits), default=-1)
        edits = (edit for edit in self.session.run.history.edits if edit.order > newest)
        return sorted(edits, key=attrgetter("order"))

    def _same(self) -> tuple[object, ...]:
        """What is told as a whole only."""
        session, run = self.session, self.session.run
        branches = session.branches
        others = tuple(
            (branch.name, branch.parent, branch.since, branch.run)
            if branch.run is run
            else (branch.name, branch.parent, branch.since, branch.run, branch.run.position, branch.run.history.loss)
            for branch in branches
        )
        return run, run.history.loss, run.fault, run.ghost, branches.current.name, others

    # --- step by step

    def _steps(self, told: _Told) -> list[Update]:
        """Steps, and the edits between them."""
        run, at, made = self.session.run, told.position, list[Update]()
        recorded = _recorded(run)
        ahead = recorded[0] > run.measured() or run.history.epochs[-1] > run.state.step
        if ahead and recorded != told.recorded:
            return self.whole()  # it has been farther meanwhile
        for there, edit in (*((edit.issued_at, edit) for edit in self._new(told)), (run.position, None)):
            near = there[0] - at[0] <= NEAR if there >= at else there[0] >= min(at[0], told.low)
            if not near:
                return self._state(told) if run.position > told.position else self.whole()
            if there != at:
                made.append(Update("position", {"at": [*there]}))
            if edit is not None:
                made.append(Update("command", {"at": [*there], "command": to_json(edit.command)}))
            at = there
        self._told = replace(told, edits=list(run.history.edits), position=run.position, recorded=recorded)
        return made + self._manners(moved=bool(made))

    def _manners(self, *, moved: bool) -> list[Update]:
        """How it steps and where it stops, if that is not known; where followers have `moved`, why it stopped here."""
        told, session = self._told, self.session
        assert told is not None
        manners: dict[str, Any] = {
            "granularity": session.granularity,
            "breakpoints": session.debugger.breakpoints.records(),
            "stops": [list(stop) for stop in session.run.history.stops],
            "stopped": session.stopped,
        }
        if manners == told.manners and not (moved and session.stopped):
            return []
        self._told = replace(told, manners=manners)
        return [Update("session", manners)]

    # --- where it is, without the way there

    def _end(self, told: _Told, since: int) -> Checkpoint | None:
        """The checkpoint at a stretch's end, if it is of the same arithmetic as the step where it stands, followers do
        not stand ahead of it, and for those who have stood at step `since` most of what is new lies before it.
        """
        kept, run = self._kept, self.session.run
        if kept is None or kept.stepper is not run.stepper or kept.edits != len(run.history.edits):
            return None
        late, new = run.state.step - kept.step, run.state.step - since
        return kept if (kept.step + 1, 0) >= told.position and _LATE * late < new else None

    def _base(self, told: _Told, thinned: Thinned, turn: int | None) -> Checkpoint:
        """From where a state leads while it plays, with few steps behind a stretch's end if that can be."""
        self.look()  # which may make stretches wider
        run, width = self.session.run, thinned.width
        odd, end = run.state.step % width, self._end(told, min(self._at) if turn is None else self._at[turn])
        if end is not None and odd > FEW and end.step % width < odd:
            return end
        return run.here() or run.nearby()

    def _state(self, told: _Told, *, running: bool = False, turn: int | None = None) -> list[Update]:
        run, thinned = self.session.run, self._thinned
        history = run.history
        if thinned is None or run.measured() < len(history.loss):
            return self.whole()
        base = self._base(told, thinned, turn) if running else run.nearby()
        if not base.step:
            return self.whole()
        behind = history.checkpoint_at(max(0, base.step - BACK))
        kept = [behind, base] if behind.step and not running else [base]
        at, length = ((base.step + 1, 0), base.step) if running else (run.position, run.measured())
        stop = thinned.advance(length, thinned.tail(length) if running else None)
        known = min(self._sent) if turn is None else self._sent[turn]
        start, tails = min(known // thinned.width, stop), thinned.tails(stop, length)
        if tails is None:
            return self.whole()
        state = State(
            at,
            kept,
            thinned.width,
            start,
            thinned.between(start, stop),
            tails,
            _epochs_until(history, at[0]) if running else history.epochs,
            len(told.edits),
            self._new(told),
        )
        low = kept[0].step + 1 if running or behind.step else 0
        self._keep(stop * thinned.width, at[0], turn)
        edits, recorded = list(history.edits), _recorded(run)
        self._told = replace(told, edits=edits, position=at, low=low, running=running, recorded=recorded)
        return [state.told(), *([] if running else self._manners(moved=True))]

    def _keep(self, sent: int, at: int, turn: int | None = None) -> None:
        """Those of a turn, or all, have been told."""
        if turn is None:
            self._sent, self._at = [sent] * len(self._sent), [at] * len(self._at)
        else:
            self._sent[turn], self._at[turn] = sent, at

    # --- all of it

    def whole(self) -> list[Update]:
        """All of it, for those who know nothing, or not enough."""
        session = self.session
        records, thinned, low = whole(session, self._thinned, BACK)
        run, self._thinned = session.run, thinned
        self._keep(thinned.advance(len(run.history.loss)) * thinned.width, run.position[0])
        self._told = _Told(self._same(), list(run.history.edits), run.position, low, False, _recorded(run), {})
        fields = {"records": [[key, len(kept)] for key, kept in records.items()]}
        return [Update("whole", fields, b"".join(records.values())), *self._manners(moved=True)]


def _epochs_until(history: History, step: int) -> EpochStarts:
    """The epochs that have begun by a step."""
    epochs = history.epochs
    if epochs[-1] > step:
        epochs = epochs.copy()
        epochs.forget_after(step)
    return epochs


def _recorded(run: Run) -> tuple[int, int]:
    return len(run.history.loss), len(run.history.epochs)
