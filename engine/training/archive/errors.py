"""What is wrong with a saved session. Must not know what one looks like."""

from __future__ import annotations


class ArchiveError(ValueError):
    """The data is no saved session, or one of another subject; the message is one line."""
