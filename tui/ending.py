"""How the app ends: by a key, a signal, a lost terminal or a fault of its own; what is saved then, and what is said of
it. Must not know the screens.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING

from .files.saving import Saver
from .files.upkeep import Upkeep
from .playback.led.led import Led
from .terminal import process, signals
from .terminal.faults import FAULT
from .terminal.link import LinkedApp

if TYPE_CHECKING:
    _App = LinkedApp
else:
    _App = object  # Textual takes half a millisecond for each class of apps


LOADED = 2.0
"""Seconds that what loads modules behind the first frame is waited for at the end."""


class EndingApp(_App):
    """An app that saves what it trains once, whatever ends it and whatever comes together."""

    runner: Led
    saver: Saver

    def __init__(self) -> None:
        super().__init__()
        self.upkeep = Upkeep()
        self.parting = ""
        """What is said at the end besides what was saved."""
        self.leaving = False
        """Something has begun to end it."""
        self.behind: Thread | None = None
        """What loads what the first frame does without."""
        self._fault: str | None = None
        """What went wrong, and where it is reported; a part of a line."""

    def run_to_end(self) -> int:
        """Show it until the user leaves; returns the exit status."""
        status = process.run(self, self.settle)
        if self.behind is not None:
            # Python's end stops such a thread where it is. In the middle of an import it would hold a lock that Python
            # itself may want on its way out.
            self.behind.join(LOADED)
        return status

    async def action_quit(self) -> None:
        """Save, and leave."""
        if self._hand_over():
            await self.acknowledged()
            self._exit_with(0)

    def end(self, number: int) -> None:
        """Save, restore the terminal where there still is one, and tell the parent which signal it was."""
        self._hand_over()
        self._exit_with(signals.status(number))

    def _hand_over(self) -> bool:
        """Hand over what is to be saved, once, whatever ends the program; whether nothing has begun to."""
        if self.leaving:
            return False
        self.leaving = True
        self.runner.end()  # its panes will go first
        self.saver.save()
        return True

    def _exit_with(self, status: int) -> None:
        """Whoever comes first says with which status."""
        if self.return_code is None:
            self.exit(return_code=status)

    def failed(self, error: BaseException) -> None:
        """A fault of our own ends the program: keep what is known of it."""
        self.leaving = True
        if isinstance(error, MemoryError):
            self._fault = "all the memory that it may take is used up"
            return
        from .files.reports import reported

        self._fault = reported(error)

    def on_unmount(self) -> None:
        """The terminal is itself again, whatever has ended the program: nobody waits for a frame any more."""
        if self._fault is None:
            self.saver.save()
        else:
            self.saver.rescue()
        self.saver.close()

    def settle(self, say: Callable[[str], bool]) -> int:
        """Tell what was saved, and what will be deleted; gives the exit status."""
        self.on_unmount()  # where it did not come so far
        words = [words for words in (self._fault, self.saver.last_words, self.parting) if words]
        if words:
            say("; ".join(words))
        if self.upkeep.notice and say(self.upkeep.notice):
            self.upkeep.told()
        if self._fault is not None:
            return FAULT
        return (self.return_code or 0) or (0 if self.saver.close() else process.NOT_SAVED)
