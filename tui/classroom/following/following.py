"""What a follower has been told, message by message: the session, what it is on, whether the teacher plays, and what is
asked. Must not know how messages come, nor how anything is shown.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chainstep.datasets import DataError
from chainstep.engine.records import record, replace
from chainstep.engine.training.commands import Movement
from chainstep.engine.training.replication.follower import Follower
from chainstep.engine.training.replication.update import KINDS, ReplicaError, Update, records_of
from chainstep.engine.training.session import Session

from ...files.subjects.source import Source
from ...files.tables.followed import keep_followed
from ..wire import messages


class FollowError(Exception):
    """What came is nothing that a teacher says, or cannot be shown here; the message is one line."""


@record
class Question:
    """What the teacher asks."""

    number: int
    text: str
    target: str
    """The number that is asked for."""
    given: str
    """The rule, and what it is used on."""
    answer: float | None = None
    """What was answered."""
    right: float | None = None
    words: str = ""
    """The rule that gives it, once it is shown."""


class Following:
    """A teacher's session, as it is told."""

    def __init__(self) -> None:
        self.name = ""
        """Whom it follows."""
        self.title = ""
        """What the teacher's session is on."""
        self.source: Source | None = None
        """What the session is on; None where it is the teacher's own data, and not shown."""
        self.session: Session | None = None
        self.playing = False
        self.question: Question | None = None
        self.left = False
        """The teacher shares no more."""
        self._core: Follower | None = None
        self._stamp = 0.0

    @property
    def withheld(self) -> bool:
        """Whether what the teacher does is not shown."""
        return bool(self.title) and self.source is None

    @property
    def age(self) -> float:
        """Seconds since the teacher's session stood as it is shown, while it plays."""
        return max(0.0, time.monotonic() - self._stamp)

    def opens(self, message: Update) -> bool:
        """Whether something is opened by a message, which may be a large table: it can be taken in in a thread."""
        return message.kind == "subject" or (message.kind in KINDS and self._core is None)

    def take(self, message: Update) -> Movement | None:
        """Take a message in; where the session is to go, before another one is taken in.

        Raises:
            FollowError: it is nothing that a teacher says, or does not fit what was said before.
        """
        try:
            messages.from_teacher(message)
            if message.kind in KINDS:
                return self._lead(message)
            self._hear(message.kind, message.fields, message.body)
        except (messages.MessageError, ReplicaError) as error:
            raise FollowError(str(error)) from None
        return None

    def _hear(self, kind: str, fields: Mapping[str, Any], body: bytes) -> None:
        match kind:
            case "hello":
                self.name = fields["name"]
            case "subject":
                self._open(fields, body)
            case "pace":
                now = time.monotonic()
                self.playing, self._stamp = fields["playing"], min(now, fields["sent"] / 1000)
            case "ask":
                if self.question is None or self.question.number != fields["number"]:
                    self.question = Question(**fields)
            case "reveal":
                asked = self.question
                if asked is not None and asked.number == fields["number"]:
                    self.question = replace(asked, right=fields["right"], words=fields["words"])
                else:
                    self.question = None  # that one is over, and what came of it was missed
            case "bye":
                self.left = True

    def answered(self, value: float) -> Update | None:
        """Answer the question, once; what is said to the teacher then."""
        asked = self.question
        if asked is None or asked.answer is not None or asked.right is not None:
            return None
        self.question = replace(asked, answer=value)
        return Update("answer", {"number": asked.number, "value": value})

    # --- the session

    def _open(self, fields: Mapping[str, Any], table: bytes) -> None:
        """Another session is shared."""
        self.title, self._core, self.source = fields["title"], None, None
        if fields["source"] is None:
            return
        with _in_words(self.title):
            source = Source.from_json(fields["source"])
            if source.kind == "csv":
                source = replace(source, name=str(keep_followed(table, source.name)))
            elif source.kind == "script":
                source = replace(source, name=f"followed {Path(source.name).name}")  # it is nobody's file here
            self.source = source

    def _lead(self, update: Update) -> Movement | None:
        if self.source is None:
            raise FollowError("the teacher has not said what it is on")
        if self._core is None:
            with _in_words(self.title):
                self._core = Follower(self.source.subject(records_of(update) if update.kind == "whole" else {}))
        way = self._core.take(update)
        self.session = self._core.session
        return way


@contextmanager
def _in_words(title: str) -> Iterator[None]:
    """Whatever is wrong with what a session is on becomes one line."""
    try:
        yield
    except (DataError, ReplicaError) as error:
        raise FollowError(f"{title}: {error}") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, LookupError):
        raise FollowError(f"{title} cannot be shown here") from None
    except (RecursionError, MemoryError):
        raise FollowError(f"{title} cannot be shown here: it is too large") from None
