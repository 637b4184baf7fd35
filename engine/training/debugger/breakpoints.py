"""Breakpoints: what people type, the list of them, their hits. Must not know how a run comes to one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...records import record
from ..commands import CommandError
from ..snapshot.debugger import BreakpointView
from ..step.program import Program
from . import conditions, places
from .conditions import Condition
from .places import Place

_TROUBLES: Mapping[str, str] = {
    "nan": "when a number becomes NaN or infinite",
    "dead": "when a ReLU is 0 for every sample of the batch",
    "saturated": "when a tanh or sigmoid is at its end for every sample of the batch",
}

_LONGEST_RISE = 1000

_NUMBERS = {"accuracy": "accuracy == 1", "lr": "lr < 0.01", "epoch": "epoch == 10"}
"""What can be asked in a condition and is no place, each with an example."""


@record
class Trouble:
    """Something goes wrong: `nan`, `dead` or `saturated`."""

    kind: str

    @property
    def words(self) -> str:
        """What it waits for."""
        return _TROUBLES[self.kind]


@record
class Rising:
    """The loss has risen so many steps running."""

    steps: int

    @property
    def words(self) -> str:
        """What it waits for."""
        return f"when the loss has risen {self.steps} step{'s' * (self.steps > 1)} running"


Target = Place | Condition | Trouble | Rising
"""What a breakpoint waits for."""


def parse(text: str) -> Target:
    """Read what people type: a place, `nan`, `dead`, `saturated`, `rising 3`, or a condition.

    Raises:
        CommandError: it is none of these.
    """
    words = text.split()
    if not words:
        raise CommandError("a breakpoint is a place (backward, layer 2, L1.n3), a condition (loss < 0.1) or nan")
    first = words[0].lower()
    if first in _TROUBLES and len(words) == 1:
        return Trouble(first)
    if first == "rising":
        steps = words[1] if len(words) == 2 else ""
        if not re.fullmatch("[0-9]{1,4}", steps) or not 1 <= int(steps) <= _LONGEST_RISE:
            raise CommandError(f"rising needs a number of steps from 1 to {_LONGEST_RISE}, as in rising 3")
        return Rising(int(steps))
    if re.fullmatch(r"[\w.\s]+", text) and not {"and", "or", "not", "if", "is", "in"} & {w.lower() for w in words}:
        if len(words) == 1 and re.fullmatch(r"l\d{1,9}\.n\d{1,9}\..{1,40}", first):
            raise CommandError(_a_value(words[0]))
        if len(words) == 1 and first in _NUMBERS:
            raise CommandError(f"{first} is a number: compare it, as in {_NUMBERS[first]}")
        return places.parse(text)
    return conditions.parse(text)


def _a_value(name: str) -> str:
    label = re.sub(r"\.(data|grad|change)$", "", name)
    return f"{name} is a value, not a place: write {label}.grad > 5, or parameter {label}"


@dataclass(slots=True, eq=False)
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
        words = "when it becomes true" if isinstance(self.target, Condition) else self.target.words
        return BreakpointView(self.number, self.text, words, self.enabled, self.hits)


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
        text = " ".join(text.split())
        found = target(text, program)
        if isinstance(found, Place) and found.parameter is not None:
            # Written as the model writes it, the text alone tells everything.
            text = re.sub(re.escape(found.parameter), found.parameter, text, flags=re.IGNORECASE)
        for known in self:
            if _same(known.target, found):
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
        made = cls()
        for saved in records:
            match saved:
                case {"number": int(number), "text": str(text), "enabled": bool(enabled), "hits": int(hits)}:
                    made._known[number] = Breakpoint(number, text, parse(text), enabled, hits)
                    made._next = max(made._next, number + 1)
                case _:
                    raise CommandError(f"{dict(saved)!r} is no breakpoint")
        return made


def _same(one: Target, other: Target) -> bool:
    if isinstance(one, Condition) and isinstance(other, Condition):
        return one.normal == other.normal
    return one == other


def target(text: str, program: Program) -> Target:
    """What is typed, on a model.

    Raises:
        CommandError: it is no breakpoint, or the model has no such thing.
    """
    if text in program.labels and text not in conditions.RECORDED:
        raise CommandError(_a_value(text))
    found = parse(text)
    if isinstance(found, Place):
        return found.check(program)
    if isinstance(found, Condition):
        found.bind(program)
    elif isinstance(found, Trouble) and found.kind != "nan":
        names = ("relu",) if found.kind == "dead" else ("tanh", "sigmoid")
        if not any(op.name in names for op in program.tape.ops[: program.forward]):
            raise CommandError(f"{found.kind} waits for a {' or a '.join(names)}, and the model has none")
    return found


Hit = tuple[Breakpoint, str]
"""A breakpoint, and what else is to be said."""


def reason(hits: Sequence[Hit]) -> str:
    """Why a movement stopped: `breakpoint 2: loss < 0.1`."""
    return ", ".join(f"breakpoint {b.number}: {b.text}{f' ({detail})' if detail else ''}" for b, detail in hits)
