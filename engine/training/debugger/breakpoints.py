"""Breakpoints: the list of them, and their hits. Must not know how a run comes to one.

What they wait for is loaded with the first of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ...records import record
from ..commands import CommandError
from ..step.program import Program

if TYPE_CHECKING:
    from ..snapshot.debugger import BreakpointView
    from .targets import Target


@record(eq=False, frozen=False)
class Breakpoint:
    """One of the list."""

    number: int
    text: str
    target: Target
    enabled: bool = True
    hits: int = 0

    @property
    def view(self) -> BreakpointView:
        """For the screen."""
        from ..snapshot.debugger import BreakpointView

        return BreakpointView(self.number, self.text, self.target.words, self.enabled, self.hits)


class Breakpoints:
    """Breakpoints by their numbers, from 1; a number is not given twice."""

    def __init__(self) -> None:
        self._known: dict[int, Breakpoint] = {}
        self._next = 1

    def __iter__(self) -> Iterator[Breakpoint]:
        return iter(self._known.values())

    def __len__(self) -> int:
        return len(self._known)

    @property
    def enabled(self) -> tuple[Breakpoint, ...]:
        """Those that stop a movement."""
        return tuple(known for known in self if known.enabled)

    @property
    def views(self) -> tuple[BreakpointView, ...]:
        """For the screen."""
        return tuple(known.view for known in self)

    def add(self, text: str, program: Program) -> Breakpoint:
        """Add what people type.

        Raises:
            CommandError: it is no breakpoint, the model has no such thing, or it is in the list already.
        """
        from .targets import resolved, same

        text, found = resolved(" ".join(text.split()), program)
        for known in self:
            if same(known.target, found):
                raise CommandError(f"breakpoint {known.number} is that already")
        made = Breakpoint(self._next, text, found)
        self._known[made.number] = made
        self._next += 1
        return made

    def toggle(self, number: int) -> None:
        """Enable or disable one.

        Raises:
            CommandError: there is no such breakpoint.
        """
        known = self._find(number)
        known.enabled = not known.enabled

    def drop(self, number: int) -> None:
        """Forget one.

        Raises:
            CommandError: there is no such breakpoint.
        """
        del self._known[self._find(number).number]

    def _find(self, number: int) -> Breakpoint:
        if number not in self._known:
            numbers = ", ".join(map(str, self._known))
            raise CommandError(f"there is no breakpoint {number}: there is {numbers or 'none'}")
        return self._known[number]

    def records(self) -> list[dict[str, object]]:
        """All of them as JSON has it."""
        return [{"number": b.number, "text": b.text, "enabled": b.enabled, "hits": b.hits} for b in self]

    @classmethod
    def of(cls, records: Iterable[Mapping[str, object]]) -> Breakpoints:
        """Those of records. The model is not asked: since they were added it may have been replaced by another.

        Raises:
            CommandError: a record describes no breakpoint.
        """
        from .targets import parse

        made = cls()
        for saved in records:
            match saved:
                case {"number": int(number), "text": str(text), "enabled": bool(enabled), "hits": int(hits)}:
                    made._known[number] = Breakpoint(number, text, parse(text), enabled, hits)
                    made._next = max(made._next, number + 1)
                case _:
                    raise CommandError(f"{dict(saved)!r} is no breakpoint")
        return made


Hit = tuple[Breakpoint, str]
"""A breakpoint, and what else is to be said."""


def reason(hits: Sequence[Hit]) -> str:
    """Why a movement stopped: `breakpoint 2: loss < 0.1`."""
    return ", ".join(f"breakpoint {b.number}: {b.text}{f' ({detail})' if detail else ''}" for b, detail in hits)
