"""Which variables of the environment a kiosk takes. Must not know what they are for.

An ssh client sends variables, and sshd takes those that AcceptEnv names: one that names too many must not lead to a
file or to code. So what is not known to be harmless is dropped before anybody reads it; and what Python itself has
read by then, at its own start, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

KEPT = frozenset(
    (
        *("HOME", "LOGNAME", "PATH", "PWD", "SHELL", "TZ", "USER"),
        *("LANG", "LANGUAGE", "COLORTERM", "FORCE_COLOR", "NO_COLOR", "STY", "TERM", "TERM_PROGRAM", "TMUX"),
        *("SSH_CLIENT", "SSH_CONNECTION", "SSH_TTY", "SSH_USER_AUTH"),
    )
)
"""What says who and where somebody is, and what their terminal shows."""

_OF_A_BROWSER = frozenset({"TEXTUAL_DRIVER", "TEXTUAL_FPS", "TEXTUAL_COLOR_SYSTEM", "COLUMNS", "ROWS"})
"""What textual-serve sets."""

_LOCALE = re.compile(r"LC_[A-Z]+", re.ASCII)

_HARMLESS = frozenset(
    (
        *("PYTHONCOERCECLOCALE", "PYTHONDONTWRITEBYTECODE", "PYTHONFAULTHANDLER", "PYTHONHASHSEED"),
        *("PYTHONIOENCODING", "PYTHONNOUSERSITE", "PYTHONSAFEPATH", "PYTHONUNBUFFERED", "PYTHONUTF8"),
    )
)
"""Python's own that neither write, nor run, nor look for code."""


def kept(environment: Mapping[str, str], *, browser: str) -> dict[str, str]:
    """What is left of an environment. Of Textual's drivers there may be the `browser`'s: any other would be a module of
    somebody's.
    """
    return {
        name: value
        for name, value in environment.items()
        if name in KEPT
        or name in _HARMLESS
        or _LOCALE.fullmatch(name)
        or (name in _OF_A_BROWSER and environment.get("TEXTUAL_DRIVER") == browser)
    }


def refused(environment: Mapping[str, str], *, isolated: bool) -> str:
    """The variable by which Python may have run or may write something; empty for none. One that is `isolated` takes
    none (python -I or -E).
    """
    if isolated:
        return ""
    return next((name for name in sorted(environment) if name.startswith("PYTHON") and name not in _HARMLESS), "")
