"""Has a large network laid out in a thread, tells how far that is, and can leave it. Must not know what is trained."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from chainstep.engine.training.setup.laying import laid_out
from chainstep.engine.training.setup.settings import SettingsError

from ..background import Background
from .aside import aside

_PAUSE = 0.2
"""Seconds between two words of how far it is."""


class _LeftError(Exception):
    """Nobody waits for it any more."""


class Laying:
    """What is laid out now, or nothing; `say` gets how far it is, in words."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._background = Background()

    @property
    def busy(self) -> bool:
        """Whether something is laid out."""
        return self._background.busy

    def begin(self, work: Callable[[], None], then: Callable[[], object]) -> None:
        """Begin with it, in place of what is under way; `then` is called when it is there."""
        self._background.start(partial(self._wait, work), then)

    def cancel(self) -> bool:
        """Leave it; whether there was anything."""
        return self._background.cancel()

    async def _wait(self, work: Callable[[], None]) -> None:
        laid = _Laid(work)
        task = asyncio.create_task(aside(laid.lay_out))
        try:
            while not (await asyncio.wait([task], timeout=_PAUSE))[0]:
                self._say(f"laying out the network: {100 * laid.share:.0f} %; space leaves it")
        finally:
            laid.left = True  # where it is waited for no longer


class _Laid:
    """The work, in its thread."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self.share = 0.0
        self.left = False

    def _tell(self, share: float) -> None:
        if self.left:
            raise _LeftError
        self.share = share

    def lay_out(self) -> None:
        laid_out.set(self._tell)  # in the thread's own context
        with suppress(SettingsError, _LeftError):  # what cannot be is said where it is asked for
            self._work()
