"""Looks after the folder of runs while the app is open: clears up, and says what is going to be deleted. Must not know
what is open, or the screen.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .store.reading import Run


class Upkeep:
    """What is done in the folder of runs at each start."""

    def __init__(self) -> None:
        self._due: list[Run] = []
        self.notice = ""
        """One line on what will be deleted at a next start; empty for nothing."""

    def work(self) -> None:
        """Clear up what killed processes have left, and delete what was told; in a thread: it may take a while."""
        from .state import run_folder
        from .store.keeping import keep, notice

        try:
            self._due = keep(run_folder(), datetime.now().astimezone())
        except OSError:
            return  # whoever saves there says it
        self.notice = notice(self._due)

    def told(self) -> None:
        """The user has read the notice."""
        from .state import run_folder
        from .store.keeping import tell

        tell(run_folder(), self._due, datetime.now().astimezone())
