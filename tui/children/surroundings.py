"""The environment variables that a child gets: ours, but windows and plots are swallowed, and nothing waits for a key.
Knows names of variables; must not know what runs with them.
"""

from __future__ import annotations

from collections.abc import Mapping

_SET = {
    "MPLBACKEND": "Agg",
    "PLOTLY_RENDERER": "json",
    "QT_QPA_PLATFORM": "offscreen",
    "SDL_VIDEODRIVER": "dummy",
    "SDL_AUDIODRIVER": "dummy",
    "BROWSER": "true",  # the command that does nothing
    "TERM": "dumb",
    "PYTHONBREAKPOINT": "0",
    # What was printed before a child was killed is to be seen, and in one encoding.
    "PYTHONUNBUFFERED": "1",
    "PYTHONIOENCODING": "utf-8:backslashreplace",
}
_UNSET = ("DISPLAY", "WAYLAND_DISPLAY", "PYTHONINSPECT", "PYTHONSTARTUP", "COLUMNS", "LINES", "FORCE_COLOR")


def surroundings(ours: Mapping[str, str]) -> dict[str, str]:
    """The variables of a child whose parent has `ours`."""
    return {name: value for name, value in ours.items() if name not in _UNSET} | _SET
