"""What somebody chooses for a table where it could be guessed otherwise. Must not know the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from ..dataset import DataError
from .kinds import Kind

Task = Literal["classes", "quantity"]
Missing = Literal["drop", "fill"]


@dataclass(frozen=True)
class Choices:
    """All that may be chosen; what is left empty is found out."""

    drop: tuple[str, ...] = ()
    """Columns to leave out."""
    only: tuple[str, ...] = ()
    """The columns to learn from, all others being left out; empty for all that can be."""
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    """What columns are to be taken for."""
    task: Task | None = None
    """Whether the target's values are classes, or a quantity."""
    missing: Missing | None = None
    """Whether rows with a gap are left out, or gaps filled with the training part's median, and told by a feature."""
    header: bool | None = None
    """Whether the first row has the columns' names."""
    scaled: bool = True
    """A quantity to predict is put in units of its spread."""
    exact: bool = False
    """Spreads of very many numbers are summed as runs have them that do not say so: to the last bit."""

    def to_json(self) -> dict[str, object]:
        """As a JSON object."""
        return {**asdict(self), "drop": list(self.drop), "only": list(self.only)}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Choices:
        """The choices of `to_json`.

        Raises:
            DataError: the record has none.
        """
        try:
            names = {name: tuple(record[name]) for name in ("drop", "only")}
            choices = cls(**{"exact": True, **record, **names, "kinds": dict(record["kinds"])})
            sound = all(isinstance(name, str) for name in (*choices.drop, *choices.only, *choices.kinds))
            sound = sound and {*choices.kinds.values()} <= {*get_args(Kind)}
            sound = sound and choices.task in (None, *get_args(Task)) and choices.missing in (None, *get_args(Missing))
            sound = (
                sound
                and choices.header in (None, True, False)
                and choices.scaled in (True, False)
                and choices.exact in (True, False)
            )
        except (KeyError, TypeError, ValueError):
            sound = False
        if not sound:
            raise DataError("it does not say how its table was read")
        return choices
