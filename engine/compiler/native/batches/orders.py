"""The orders of epochs, made by machine code. Knows the frame of what makes them, and how Python seeds a generator with
a text; must not know batches.
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable, Sequence
from itertools import groupby

from ..frame import address
from .hashing import padded
from .lanes import WIDTH
from .shuffling import FIELDS, LONGEST, SCRATCH

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
        made = array("q")
        for length, texts in groupby([self._text(epoch).encode() for epoch in range(first, first + count)], len):
            make = self._alike if length <= LONGEST else self._long
            made += make(list(texts))
        return made

    def _alike(self, texts: Sequence[bytes]) -> array[int]:
        """Those of texts of one length."""
        blocks = array("B", padded(texts))
        order = array("q", bytes(8 * self._samples * len(texts)))
        fields = {"order": address(order), "texts": address(blocks), "scratch": address(self._scratch)}
        fields |= {"epochs": len(texts), "length": len(texts[0]), "samples": self._samples}
        frame = array("q", [fields[name] for name in FIELDS])
        self._call(address(frame))
        return order

    def _long(self, texts: Sequence[bytes]) -> array[int]:
        """Those of texts that machine code has no room for."""
        made = array("q")
        for text in texts:
            order = list(range(self._samples))
            random.Random(text.decode()).shuffle(order)
            made.extend(order)
        return made
