"""What a class has loaded before anybody comes, and what a session in it carries out. Knows the app; must not know how
it got its terminal.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import os
import pkgutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ...app import ChainstepApp
from ...classroom.serving import packing
from ...classroom.serving.scout import scout
from ...files.saving import Saver
from ...files.subjects.opening import open_subject
from ...native import preferred, wanted
from ...playback.shared import turns
from ...terminal import process, signals
from .stylesheets import keep_rules

if TYPE_CHECKING:
    from ...classroom.serving.line import Line
    from ...classroom.serving.seats import Seat
    from ..statuses import Main

_PACKAGES = ("chainstep.tui", "plotext")

_NOT = (".__main__", ".against.of_")
"""Parts of the names of modules that are programs, or load somebody else's library."""

_KEYS = (("right", "\x1b[C"), ("left", "\x1b[D"), ("enter", "\r"), ("down", "\x1b[B"), ("]", "]"), ("right", "\x1b[C"))
"""What is pressed to try it, by Textual's names and as a terminal sends it."""

_SIZE = 120, 36


def load(main: Main) -> None:
    """Load everything that a session of `main` may ask for, and rehearse: what is looked up and remembered on the way
    to the first pictures is there for all then, in the same memory. What a scout finds to be run is laid out anew, and
    rehearsed again, for Python writes into code how it went.
    """
    keep_rules()
    gc.enable()  # what is rubbish by then would stay
    for name in _modules():
        with suppress(ImportError):  # an extra that is not installed
            importlib.import_module(name)
    asyncio.run(_rehearse())
    run = set[int]()
    with suppress(OSError), TemporaryDirectory() as state:  # without it, or a terminal, sessions take more memory
        run = scout(partial(_show, main, state), [*(sent.encode() for _, sent in _KEYS), b"q"], _SIZE)
    packing.pack(run)
    asyncio.run(_rehearse())


def _modules() -> Iterator[str]:
    for name in _PACKAGES:
        package = importlib.import_module(name)
        found = pkgutil.walk_packages(package.__path__, f"{name}.", onerror=lambda _: None)
        yield from (module.name for module in found if not any(part in module.name for part in _NOT))


def _show(main: Main, state: str) -> None:
    """All that a session does, in a process of its own that keeps its runs there."""
    os.environ.update(TERM="xterm-256color", CHAINSTEP_STATE=state)
    process.loaded.set(True)
    main(["lecture", "--steps", "100"])


def _die(number: int) -> None:
    """A signal ends the class, not the rehearsal alone."""
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


async def _rehearse() -> None:
    """The app without what a process does but once: a thread, and a look at what is kept of its user."""
    process.loaded.set(True)
    session, source = open_subject("lecture")
    # A subclass would have style sheets of its own.
    app = ChainstepApp(session, source)
    app.begin_behind = lambda: None  # type: ignore[method-assign]
    app.train.leads = lambda: True
    app.end = _die  # type: ignore[method-assign]
    app.saver = Saver(session, source, lambda _: None, kept=False)
    async with app.run_test(size=_SIZE, tooltips=True) as pilot:
        for key, _ in _KEYS:
            await pilot.press(key)


def carry(main: Main, words: list[str], line: Line, seat: Seat) -> int:
    """Carry out the words of a session by `main`, in a process of its own; returns the status.

    It plays in Python: machine code would take more memory than all the rest. Where CHAINSTEP_ENGINE is set, for it or
    for the class, it plays in what that says.
    """
    process.read_environment_again()
    preferred.set(_OF_CLASS)
    signals.holder.set(line)
    process.on_screen.set(seat.appear)
    process.loaded.set(True)
    turns.share.set(seat)
    return main(words)


_OF_CLASS = wanted() or "python"
"""The engine that plays where whoever joins does not name one."""
