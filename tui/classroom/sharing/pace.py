"""When followers are told what is new: soon where it stands still, about once a second while it plays, and then not all
at the same time. Must not know what they are told.
"""

from __future__ import annotations

from chainstep.engine.training.replication.leader import FEW

STEP = 0.03
"""Seconds between two words on steps: keys that are held come faster."""

SOONEST = 0.82
"""Seconds between two states while it plays, if one has few numbers of its own."""

LATEST = 0.9
"""Seconds after which one is told whatever it has."""

MOST_TURNS = 8
"""Parts of those who follow that are told in turns while it plays."""

AT_ONCE = 4
"""Followers that may be told at once: each of them draws what it is told, and the machine, which is the teacher's as
well, has few processors.
"""


class Pace:
    """The clock is the caller's: seconds of any beginning."""

    def __init__(self) -> None:
        self._last = -LATEST
        self._running = False
        self.turn = 0
        """Whose turn it is."""
        self._soon, self._late = [0.0], [0.0]
        """When those of each turn are told if that is good, and when they are whatever it is."""

    @property
    def turns(self) -> int:
        """How many there are."""
        return len(self._late)

    def part(self, followers: int) -> None:
        """Have so many followers take turns; they have just been told."""
        self._begin(min(MOST_TURNS, max(1, -(-followers // AT_ONCE))))

    def due(self, now: float, *, running: bool, odd: int) -> bool:
        """Whether it is time; `odd` is how many numbers would be told one by one."""
        age = now - self._last
        if not running:
            return self._running or age >= STEP
        if not self._running:
            return True
        return age >= self._apart and now >= (self._soon if odd <= FEW else self._late)[self.turn]

    @property
    def _apart(self) -> float:
        """Seconds between two turns at least."""
        return SOONEST / (2 * self.turns)

    def wait(self, now: float, *, running: bool) -> float:
        """Seconds until it is time at the latest."""
        if not running:
            return max(0.0, self._last + STEP - now)
        return max(0.0, self._late[self.turn] - now, self._last + self._apart - now)

    def told(self, now: float, *, running: bool, all_turns: bool = True) -> None:
        """They were told: all, or those whose turn it was."""
        self._last, self._running = now, running
        if all_turns:
            self._begin(self.turns)
        else:
            self._soon[self.turn], self._late[self.turn] = now + SOONEST, now + LATEST
            self.turn = (self.turn + 1) % self.turns

    def _begin(self, turns: int) -> None:
        """All have just been told: the first come again sooner than they need to, so that they come apart."""
        self._soon = [self._last + SOONEST * (turn + 1) / turns for turn in range(turns)]
        self._late = [self._last + LATEST] * turns
        self.turn = 0
