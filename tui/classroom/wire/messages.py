"""What teacher and followers say to each other beside what a session's leader tells. Must not know how it is sent.

Whatever comes is a stranger's: `from_teacher` and `from_follower` let nothing pass but what has a right kind and fields
of the right types, of which the texts can be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chainstep.engine.training.archive.saved import Kind, count, finite, flag, maybe, number, text
from chainstep.engine.training.replication.update import KINDS, ReplicaError, Update, checked

PROTOCOL = 1

LONGEST = 400
"""Characters of a text that is shown."""


def line(value: object) -> bool:
    """A text that fits into a line or two, and can be shown."""
    return text(value) and isinstance(value, str) and len(value) <= LONGEST


def _source(value: object) -> bool:
    """What a session is on, as `Source.to_json` has it; it is looked at where it is opened."""
    return isinstance(value, Mapping) and all(isinstance(name, str) for name in value)


TOLD: Mapping[str, Mapping[str, Kind]] = {
    "hello": {"protocol": count, "name": line},
    "subject": {"title": line, "source": maybe(_source)},
    "pace": {"playing": flag, "sent": count},
    "ask": {"number": count, "text": line, "target": line, "given": line},
    "reveal": {"number": count, "right": number, "words": line},
    "bye": {},
}
"""What a teacher says. A `subject` without a source is somebody's own data, which is not shown; its body is the table.
A `pace` says whether it plays, and when what comes next was so, in milliseconds of the machine's monotonic clock.
"""

ANSWERED: Mapping[str, Mapping[str, Kind]] = {
    "hello": {"protocol": count},
    "answer": {"number": count, "value": finite},
}
"""What a follower says."""


class MessageError(ValueError):
    """What came is nothing that is said here; the text is one line."""


def from_teacher(message: Update) -> Update:
    """See that a message is one of a teacher's.

    Raises:
        MessageError: it is not.
    """
    if message.kind in KINDS:
        try:
            return checked(message)
        except ReplicaError as error:
            raise MessageError(str(error)) from None
    return _checked(message, TOLD, body=message.kind == "subject")


def from_follower(message: Update) -> Update:
    """See that a message is one of a follower's.

    Raises:
        MessageError: it is not.
    """
    return _checked(message, ANSWERED)


def _checked(message: Update, known: Mapping[str, Mapping[str, Kind]], *, body: bool = False) -> Update:
    kinds: Mapping[str, Any] | None = known.get(message.kind)
    if kinds is None or message.fields.keys() != kinds.keys() or (message.body and not body):
        raise MessageError("it is nothing that is said here")
    if not all(kind(message.fields[name]) for name, kind in kinds.items()):
        raise MessageError(f"its {message.kind} is not as it is said here")
    if message.kind == "hello" and message.fields["protocol"] != PROTOCOL:
        raise MessageError("it is another version of chainstep")
    return message
