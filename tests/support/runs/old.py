"""Runs as they were saved in JSON. Knows their format; must not know how they are read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

OLD = Path(__file__).parents[2] / "data" / "runs"
"""One each of several kinds."""


def digested(record: dict[str, Any]) -> dict[str, Any]:
    """A record with a right digest, whatever is in it."""
    text = json.dumps([record["source"], record["session"]], sort_keys=True)
    return {**record, "digest": hashlib.sha256(text.encode()).hexdigest()}
