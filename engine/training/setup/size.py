"""How large a network may be, and who is told how much of a large one is laid out. Must not know programs or where
settings come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from itertools import pairwise
from typing import TypeVar

from .settings import Settings, SettingsError

MAX_PARAMETERS = 250_000
"""Larger networks are refused: laying them out would fill the memory before the first step."""

T = TypeVar("T")

DRAWN, TRACED, SORTED, RECORDED = 0.1, 0.4, 0.5, 0.6
"""The share of the time that it takes to lay out a network, after which its weights are there, its ops, their order,
and the tape of a sample.
"""

laid_out: ContextVar[Callable[[float], None] | None] = ContextVar("laid_out", default=None)
"""Is told which share of a network is laid out, from 0 to 1. It stands beside all that is passed down, since programs
are made far below whoever waits for a session.
"""


def tell(share: float) -> None:
    """So much of a network is laid out."""
    told = laid_out.get()
    if told is not None:
        told(share)


def telling(pieces: Sequence[T]) -> Iterator[T]:
    """The pieces that a network's ops are put into their order by."""
    for count, piece in enumerate(pieces):
        yield piece
        tell(TRACED + (SORTED - TRACED) * (count + 1) / len(pieces))


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
