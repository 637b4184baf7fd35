"""How large a network may be. Must not know programs or where settings come from."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .settings import Settings, SettingsError

MAX_PARAMETERS = 250_000
"""Larger networks are refused: laying them out would fill the memory before the first step."""


def parameters_of(sizes: Sequence[int]) -> int:
    """Of a network with so many inputs, and so many neurons in each layer: their weights, and a bias each."""
    return sum((before + 1) * behind for before, behind in pairwise(sizes))


def refuse_giant(columns: int, settings: Settings, classes: int) -> None:
    """Refuse a network that is too large to be laid out. It takes the `columns` of its data, or the settings' features.

    Raises:
        SettingsError: it is.
    """
    count = parameters_of([len(settings.features) or columns, *settings.hidden, max(classes, 1)])
    if count > MAX_PARAMETERS:
        raise SettingsError(f"about {count} parameters are too many: at most {MAX_PARAMETERS} can be stepped through")
