"""Runs side by side: a fork has the past of the run that it left, and goes on by itself. Knows runs; must not know how
they move or are edited, snapshots or the screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from itertools import count

from ...records import record
from ..commands import CommandError, DropFork, Fork, Forking, RenameFork, Reseed, Restart, SetKnob, SwitchFork
from ..run.run import Run

FIRST = "main"
"""The name of the run that a session begins with."""

_MOST_REPLACED = 8
_LONGEST_NAME = 24


@record(eq=False)
class Replaced:
    """A run whose place a restart took, and the command that restarted."""

    run: Run
    command: SetKnob | Restart | Reseed


@record(eq=False, frozen=False)
class Branch:
    """One of the runs."""

    name: str
    run: Run
    parent: str | None = None
    """Name of the run that it was forked from; None for the first one."""
    since: tuple[int, int] = (0, 0)
    """Step and op at which it was forked."""
    automatic: bool = False
    """It was forked by an edit in the past, so that the future that was recorded is kept."""
    replaced: list[Replaced] = field(default_factory=list)
    """Runs that stood here before a restart, the oldest first."""

    @property
    def restarted(self) -> bool:
        """Whether it began anew since it was forked: another run stands in its place, or what is recorded is less."""
        return bool(self.replaced) or len(self.run.history.loss) < self.since[0]

    def replace(self, run: Run, command: SetKnob | Restart | Reseed) -> None:
        """Another run begins in this one's place."""
        self.replaced.append(Replaced(self.run, command))
        del self.replaced[:-_MOST_REPLACED]
        self.run = run


class Branches:
    """All runs of a session, one of which is the current one."""

    def __init__(self, branches: Sequence[Branch], current: str = FIRST) -> None:
        self._all = {branch.name: branch for branch in branches}
        self.current = self._all[current]

    def __iter__(self) -> Iterator[Branch]:
        return iter(self._all.values())

    def __len__(self) -> int:
        return len(self._all)

    def named(self, name: str) -> Branch:
        """The run of a name.

        Raises:
            CommandError: there is none.
        """
        if name not in self._all:
            raise CommandError(f"there is no fork {name!r}: there is {', '.join(self._all)}")
        return self._all[name]

    def apply(self, command: Forking) -> None:
        """Fork, go over to another run, or rename or forget one.

        Raises:
            CommandError: there is no such run, or its name cannot be given; nothing has changed.
        """
        match command:
            case Fork(name):
                self.fork(name)
            case SwitchFork(name):
                self.switch(name)
            case RenameFork(name, to):
                self.rename(name, to)
            case DropFork(name):
                self.drop(name)

    def fork(self, name: str | None = None, *, automatic: bool = False) -> Branch:
        """Fork the current run where it stands; the fork becomes the current one.

        Raises:
            CommandError: the name is taken, or no name.
        """
        left = self.current
        name = next(self._unused_names()) if name is None else self._valid(name)
        branch = Branch(name, left.run.twin(), left.name, left.run.position, automatic)
        self._all[name] = self.current = branch
        return branch

    def reinstate(self, branch: Branch, run: Run, since: tuple[int, int]) -> None:
        """A run takes its place in a branch again; the one that stood there meanwhile becomes a fork of it."""
        fork = Branch(next(self._unused_names()), branch.run, branch.name, since, True, branch.replaced)
        branch.run, branch.replaced = run, []
        self._all[fork.name] = fork
        if branch is self.current:
            self.current = fork

    def restore(self, branch: Branch) -> None:
        """Take in a branch that was removed, and make it the current one."""
        branch.name = next(self._unused_names()) if branch.name in self._all else branch.name
        self._all[branch.name] = self.current = branch

    def switch(self, name: str) -> None:
        """Make another run the current one.

        Raises:
            CommandError: there is none of that name.
        """
        self.current = self.named(name)

    def rename(self, name: str, to: str) -> None:
        """Give a run another name.

        Raises:
            CommandError: there is no such run, or the name is taken.
        """
        branch = self.named(name)
        to = self._valid(to, known_as=name)
        branch.name = to
        for other in self:
            if other.parent == name:
                other.parent = to
        self._all = {branch.name: branch for branch in self}

    def drop(self, name: str) -> None:
        """Forget a run; its forks become forks of its parent.

        Raises:
            CommandError: there is no such run, or it is the current one.
        """
        branch = self.named(name)
        if branch is self.current:
            raise CommandError(f"{name} is the one you are in: switch to another first")
        del self._all[name]
        for other in self:
            if other.parent == name:
                other.parent, other.since = branch.parent, min(other.since, branch.since)

    def _unused_names(self) -> Iterator[str]:
        return (name for number in count(1) if (name := f"fork {number}") not in self._all)

    def _valid(self, name: str, known_as: str | None = None) -> str:
        """A name as a person typed it, for a new run or for the one that is `known_as` another.

        Raises:
            CommandError: it cannot be a name, or is taken.
        """
        name = " ".join(name.split())
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            raise CommandError(f"a fork's name has 1 to {_LONGEST_NAME} letters, not {name!r}")
        if name in self._all and name != known_as:
            raise CommandError(f"there is a fork called {name!r} already")
        return name
