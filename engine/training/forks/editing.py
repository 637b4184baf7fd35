"""Edits of a session's runs, and taking them back: an edit in the past leaves the run, whose future stays as it was.

Knows knobs, parameters, samples and restarts; must not know movements beyond those, snapshots or the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from ...records import record, replace
from ..commands import Change, CommandError, Editing, Redo, Reseed, Restart, SetKnob, SetParameter, SetSample, Undo
from ..moves import finish
from ..run.begin import begin, build, parameter_count
from ..run.history import Edit
from ..run.run import Run
from ..setup.data import Trained
from ..setup.settings import DATA, IMMEDIATE, RESTARTING, SAME_PROGRAM, Settings, SettingsError, restarts, turned
from .branches import Branch, Branches, Replaced

if TYPE_CHECKING:
    from ..step.program import Program

LARGE = 10_000
"""Parameters from which on a network takes longer to be laid out than a key may take."""


@record(eq=False)
class _UndoneEdit:
    """An edit that was taken back, and the run that has it still."""

    branch: Branch
    run: Run
    position: tuple[int, int]
    command: SetKnob | SetParameter | SetSample
    removed: bool
    """The branch was there for this edit alone, and went with it."""


@record(eq=False)
class _UndoneRestart:
    """A restart that was taken back, with the run that it had begun."""

    branch: Branch
    restarted: Replaced


class Editor:
    """Makes edits in the current one of `branches`, and takes them back in the order in which they were made."""

    def __init__(self, subject: Trained, branches: Branches) -> None:
        self._subject = subject
        self._branches = branches
        self._undone: list[_UndoneEdit | _UndoneRestart] = []
        self._laid: tuple[Settings, Program] | None = None
        """What was laid out for a restart that is to come."""

    @property
    def _run(self) -> Run:
        return self._branches.current.run

    def apply(self, command: Editing) -> None:
        """Make a change, in the past of what is recorded in a fork that begins here; take one back, or make it again.

        Raises:
            CommandError: it cannot be done; nothing has changed.
        """
        match command:
            case Undo():
                self._undo()
            case Redo():
                self._redo()
            case change:
                self._change(change)
                self.clear_redo()

    def _change(self, command: Change) -> None:
        from .edit_checks import check_order, check_parameter, check_sample, check_script  # no first frame is edited

        check_script(self._run.stepper.program, command)
        match command:
            case SetKnob() | Restart() | Reseed() if (settings := self._begun(command)) is not None:
                self._restart(command, settings, drawn=not isinstance(command, Restart))
            case SetKnob(name, value):
                settings = self._changed(name, value)
                if name == "order":
                    check_order(self._run, settings.order)
                self._turn(command, name, settings)
            case SetParameter():
                check_parameter(self._run.stepper.program, command)
                self._edit(command, now=True)
            case SetSample():
                check_sample(self._run.stepper.program, command)
                self._edit(command, now=True)

    def _begun(self, command: SetKnob | Restart | Reseed) -> Settings | None:
        """The settings that a command begins again with; None where it turns a knob of the run as it is."""
        match command:
            case SetKnob(name, value):
                settings = self._changed(name, value)
                return settings if name in RESTARTING or restarts(self.next_settings, settings) else None
            case Restart():
                return self.next_settings
            case Reseed(seed):
                return self._changed("seed", max(0, self._run.stepper.settings.seed + 1) if seed is None else seed)

    # --- what takes long

    def laying(self, command: Editing) -> Callable[[], None] | None:
        """What is to be laid out for a command and takes long, which may be done before it, in any thread; None where
        nothing is.
        """
        if not isinstance(command, SetKnob | Restart | Reseed):
            return None
        stepper = self._run.stepper
        try:
            settings = self._begun(command)
            if settings is None or settings == stepper.settings or not stepper.program.layers:
                return None
            if parameter_count(self._subject, settings) < LARGE:
                return None
        except (CommandError, SettingsError):
            return None  # it will be refused
        known = self._laid is not None and self._laid[0] == settings
        return None if known else partial(self._lay_out, settings)

    def _lay_out(self, settings: Settings) -> None:
        program = build(self._subject, settings)
        # What is made once need not be made while the first picture is waited for.
        _ = program.first, program.labels, program.units, program.network, program.slots.memory()
        self._laid = settings, program

    def _build(self, settings: Settings) -> Program:
        laid, self._laid = self._laid, None
        return laid[1] if laid is not None and laid[0] == settings else build(self._subject, settings)

    # --- what an edit does

    def _edit(self, command: SetKnob | SetParameter | SetSample, *, now: bool) -> None:
        if self._run.ahead():
            self._branches.fork(automatic=True)
        self._run.edit(command, now=now)

    def _turn(self, command: SetKnob, name: str, settings: Settings) -> None:
        """Turn a knob: at once, at the next step, or with a restart where there would be another number of weights."""
        try:
            count = len(self._run.first) if name in SAME_PROGRAM else parameter_count(self._subject, settings)
        except SettingsError as error:
            raise CommandError(str(error)) from None
        if any(index >= count for index in settings.frozen):
            raise CommandError(f"there is no parameter {max(settings.frozen)}: the model has {count}")
        if count != len(self._run.first):
            self._restart(command, settings)
        else:
            self._edit(command, now=name in IMMEDIATE)

    def _changed(self, name: str, value: object) -> Settings:
        try:
            return turned(self.next_settings, name, value)
        except SettingsError as error:
            raise CommandError(str(error)) from None

    @property
    def next_settings(self) -> Settings:
        """The knobs as the next step will find them."""
        settings = self._run.stepper.settings
        for edit in self._run.waiting():
            settings = turned(settings, edit.name, edit.value)
        return settings

    def _restart(self, command: SetKnob | Restart | Reseed, settings: Settings, *, drawn: bool = True) -> None:
        """Step 0 again, with the knobs as they were turned last; unless others are `drawn`, with the same weights."""
        branch = self._branches.current
        try:
            program, first = branch.run.stepper.program, branch.run.first
            if settings != branch.run.stepper.settings:
                same = all(getattr(settings, name) == getattr(branch.run.stepper.settings, name) for name in DATA)
                # What was changed by hand in a sample is of no use where there are others.
                amendments = program.amendments if same else {}
                program = self._build(settings)
                if len(program.first) != len(first) and settings.frozen:
                    settings = settings.replace(frozen=())
                    program = build(self._subject, settings)
                if drawn or len(program.first) != len(first):
                    first = program.first
                program = program.amended(amendments)
        except SettingsError as error:
            raise CommandError(str(error)) from None
        # The old ghost stays where there is no curve yet to take its place.
        ghost = branch.run.as_ghost() if branch.run.measured() else branch.run.ghost
        from .edit_words import mark  # nothing is edited before the first frame

        run = begin(self._subject, program, settings, first, ghost)
        run.compiles_here = branch.run.compiles_here
        run.history.restarted_by = mark(command, program)
        branch.replace(run, command)

    # --- taking back

    def _undo(self) -> None:
        """Stand where the last edit of the current run was made, as it was before; the run that has it is kept, to be
        made the current one again.

        Raises:
            CommandError: there is nothing to undo.
        """
        branch = self._branches.current
        edit = branch.run.history.newest_edit()
        if edit is None:
            self._undo_restart()
            return
        run = branch.run.twin(whole=True)
        run.take_back(edit)
        removed = self._forked_for(branch, edit, run)
        self._undone.append(_UndoneEdit(branch, branch.run, edit.issued_at, edit.command, removed))
        if removed and branch.parent is not None:
            self._branches.switch(branch.parent)
            self._branches.drop(branch.name)
        else:
            branch.run = run

    def _forked_for(self, branch: Branch, edit: Edit, without: Run) -> bool:
        """Whether a fork made itself for one edit, which nothing came after, and its parent still stands there."""
        if not branch.automatic or branch.parent is None or edit.issued_at != branch.since:
            return False
        parent = self._branches.named(branch.parent).run
        nothing_else = not branch.run.went_beyond(edit.issued_at) and not without.history.edited_at(branch.since)
        return nothing_else and parent.position == edit.issued_at

    def _undo_restart(self) -> None:
        branch = self._branches.current
        if not branch.replaced:
            raise CommandError("there is nothing to undo")
        before = branch.replaced.pop()
        self._undone.append(_UndoneRestart(branch, Replaced(branch.run, before.command)))
        branch.run = before.run

    def _redo(self) -> None:
        """Stand again where the edit was made that was undone last, in the run that has it. What was trained without
        it is a fork.

        Raises:
            CommandError: there is nothing to redo.
        """
        self._forget_dropped()
        if not self._undone:
            raise CommandError("there is nothing to redo")
        undone = self._undone.pop()
        if isinstance(undone, _UndoneRestart):
            self._branches.switch(undone.branch.name)
            undone.branch.replace(undone.restarted.run, undone.restarted.command)
            return
        if undone.removed:
            self._branches.restore(undone.branch)
        elif undone.branch.run.went_beyond(undone.position):
            self._branches.reinstate(undone.branch, undone.run, undone.position)
        else:
            undone.branch.run = undone.run
        self._branches.switch(undone.branch.name)
        finish(undone.run.goto(*undone.position))

    def clear_redo(self) -> None:
        """Forget what could be redone. A run that had trained on with an edit that was then taken back stands in its
        branch again, and the one that stands there now becomes a fork of it.
        """
        self._forget_dropped()
        seen: list[Branch] = []
        for undone in self._undone:
            if undone.branch in seen or isinstance(undone, _UndoneRestart):
                continue
            seen.append(undone.branch)
            if undone.run.went_beyond(undone.position) and not undone.removed:
                self._branches.reinstate(undone.branch, undone.run, undone.position)
        self._undone.clear()

    def without_redo(self) -> Branches:
        """The branches as `clear_redo` would leave them; nothing is forgotten here."""
        if not self._undone:
            return self._branches
        copies = {branch: replace(branch, replaced=list(branch.replaced)) for branch in self._branches}
        branches = Branches(list(copies.values()), self._branches.current.name)
        twin = Editor(self._subject, branches)
        twin._undone = [replace(undone, branch=copies.get(undone.branch, undone.branch)) for undone in self._undone]
        twin.clear_redo()
        return branches

    def _forget_dropped(self) -> None:
        """A fork that was dropped takes along what was undone in it."""
        known = list(self._branches)
        self._undone = [
            undone
            for undone in self._undone
            if undone.branch in known or (isinstance(undone, _UndoneEdit) and undone.removed)
        ]

    @property
    def runs(self) -> Iterator[Run]:
        """All runs that can be gone back to, or be asked what they measured."""
        for branch in self._branches:
            yield from (branch.run, *(replaced.run for replaced in branch.replaced))
            if branch.run.ghost is not None and branch.run.ghost.run is not None:
                yield branch.run.ghost.run
        for undone in self._undone:
            yield undone.restarted.run if isinstance(undone, _UndoneRestart) else undone.run
