"""When followers are told what is new: soon where it stands still, about once a second while it plays. Must not know
what they are told.
"""

from __future__ import annotations

STEP = 0.03
"""Seconds between two words on steps: keys that are held come faster."""

SOONEST = 0.7
"""Seconds between two states while it plays, if one has few numbers of its own."""

LATEST = 0.9
"""Seconds after which one is told whatever it has."""

FEW = 0.06
"""Part of a stretch whose numbers are few."""


class Pace:
    """The clock is the caller's: seconds of any beginning."""

    def __init__(self) -> None:
        self._told = -LATEST
        self._running = False

    def due(self, now: float, *, running: bool, odd: float) -> bool:
        """Whether it is time; `odd` is the part of a stretch whose numbers would be told one by one."""
        age = now - self._told
        if not running:
            return self._running or age >= STEP
        return self._running is False or age >= (SOONEST if odd <= FEW else LATEST)

    def wait(self, now: float, *, running: bool) -> float:
        """Seconds until it is time at the latest."""
        return max(0.0, self._told + (LATEST if running else STEP) - now)

    def told(self, now: float, *, running: bool) -> None:
        """They were told."""
        self._told, self._running = now, running
