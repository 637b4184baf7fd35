"""The one place that says what a kiosk allows: what commands may reach there, and how much. Must not know how that is
held.
"""

from __future__ import annotations

from chainstep.engine.records import record

from ...commands import SESSION


@record
class Kiosk:
    """A session for one person, who is to reach nothing else."""

    who: str
    """Whose it is; empty where the account has one person."""
    steps_a_second: int | None = None
    """The most steps that it trains in a second; None for as many as it can."""
    memory: int | None = None
    """The most megabytes that its process may take; None for no limit."""
    idle: float | None = None
    """Minutes without a key after which it is saved and left; None for never."""
    unattended: float | None = None
    """Minutes without a key after which it pauses; None for never."""

    @property
    def allowed(self) -> frozenset[str]:
        """What its commands may reach, in the registry's words."""
        return frozenset({SESSION})
