"""Lays what forks will run side by side in memory: to call a function is to count a reference in its code, so the page
on which that lies becomes the fork's own. So does one with a hole that the fork puts something into: they are filled.
Must not know what is run.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Collection, Iterator
from itertools import pairwise
from types import CodeType, FunctionType

_kept: list[object] = []
"""What lay there before, and what fills holes: what a fork makes would be put into them."""

_SMALL = range(32, 513, 16)
"""Bytes of what CPython allocates from pools, each of which is for one size."""

_MOST = 50_000
"""Holes of a size that are looked for."""

_POOL = 16_384
"""Bytes of a pool, at least."""


def pack(run: Collection[int]) -> int:
    """Have all functions whose code has one of these `id`s run a copy of it: the copies are made one after the other.
    How many functions.
    """
    codes = {id(code): code for code in _codes()}
    copies: dict[CodeType, CodeType] = {}
    copied = _copier({codes[each] for each in run if each in codes}, copies)
    functions = [each for each in gc.get_objects() if type(each) is FunctionType and id(each.__code__) in run]
    for function in functions:
        function.__code__ = copied(function.__code__)
    _kept.append(copies)
    return len(functions)


def freeze() -> None:
    """What is loaded is there for good: no collector is to walk over it, which would make pages of a fork's own."""
    gc.disable()
    gc.collect()
    for size in _SMALL:
        _fill(size)
    gc.freeze()


def _fill(size: int) -> None:
    """Fill the holes of so many bytes: none is left where things come to lie one after the other."""
    row = min(64, _POOL // size // 2)
    empty = sys.getsizeof(b"")
    for _ in range(_MOST // row):
        made: list[object] = [None] * row  # as long as it will be: to grow it would take from other holes
        for place in range(row):
            made[place] = bytes(size - empty) if size > empty else complex(place, 0.0)
        _kept.append(made)
        # The first of them are where what was needed for this lay before.
        if all(after - before == size for before, after in pairwise(map(id, made[row // 2 :]))):
            return


def _codes() -> Iterator[CodeType]:
    """The code of all functions, and of those within."""
    codes = [each.__code__ for each in gc.get_objects() if type(each) is FunctionType]
    while codes:
        code = codes.pop()
        codes += [each for each in code.co_consts if isinstance(each, CodeType)]
        yield code


def _copier(run: set[CodeType], copies: dict[CodeType, CodeType]) -> Callable[[CodeType], CodeType]:
    def copied(code: CodeType) -> CodeType:
        if code not in copies:
            inner = (copied(each) if isinstance(each, CodeType) and each in run else each for each in code.co_consts)
            copies[code] = code.replace(co_consts=tuple(inner))
        return copies[code]

    return copied
