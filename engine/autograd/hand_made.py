"""An op that somebody made by hand, with a chain rule of its own, as micrograd's `_backward`. Must not know Values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Never

from .ops.operation import Op


class HandMade(Op):
    """The op of one node, known by its symbol and by what adds to the gradients of its inputs."""

    @classmethod
    def of(cls, symbol: str, arity: int, backward: Callable[[], None] = lambda: None) -> HandMade:
        """One with so many inputs; without a chain rule nothing passes back, as in micrograd."""
        words = "This operation was made by hand: what it computes only its maker knows."
        made = cls(symbol, "a", (None,) * arity, symbol, (None,) * arity, words, (), words)
        made.__dict__["chain_rule"] = lambda node: backward()
        return made

    @property
    def symbol(self) -> str:
        """As its maker wrote it."""
        return self.name

    def __reduce__(self) -> Never:
        raise TypeError(f"a node made by hand cannot be copied: its chain rule, of {self.name!r}, is its own")
