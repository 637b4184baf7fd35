"""Looks after the folders of runs and of kept tables while the app is open: clears up, and says what is going to be
deleted. Must not know what is open, or the screen.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .kept_tables import KeptTable
    from .store.reading import Run


class Upkeep:
    """What is done in the folders at each start."""

    def __init__(self) -> None:
        self._due: list[Run] = []
        self._tables: list[KeptTable] = []
        self.notice = ""
        """One line on what will be deleted at a next start; empty for nothing."""

    def work(self) -> None:
        """Clear up what killed processes have left, and delete what was told; in a thread: it may take a while."""
        from . import kept_tables
        from .state import run_folder, table_folder
        from .store import keeping

        now = datetime.now().astimezone()
        try:
            self._due = keeping.keep(run_folder(), now)
            self._tables = kept_tables.keep(table_folder(), run_folder(), now)
        except OSError:
            return  # whoever saves there says it
        self.notice = "; ".join(filter(None, (keeping.notice(self._due), kept_tables.notice(self._tables))))

    def told(self) -> None:
        """The user has read the notice."""
        from . import kept_tables
        from .state import run_folder, table_folder
        from .store import keeping

        now = datetime.now().astimezone()
        if self._due:
            keeping.tell(run_folder(), self._due, now)
        if self._tables:
            kept_tables.tell(table_folder(), self._tables, now)
