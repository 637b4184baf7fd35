"""A session as the records of its file, and back. Knows the engine's archive; must not know files, or when is saved."""

from __future__ import annotations

import json
from collections.abc import Mapping

from chainstep.engine.training import archive
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.data import Formula, TrainingData

from .store.format import Summary
from .subjects import Source

_PIECE = 32 * 2**20
"""Bytes of a record, at most."""


class Recording:
    """A session's records, as they change."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._pieces = 0

    def changes(self) -> tuple[dict[str, bytes], list[str]]:
        """What is new since the last time: records by key, and the keys of those that go."""
        text = json.dumps(archive.save(self._session)).encode()
        records = {f"session/{at // _PIECE:03}": text[at : at + _PIECE] for at in range(0, len(text), _PIECE)}
        gone = [f"session/{number:03}" for number in range(len(records), self._pieces)]
        self._pieces = len(records)
        return records, gone


def summary(session: Session, source: Source) -> Summary:
    """What a list of runs says about a session."""
    return Summary(source.title, json.dumps(source.to_json()), session.step, session.loss)


def restore(subject: TrainingData | Formula, records: Mapping[str, bytes]) -> Session:
    """The session of all its records, on the same subject.

    Raises:
        ArchiveError: they are no session's, or not one of this subject.
    """
    try:
        saved = json.loads(b"".join(records[key] for key in sorted(records)))
    except (ValueError, RecursionError):
        raise archive.ArchiveError("the saved session cannot be read") from None
    return archive.load(subject, saved)
