"""What a saved session looks like: plain data from anywhere, looked at field by field before anything is built of it.
Must not know how it is built.

A file may come from a stranger. What passes here has the right types and can be shown: texts act on no terminal,
numbers fit into what computes with them. What must fit together is looked at where it is put together.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from ..commands import CommandError, from_json
from ..step.timeline import GRANULARITIES

Kind = Callable[[Any], bool]
"""Whether a value is of a kind."""

_MOST = 2**53
_LONGEST = 10_000
"""Characters of a text."""


class SavedError(ValueError):
    """A field is not what a session saves; the message names it, and nothing of its content."""


# --- kinds of values


def count(value: object) -> bool:
    """An integer from 0."""
    return type(value) is int and 0 <= value <= _MOST


def number(value: object) -> bool:
    """Any number, nan and the infinities too."""
    return isinstance(value, float) or (type(value) is int and -_MOST <= value <= _MOST)


def finite(value: Any) -> bool:
    """A finite number."""
    return number(value) and math.isfinite(value)


def flag(value: object) -> bool:
    """True or False."""
    return type(value) is bool


def text(value: object) -> bool:
    """A text that can be shown."""
    return isinstance(value, str) and len(value) <= _LONGEST and value.isprintable()


def packed(value: object) -> bool:
    """Numbers that were packed."""
    return isinstance(value, str)


def maybe(kind: Kind) -> Kind:
    """One of a kind, or None."""
    return lambda value: value is None or kind(value)


def listed(kind: Kind) -> Kind:
    """A list of any length."""
    return lambda value: isinstance(value, list | tuple) and all(map(kind, value))


def row(*kinds: Kind) -> Kind:
    """A list of this length."""
    return lambda value: (
        isinstance(value, list | tuple)
        and len(value) == len(kinds)
        and all(kind(item) for kind, item in zip(kinds, value, strict=True))
    )


def fields(**kinds: Kind) -> Kind:
    """An object with these fields and no others."""
    return lambda value: (
        isinstance(value, Mapping)
        and value.keys() == kinds.keys()
        and all(kind(value[name]) for name, kind in kinds.items())
    )


def one_of(*choices: object) -> Kind:
    """One of these texts."""
    return lambda value: isinstance(value, str) and value in choices


# --- what is saved

_point = row(count, count)
"""A step and an op."""


def _some(value: object) -> bool:
    return count(value) and value != 0


def _scalar(value: object) -> bool:
    return value is None or flag(value) or number(value) or text(value)


def _plain(value: object) -> bool:
    return _scalar(value) or listed(_scalar)(value)


def _knobs(value: object) -> bool:
    return isinstance(value, Mapping) and all(text(name) and _plain(knob) for name, knob in value.items())


_INTEGER: Kind = lambda value: type(value) is int and -_MOST <= value <= _MOST  # noqa: E731

OF_COMMANDS: Mapping[str, Kind] = {
    "int": count,
    "int | None": maybe(_INTEGER),
    "float": finite,
    "float | None": maybe(finite),
    "bool": flag,
    "str": text,
    "str | None": maybe(text),
    "object": _plain,
    "tuple[int, int] | None": maybe(row(count, count)),
    "tuple[float, ...] | None": maybe(listed(finite)),
    "tuple[tuple[int, float], ...]": listed(row(count, finite)),
}
"""What a command's field may hold, by its annotation."""


def command(value: object) -> bool:
    """A command as JSON has it."""
    if not isinstance(value, Mapping) or not all(_plain(field) or listed(_plain)(field) for field in value.values()):
        return False
    try:
        made = from_json(value)
    except CommandError:
        return False
    return all(OF_COMMANDS[str(field.type)](getattr(made, field.name)) for field in dataclasses.fields(made))


SESSION: Mapping[str, Kind] = {
    "granularity": one_of(*GRANULARITIES),
    "probe": maybe(listed(finite)),
    "watches": listed(text),
    "breakpoints": listed(fields(number=count, text=text, enabled=flag, hits=count)),
    "current": text,
    "forks": listed(lambda value: isinstance(value, Mapping)),
    "log": listed(command),
}

_ORIGIN: Mapping[str, Kind] = {
    "settings": _knobs,
    "amendments": listed(row(count, maybe(count), finite)),
    "edits": listed(row(count, count, _point, count, command)),
}
"""What a run is replayed from."""

_BRANCH: Mapping[str, Kind] = {
    **_ORIGIN,
    "name": text,
    "parent": maybe(text),
    "since": _point,
    "automatic": flag,
    "position": _point,
    "fault": maybe(
        fields(
            step=count,
            phase=text,
            scope=text,
            expression=text,
            inputs=listed(row(text, number)),
            result=number,
            op=count,
            chain=listed(fields(expression=text, data=number, words=text)),
        )
    ),
}

LOSSES: Mapping[str, Kind] = {"width": _some, "exact_from": count, "steps": count}
"""Of a run before a restart, where nothing else is known of it."""

GHOST: Mapping[str, Kind] = {**_ORIGIN, **LOSSES, "interval": _some}
"""Of a run before a restart."""

RUN: Mapping[str, Kind] = {
    **_BRANCH,
    **GHOST,
    "epochs": row(_some, listed(row(count, count, count))),
    "stops": listed(row(count, count, text)),
    "validations": listed(row(count, number)),
    "begun": text,
    "ghost": maybe(count),
}

BRANCH: Mapping[str, Kind] = {
    **_BRANCH,
    "first": listed(number),
    "checkpoints": listed(
        fields(
            step=count,
            epoch=count,
            cursor=count,
            updates=count,
            edits=count,
            parameters=listed(number),
            grads=listed(number),
            previous=listed(number),
            moments=listed(listed(number)),
        )
    ),
    "loss": packed,
    "accuracy": packed,
    "epochs": listed(count),
    "tests": listed(row(count, number, maybe(number))),
    "ghost": maybe(packed),
}
"""Of format 2."""

LATER: Mapping[str, Kind] = {"stops": listed(row(count, count, text)), "begun": text}
"""Of format 2 too; its oldest files have not these."""


def look_at_session(saved: Mapping[str, Any], branch_kinds: Mapping[str, Kind]) -> None:
    """See that every field of a session is of its kind.

    Raises:
        SavedError: one is not.
    """
    look(saved, SESSION)
    if not saved["forks"]:
        raise SavedError("it has no run")
    for branch in saved["forks"]:
        look(branch, branch_kinds)
    names = [branch["name"] for branch in saved["forks"]]
    if len(set(names)) < len(names) or not {saved["current"], *(b["parent"] for b in saved["forks"])} <= {None, *names}:
        raise SavedError("its forks are not what a session saves")


def look(saved: Mapping[str, Any], kinds: Mapping[str, Kind]) -> None:
    """See that fields are there, and each of its kind.

    Raises:
        SavedError: one is not; it names it.
    """
    for name, kind in kinds.items():
        if name not in saved or not kind(saved[name]):
            raise SavedError(f"its {name} is not what a session saves")


def ascending(values: Sequence[Any], name: str, *, strictly: bool = True) -> None:
    """See that values are in order.

    Raises:
        SavedError: they are not; it names them.
    """
    if any(a > b or (strictly and a == b) for a, b in pairwise(values)):
        raise SavedError(f"its {name} are not in order")
