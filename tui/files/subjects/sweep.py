"""Which of the saved runs are sweeps: many runs in one file. Must not know what is in one."""

from __future__ import annotations

import json

KIND = "sweep"
"""What the header of its file says."""


def is_sweep(source: str) -> bool:
    """Whether that is what a sweep's header says of its source."""
    try:
        found = json.loads(source)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("kind") == KIND
