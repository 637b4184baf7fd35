"""Pictures while it plays: when the next one is due, and which of its large parts it has. Must not know who makes or
draws them.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from time import perf_counter

from chainstep.engine.training.snapshot.parts import Part

SOONEST = 0.125
"""Seconds between two pictures at least."""

LATEST = 0.25
"""Seconds after which the next one is due whatever it costs."""

SHARE = 0.055
"""Of the time between two pictures, what may go into anything but training: the drawing of them, for the most part."""

TURNS: tuple[frozenset[Part], ...] = (
    frozenset({"network", "graph"}),
    frozenset({"parameters", "test"}),
    frozenset({"curve", "slope"}),
    frozenset({"samples"}),
    frozenset({"trace"}),
)
"""Parts that are large: at full speed each picture has those of one turn only."""

FEW = 16
"""Parameters up to which no part is large."""


class Frames:
    """The pace of pictures, and whose turn it is in them."""

    def __init__(self) -> None:
        self.latest = LATEST
        """Seconds after which the next one is due whatever it costs, for this session."""
        self._begun = self._trained = 0.0
        self._wanted: tuple[Hashable, Collection[Part]] | None = None
        self._turn = 0

    @property
    def age(self) -> float:
        """Seconds since the newest picture was begun."""
        return perf_counter() - self._begun

    @property
    def due(self) -> bool:
        """Whether another picture can be afforded."""
        age = self.age
        return age >= self.latest or (age >= SOONEST and age - self._trained <= SHARE * age)

    def begin(self) -> None:
        """A picture is begun."""
        self._begun, self._trained = perf_counter(), 0.0

    def trained(self, seconds: float) -> None:
        """So much time went into training."""
        self._trained += seconds

    def parts(self, of: Hashable, wanted: frozenset[Part], parameters: int, *, running: bool, large: bool) -> set[Part]:
        """The wanted parts that a picture `of` a run has: while it is `running`, large ones take turns, and none is in
        a picture that is not to have a `large` one. Where other parts are wanted than before it has them all.
        """
        before, self._wanted = self._wanted, (of, wanted)
        if not running or self._wanted != before or parameters <= FEW:
            return set(wanted)
        turns = [turn for turn in TURNS if not turn.isdisjoint(wanted)]
        self._turn = (self._turn + large) % max(1, len(turns))
        waiting = (parts for turn, parts in enumerate(turns) if turn != self._turn or not large)
        return set(wanted.difference(*waiting))
