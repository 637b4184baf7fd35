"""The statuses that the program ends with, and what it raises to end. Must not know why anything goes wrong."""

from __future__ import annotations

TYPE_CHECKING = False  # as in classroom.serving.joining
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Main = Callable[[Sequence[str]], int]
    """What carries out a whole command line and returns its status."""

WRONG_GRADIENT = 1
"""A gradient check failed."""

FAILED = 1
"""A file or a stream cannot be had."""

BAD_INPUT = 2
"""What the user gave cannot be used."""

INTERRUPTED = 130
"""After ctrl+c: 128 + SIGINT, as shells have it."""

BROKEN_PIPE = 141
"""128 + SIGPIPE: what a shell reports of other programs whose reader went away."""


class UsageError(ValueError):
    """The words of the command line give no command; the message is one line."""
