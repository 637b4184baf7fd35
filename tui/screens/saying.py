"""Saying: what the user is told in one line, at the foot of the screen or of the dialog over it, and for how long. Must
not know what is said, nor how it is drawn.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.timer import Timer

from ..panes.watched import var
from ..render.text.status_lines import Said

STAYS = 4.0
"""Seconds that a message stays, unless a key is pressed."""

STANDS = 1.0
"""Seconds that an error stays whatever is pressed: a key that is held would wipe it away unread."""

if TYPE_CHECKING:
    _Screen = Screen[None]
else:
    _Screen = object  # Textual takes half a millisecond for each class of screens


class Saying(_Screen):
    """A screen that tells the user something, one thing at a time."""

    said: var[Said | None] = var(None)
    """What the user is being told."""

    _since = 0.0
    """When that was said."""
    _old = False
    """A key was pressed since: whatever comes next takes its place."""
    _ending: Timer | None = None

    def say(self, message: str, wrong: bool = False) -> None:
        """Tell the user something in one line. Of what comes together, what is wrong stays."""
        if self.said is not None and self.said.wrong and not wrong and not self._old:
            return
        self.said = Said(message, wrong)
        self._since, self._old = monotonic(), False
        self._end_in(STAYS)
        if self.app.screen is not self:
            self.call_later(self._say_above, self.app.screen)

    def hush(self) -> None:
        """What was said was read, or is of before: a key is pressed."""
        if self.said is None:
            return
        self._old = True
        rest = self._since + STANDS - monotonic() if self.said.wrong else 0.0
        if rest > 0:
            self._end_in(rest)
        else:
            self.unsay()

    def unsay(self) -> None:
        """Take away what is being said."""
        self._end_in(None)
        self.said = None
        self.app.screen.query("Foot").remove()

    def _end_in(self, seconds: float | None) -> None:
        if self._ending is not None:
            self._ending.stop()
        self._ending = None if seconds is None else self.set_timer(seconds, self.unsay)

    async def _say_above(self, dialog: Screen[object]) -> None:
        """Say it at the foot of a dialog that lies over this screen, too."""
        from ..dialogs.base.foot import Foot

        await dialog.query(Foot).remove()
        if self.said is not None and dialog.is_attached:
            await dialog.mount(Foot(self.said.text, wrong=self.said.wrong))
