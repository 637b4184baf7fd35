"""What a sweep trains: an example, a table that was read, or an expression; a session on it for each run. Must not know
which runs there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chainstep.datasets import DataError, Dataset
from chainstep.engine.records import record, replace
from chainstep.engine.training.session import Session
from chainstep.engine.training.setup.settings import KNOBS, Settings

from ..files.subjects.opening import on_table, open_expression, open_subject
from ..files.subjects.source import Source
from .spec import Knobs

Packed = tuple[dict[str, Any], Dataset | None]
"""A subject as it travels to another process: plain data, and the rows of a table, which is read once."""


@record
class Subject:
    """What was opened, and the data of a table."""

    source: Source
    data: Dataset | None = None

    @classmethod
    def of(cls, session: Session, source: Source) -> Subject:
        """The subject of a session.

        Raises:
            DataError: its runs cannot be made again from settings alone.
        """
        if source.kind not in ("example", "csv", "expression"):
            what = "a script's own numbers are replayed" if source.kind == "script" else "its weights were given"
            raise DataError(f"there is nothing to be swept: {what}")
        data = session.subject if source.kind == "csv" and isinstance(session.subject, Dataset) else None
        return cls(source, data)

    @classmethod
    def read(cls, source: Source) -> Subject:
        """The subject of a sweep that goes on.

        Raises:
            DataError: its data are not there any more, or are others.
        """
        data = source.subject()
        return cls(source, data if source.kind == "csv" and isinstance(data, Dataset) else None)

    def open(self, knobs: Knobs) -> tuple[Session, Source]:
        """A session with these knobs set: the very one that `train` has with these options.

        Raises:
            DataError, SettingsError: there can be none.
        """
        source = self.source
        if source.kind == "expression":
            return open_expression(source.expression, source.leaves, knobs)
        if source.kind == "csv" and self.data is not None:
            from chainstep.datasets.columns.choices import Choices  # no example waits for it

            choices = Choices.from_json(source.choices or {})
            session, opened = on_table(source.name, source.target, choices, self.data, knobs)
            return session, replace(opened, digest=source.digest)
        return open_subject(source.name, overrides=knobs)

    def pack(self) -> Packed:
        """As it travels to another process."""
        return self.source.to_json(), self.data

    @classmethod
    def unpack(cls, packed: Packed) -> Subject:
        """What `pack` gave."""
        source, data = packed
        return cls(Source.from_json(source), data)


def own_knobs(subject: Subject, now: Settings) -> dict[str, object]:
    """The knobs that lead from what the subject is opened with to the settings of now.

    Raises:
        DataError, SettingsError: the subject cannot be opened.
    """
    begun: dict[str, object] = {"steps": now.steps, "horizon": now.horizon}
    plain = subject.open(begun)[0].settings
    differ: Mapping[str, object] = {
        name: getattr(now, name) for name in sorted(KNOBS) if getattr(now, name) != getattr(plain, name)
    }
    return {**begun, **differ}
