"""The record of what a session was told. Must not know how a command is carried out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .commands import Command, Goto


class Log:
    """Commands in their order; given again to a new session, they lead to the same place.

    A movement leaves nothing behind but the position. Of several in a row two points are kept: the furthest, because an
    edit before it is made in the past, and the last one.
    """

    def __init__(self, commands: Sequence[Command] = ()) -> None:
        self._commands = list(commands)

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands)

    def add(self, command: Command) -> None:
        """Record a command that was carried out."""
        self._commands.append(command)

    def moved(self, step: int, op: int) -> None:
        """Record where a movement led."""
        here = furthest = Goto(step, op)
        for _ in range(2):
            if self._commands and isinstance(last := self._commands[-1], Goto):
                self._commands.pop()
                furthest = max(furthest, last, key=lambda point: (point.step, point.op))
        self._commands += [here] if furthest == here else [furthest, here]

    def mark(self) -> tuple[int, list[Command]]:
        """What `reset` needs to forget the movements that come from here on."""
        kept = max(0, len(self._commands) - 2)
        return kept, self._commands[kept:]

    def reset(self, mark: tuple[int, list[Command]]) -> None:
        """Forget the movements since a mark."""
        kept, tail = mark
        self._commands[kept:] = tail
