"""The palette of themes, found by their names. Must not know which there are. Knows what is private to
Textual 8.2.8, which is pinned: how its palette hands a key on to its list.
"""

from __future__ import annotations

from textual.command import CommandList, CommandPalette
from textual.theme import ThemeProvider

from ..base.once import ClosedOnce
from ..base.options import laid_out


class Palette(ClosedOnce, CommandPalette):
    """Textual's, with a list whose pages can be turned at any moment and size."""

    @classmethod
    def of_themes(cls) -> Palette:
        """Of all themes."""
        return cls([ThemeProvider], placeholder="Search for themes…")

    def _action_command_list(self, action: str) -> None:
        if laid_out(self.query_one(CommandList)) or not action.startswith("page"):
            super()._action_command_list(action)
