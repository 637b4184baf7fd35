"""chainstep.engine.training: what "step", "back" and "until" mean. Knows the engine; must not know the screen, files
or clocks.
"""

from .commands import Command, CommandError
from .session import Session
from .setup.data import Formula
from .setup.settings import Settings, SettingsError
from .snapshot import Snapshot

__all__ = ["Command", "CommandError", "Formula", "Session", "Settings", "SettingsError", "Snapshot"]
