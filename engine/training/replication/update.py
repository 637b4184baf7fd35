"""What a leader tells its followers: which kinds there are, and what each holds. Must not know sessions.

It may come from a stranger: what passes `checked` has the right types and can be shown; what must fit together is
looked at where it is taken in.

| kind | fields | numbers or records behind them |
|---|---|---|
| `whole` | the keys of the archive's records, and their lengths | the records |
| `state` | where it stands, its checkpoints, what was measured | doubles: see `State` |
| `position` | `at`: step and op | |
| `command` | a command that was carried out, and where | |
| `session` | how it steps, where it stops, where it did | |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..archive.saved import (
    Kind,
    SavedError,
    command,
    count,
    fields,
    flag,
    listed,
    look,
    maybe,
    one_of,
    row,
    text,
)
from ..step.timeline import GRANULARITIES


class Update(NamedTuple):
    """One thing that is told."""

    kind: str
    fields: Mapping[str, Any]
    """As JSON has them."""
    body: bytes = b""


class ReplicaError(ValueError):
    """What was told is nothing that a leader tells, or does not fit what was told before; the message is one line."""


_point = row(count, count)

_EDIT = row(count, count, _point, count, command)
"""Step and op before which it acts, where it was told, its number, the command."""

KINDS: Mapping[str, Mapping[str, Kind]] = {
    "whole": {"records": listed(row(text, count))},
    "state": {
        "at": _point,
        "checkpoints": listed(row(count, count, count, count, count, flag)),
        "width": lambda value: count(value) and value > 0,
        "from": count,
        "stretches": count,
        "tail": count,
        "epochs": row(count, listed(row(count, count, count))),
        "known": count,
        "edits": listed(_EDIT),
    },
    "position": {"at": _point},
    "command": {"at": _point, "command": command},
    "session": {
        "granularity": one_of(*GRANULARITIES),
        "breakpoints": listed(fields(number=count, text=text, enabled=flag, hits=count)),
        "stops": listed(row(count, count, text)),
        "stopped": maybe(text),
    },
}
"""What each kind's fields hold."""


def checked(update: Update) -> Update:
    """See that an update is of a kind, and each field of its own.

    Raises:
        ReplicaError: it is not.
    """
    kinds = KINDS.get(update.kind)
    if kinds is None or update.fields.keys() != kinds.keys():
        raise ReplicaError("this is nothing that a leader tells")
    try:
        look(update.fields, kinds)
    except SavedError:
        raise ReplicaError(f"a {update.kind} is not as a leader tells it") from None
    except (TypeError, ValueError, RecursionError):
        raise ReplicaError("this is nothing that a leader tells") from None
    return update


def records_of(update: Update) -> dict[str, bytes]:
    """The archive's records of a `whole`, by their keys.

    Raises:
        ReplicaError: what stands behind its fields is as long as no such records.
    """
    records, at = {}, 0
    for key, length in update.fields["records"]:
        records[key] = update.body[at : at + length]
        at += length
    if at != len(update.body):
        raise ReplicaError("a whole has other records than it says")
    return records
