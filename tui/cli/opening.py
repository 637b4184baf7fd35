"""Opens the app on what the command line names. Must not know how the command line is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .guards import require_terminal

if TYPE_CHECKING:
    from chainstep.engine.training.session import Session

    from ..files.subjects import Source


def open_app(what: str = "lecture", target: str | None = None, overrides: Mapping[str, object] | None = None) -> int:
    """Open the app on an example or a CSV file, with some knobs set; returns the exit status.

    Raises:
        DataError: there is no such example or file, or its data cannot be used.
        SettingsError: a knob cannot be set so, or the knobs do not go together.
        NoTerminalError: the app cannot be shown here.
    """
    from ..files.subjects import open_subject  # the help of commands, which may open the app, does without

    session, source = open_subject(what, target, overrides)
    return show(session, source, f"chainstep train {source.arguments}")


def show(session: Session, source: Source, instead: str) -> int:
    """Show a session in the app; returns the exit status. `instead` is what to type where there is no terminal.

    Raises:
        NoTerminalError: the app cannot be shown here.
    """
    require_terminal(instead)
    from ..app import run_app  # what is no terminal need not wait for it

    return run_app(session, source)
