"""The one place that says what a kiosk allows: what commands may reach there, and how much. Must not know how that is
held.
"""

from __future__ import annotations

from chainstep.engine.records import record

from ...commands import OTHERS, SESSION

_EMPTY = 64
"""Megabytes that the app takes with hardly anything in it, when all of it is loaded."""

_WITH_LLVM = 300
"""Megabytes of which machine code leaves enough."""


@record
class Kiosk:
    """A session for one person, who is to reach nothing else."""

    who: str
    """Whose it is; empty where the account has one person."""
    steps_a_second: int | None = None
    """The most steps that it trains in a second; None for as many as it can."""
    memory: int | None = None
    """The most megabytes that its process may take; None for no limit."""
    idle: float = 0.0
    """Minutes without a key after which it is saved and left; 0 for never."""
    unattended: float = 0.0
    """Minutes without a key after which it pauses; 0 for never."""
    follows: bool = False
    """It looks on at a session that somebody shares, and comes back to it."""
    page: bool = False
    """It is shown in a browser, and comes again when its page does."""

    @property
    def allowed(self) -> frozenset[str]:
        """What its commands may reach, in the registry's words."""
        return frozenset({SESSION, OTHERS} if self.follows else {SESSION})

    @property
    def again(self) -> str:
        """What opens a run of its own again, by that run's name: there is no command line."""
        return "reloading this page ({})" if self.page and not self.follows else "o"

    @property
    def machine(self) -> bool:
        """Whether there is room for machine code: llvmlite takes some hundred megabytes."""
        return self.memory is None or self.memory >= _WITH_LLVM

    @property
    def room(self) -> int | None:
        """Bytes for what its session keeps of the way back."""
        return None if self.memory is None else max(4, min(60, (self.memory - _EMPTY) // 4)) * 2**20

    @property
    def parameters(self) -> int | None:
        """The most parameters of its network.

        Measured with Python 3.11: each takes 2.4 kB where the layers are compiled as loops, which larger networks are,
        and up to 20 kB while a smaller one's straight line is compiled.
        """
        if self.memory is None:
            return None
        return max((self.memory - _EMPTY) * 40, (self.memory - _EMPTY - 130) * 400)
