"""The app as a process: how it is run, and how it ends whatever its terminal does. Must not know what is shown or
saved.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from .link import LinkedApp

_SWITCH = 0.0005
"""Seconds after which one thread gives way to another: keys and frames go through threads of Textual, which would wait
for the interpreter five milliseconds at a time.
"""


def run(app: LinkedApp, complaint: Callable[[], str | None]) -> int:
    """Show an app until the user leaves; returns the exit status. A complaint is printed once the terminal is itself
    again, where there still is one.
    """
    sys.setswitchinterval(_SWITCH)
    app.run()
    if app.stuck:
        # Not by the usual way: the interpreter would want the lock of stderr, which Textual's thread holds while it
        # waits for the terminal.
        os._exit(app.return_code or 0)
    wrong = complaint()
    if wrong and os.isatty(2):
        os.write(2, f"chainstep: {wrong}\n".encode())
    return app.return_code or 0
