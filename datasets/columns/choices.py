"""What somebody chooses for a table where it could be guessed otherwise. Must not know the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

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
