"""Says no where the app could not run: without a terminal. Must not know the app or what it would show."""

from __future__ import annotations

import os
import sys
from typing import TextIO

IN_A_BROWSER = "textual.drivers.web_driver:WebDriver"
"""What TEXTUAL_DRIVER says where textual-serve shows the app: keys come and the screen goes by pipes."""


class NoTerminalError(RuntimeError):
    """The app cannot be shown here; the message is one line that says what to do instead."""


def require_terminal(instead: str) -> None:
    """Check that keys can come in and a screen can go out; `instead` is what to type where they cannot.

    Raises:
        NoTerminalError: stdin or stderr is no terminal, or one that cannot place its cursor.
    """
    why = no_terminal()
    if why:
        raise NoTerminalError(f"the app needs a terminal, and {why}; without one, use `{instead}`")


def no_terminal() -> str:
    """Why keys cannot come in, or a screen cannot go out; "" where they can. A browser is as good.

    Textual draws on stderr, so stdout may be a pipe. With stdin at its end it would spin for ever.
    """
    if os.environ.get("TEXTUAL_DRIVER") == IN_A_BROWSER:
        return ""
    if not _is_terminal(sys.__stdin__):
        return "stdin is no terminal"
    if not _is_terminal(sys.__stderr__):
        return "stderr, on which the screen is drawn, is no terminal"
    kind = os.environ.get("TERM", "")
    return f"this one is TERM={kind}" if kind in ("dumb", "unknown") else ""


def _is_terminal(stream: TextIO | None) -> bool:
    # A stream is None where the descriptor was closed before Python began.
    return stream is not None and not stream.closed and stream.isatty()
