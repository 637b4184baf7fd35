"""All long runs by name. Must not know what they do."""

from __future__ import annotations

from . import history, keys, lessons, properties, store, tables
from .classroom import kiosk, messages, requests
from .registry import RUNS

__all__ = ["RUNS", "history", "keys", "kiosk", "lessons", "messages", "properties", "requests", "store", "tables"]
