"""The orders of epochs, made by machine code. Knows the frame of what makes them, and how Python seeds a generator with
a text; must not know batches.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from hashlib import sha512
from itertools import groupby

from ..frame import address
from .shuffling import FIELDS, SCRATCH, WIDTH

_AHEAD = 2**14
"""Samples up to which as many epochs are made at once as go side by side: the others cost next to nothing."""


class Orders:
    """Orders of so many samples, as `random.Random(text(epoch)).shuffle` makes them.

    `call` is `@orders`: see `shuffling`. Those of the epochs that were asked for last are kept.
    """

    def __init__(self, call: Callable[[int], int], samples: int, text: Callable[[int], str]) -> None:
        self._call, self._samples, self._text = call, samples, text
        self._scratch = array("q", bytes(8 * SCRATCH))
        self._first = 0
        self._held = array("q")

    def of(self, epoch: int, count: int) -> tuple[array[int], int]:
        """An array that has the orders of `count` epochs from one on, one behind the other, and where they begin."""
        n, stop = self._samples, self._first + len(self._held) // self._samples
        if not self._first <= epoch <= stop:
            self._first, self._held, stop = epoch, array("q"), epoch
        missing = epoch + count - stop
        if missing > 0:
            more = -(-missing // WIDTH) * WIDTH if n * WIDTH <= _AHEAD else missing
            self._held = self._held[(epoch - self._first) * n :] + self._made(stop, more)
            self._first = epoch
        return self._held, (epoch - self._first) * n

    def _made(self, first: int, count: int) -> array[int]:
        texts = [self._text(epoch).encode() for epoch in range(first, first + count)]
        made = array("q")
        for length, group in groupby((text + sha512(text).digest() for text in texts), len):
            keys = list(group)
            # The number has its lowest byte first; a word is read at its end.
            seeds = array("B", b"".join(keys)[::-1] + bytes(4))
            order = array("q", bytes(8 * self._samples * len(keys)))
            fields = {"order": address(order), "keys": address(seeds), "scratch": address(self._scratch)}
            fields |= {"epochs": len(keys), "length": length, "samples": self._samples}
            frame = array("q", [fields[name] for name in FIELDS])
            self._call(address(frame))
            made.extend(order)
        return made
