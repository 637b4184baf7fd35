"""What happens in a lesson, to be kept: plain data. Must not know clocks or files: who keeps it adds the time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import get_args

from ..records import record


@record
class Reached:
    """A beat has begun."""

    lesson: str
    beat: int
    """From 1."""
    key: str = ""
    """Which one it is, wherever it comes to stand: one of its lesson's keys. Empty where that was not kept yet."""


@record
class Answered:
    """A question was answered, or its answer was asked to be shown."""

    lesson: str
    beat: int
    ask: str
    round: int
    """How often it was asked before, with other numbers."""
    attempt: int
    """From 1; 0 where the answer was shown without one."""
    answer: float | str
    """The number, or the text of the choice; empty where none was given."""
    right: float | str
    """The right one."""
    ok: bool
    helped: bool
    """A hint or the answer was seen before."""
    mastered: bool
    """With this the question is known: right at the first go, on as many numbers as it asks for."""
    key: str = ""
    """The beat's, as above."""


@record
class Ended:
    """A lesson was gone through to its end."""

    lesson: str


Event = Reached | Answered | Ended

_KINDS = {kind.__name__.lower(): kind for kind in get_args(Event)}

_TYPES: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("lesson", "ask", "key"), (str,)),
    **dict.fromkeys(("beat", "round", "attempt"), (int,)),
    **dict.fromkeys(("ok", "helped", "mastered"), (bool,)),
    **dict.fromkeys(("answer", "right"), (float, int, str)),
}

_LONGEST = 1000


def to_json(event: Event) -> dict[str, object]:
    """An event as a JSON object; numbers that are not finite are words there."""
    fields = {"event": type(event).__name__.lower(), **asdict(event)}
    return {
        name: str(value) if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in fields.items()
    }


def from_json(data: object) -> Event:
    """The event of a JSON object, which may come from a stranger; what else is in it is left aside.

    Raises:
        ValueError: it describes none.
    """
    if not isinstance(data, dict) or data.get("event") not in _KINDS:
        raise ValueError("no event of a lesson")
    kind = _KINDS[data["event"]]
    fields = {name: data.get(name, "" if name == "key" else None) for name in kind.__match_args__}
    for name, value in fields.items():
        allowed = _TYPES[name]
        if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
            raise ValueError(f"{name} is missing, or is not what it should be")
        if isinstance(value, str) and (len(value) > _LONGEST or not value.isprintable()):
            raise ValueError(f"{name} cannot be shown")
    made: Event = kind(**fields)
    return made
