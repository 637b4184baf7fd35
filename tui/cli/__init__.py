"""The command line. Knows what each command takes and prints; must not know widgets."""

from .entry import main

__all__ = ["main"]
