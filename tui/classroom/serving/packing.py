"""Lays what forks will run side by side in memory: to call a function is to count a reference in its code, so the page
on which that lies becomes the fork's own. Must not know what is run.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType, FunctionType

_kept: list[object] = []
"""What lay there before. It has to stay: what a fork makes would be put into all those holes."""


@contextmanager
def watched() -> Iterator[set[CodeType]]:
    """Gives the code that is run meanwhile, in this thread."""
    seen: set[CodeType] = set()

    def see(frame: FrameType, event: str, of: object) -> None:
        if event == "call":
            seen.add(frame.f_code)

    sys.setprofile(see)
    try:
        yield seen
    finally:
        sys.setprofile(None)


def pack(run: set[CodeType]) -> int:
    """Have all functions of that code run a copy of it: the copies are made one after the other. How many functions."""
    copies: dict[CodeType, CodeType] = {}
    copied = _copier(run, copies)
    functions = [each for each in gc.get_objects() if type(each) is FunctionType and each.__code__ in run]
    for function in functions:
        function.__code__ = copied(function.__code__)
    _kept.append(copies)
    return len(functions)


def freeze() -> None:
    """What is loaded is there for good: no collector is to walk over it, which would make pages of a fork's own."""
    gc.disable()
    gc.collect()
    gc.freeze()


def _copier(run: set[CodeType], copies: dict[CodeType, CodeType]) -> Callable[[CodeType], CodeType]:
    def copied(code: CodeType) -> CodeType:
        if code not in copies:
            inner = (copied(each) if isinstance(each, CodeType) and each in run else each for each in code.co_consts)
            copies[code] = code.replace(co_consts=tuple(inner))
        return copies[code]

    return copied
