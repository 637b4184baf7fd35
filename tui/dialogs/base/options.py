"""Options: a list whose pages can be turned at any moment and size. Must not know what is listed. Knows what is private
to Textual 8.2.8, which is pinned: how an `OptionList` turns a page.
"""

from __future__ import annotations

from textual.widgets import OptionList


class Options(OptionList):
    """A list of options."""

    def _move_page(self, direction: int) -> None:
        if laid_out(self):
            super()._move_page(direction)  # type: ignore[arg-type]


def laid_out(options: OptionList) -> bool:
    """Whether its rows have places: Textual counts a page in them, and there are none before the first layout, nor
    where the terminal has no room for a single one.
    """
    return (options.highlighted or 0) in options._index_to_line
