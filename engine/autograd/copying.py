"""Copies and pickles what hangs together in long chains, without recursion. Must not know what hangs together.

`copy` and `pickle` go from an object to what it refers to, and so recurse as deep as a chain is long. Here the objects
behind another go before it, one by one and each after those that it refers to: none is reached by way of the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any

in_order: ContextVar[bool] = ContextVar("in_order", default=False)
"""Whether objects come one by one, each after those that it refers to: then each is copied by itself."""


def after(behind: Sequence[object], reduced: tuple[Any, ...]) -> tuple[Any, ...]:
    """What `__reduce_ex__` says of an object, and before it all `behind` it, in order."""
    make, arguments, *state = reduced
    return _made_after, (_Behind(behind), make, *arguments), *state


def _made_after(behind: object, make: Callable[..., object], *arguments: object) -> object:
    return make(*arguments)


class _Behind:
    """Objects that are copied one by one."""

    def __init__(self, objects: Sequence[object]) -> None:
        self._objects = objects

    def __reduce__(self) -> tuple[type, tuple[()], None, Iterator[object]]:
        return list, (), None, self._one_by_one()

    def _one_by_one(self) -> Iterator[object]:
        in_order.set(True)
        try:
            yield from self._objects
            yield None  # a pickler asks for one more before it is done with the last
        finally:
            in_order.set(False)
