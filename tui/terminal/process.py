"""The app as a process: how it is run, and how it ends whatever its terminal does. Must not know what is shown or
saved.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextvars import ContextVar

from .encoding import encoded
from .link import LinkedApp

_SWITCH = 0.0005
"""Seconds after which one thread gives way to another: keys and frames go through threads of Textual, which would wait
for the interpreter five milliseconds at a time.
"""

on_screen: ContextVar[Callable[[], None] | None] = ContextVar("on_screen", default=None)
"""Is called once the first frame is out, where somebody waits for that."""

loaded: ContextVar[bool] = ContextVar("loaded", default=False)
"""Whether all code is loaded before the app is: then the first frame need not do without what takes long to load."""

NOT_SAVED = 73
"""The exit status where a run could not be saved: sysexits.h calls it EX_CANTCREAT."""


def run(app: LinkedApp, settle: Callable[[Callable[[str], bool]], int]) -> int:
    """Show an app until the user leaves; returns the exit status.

    `settle` is called once the terminal is itself again. It gets a function that writes a line, where there still is
    somebody who reads it, and tells whether there is; it returns the status.
    """
    sys.setswitchinterval(_SWITCH)
    try:
        app.run()
    except Exception as error:
        app.failed(error)
    finally:
        status = settle(lambda line: not app.stuck and (app.is_web or os.isatty(2)) and _say(line))
    if app.stuck:
        # Not by the usual way: the interpreter would want the lock of stderr, which Textual's thread holds while it
        # waits for the terminal.
        os._exit(status)
    return status


def read_environment_again() -> None:
    """What Textual keeps of the environment from when it was imported, for a process whose terminal is another one."""
    from textual import _xterm_parser

    names = os.environ.get("LC_TERMINAL", ""), os.environ.get("TERM_PROGRAM", "")
    _xterm_parser.IS_ITERM = names[0] == "iTerm2" or names[1] == "iTerm.app"


def _say(line: str) -> bool:
    try:
        return os.write(2, encoded(f"chainstep: {line}\n")) > 0
    except OSError:  # it has hung up meanwhile
        return False
