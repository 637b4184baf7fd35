"""Answers `micrograd.engine`: our Value. Must not know networks."""

from chainstep.engine import Value

__all__ = ["Value"]
