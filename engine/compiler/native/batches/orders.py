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
from .shuffling import LONGEST, SCRATCH

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
            kept, made = self._held[(epoch - self._first) * n :], array("q", [0]) * (n * more)
            self._held, self._first = kept + made if kept else made, epoch
            self._make(stop, more)
        return self._held, (epoch - self._first) * n

    def _make(self, first: int, count: int) -> None:
        """Make those of so many epochs in their places, which are the last ones."""
        at = len(self._held) - self._samples * count
        for length, group in groupby([self._text(epoch).encode() for epoch in range(first, first + count)], len):
            texts = list(group)
            make = self._alike if length <= LONGEST else self._long
            make(texts, at)
            at += self._samples * len(texts)

    def _alike(self, texts: Sequence[bytes], at: int) -> None:
        """Put those of texts of one length at a place."""
        blocks = array("B", padded(texts))
        order = address(self._held) + at * self._held.itemsize
        frame = array("q", (order, address(blocks), address(self._scratch), len(texts), len(texts[0]), self._samples))
        self._call(address(frame))

    def _long(self, texts: Sequence[bytes], at: int) -> None:
        """The same of texts that machine code has no room for."""
        for text in texts:
            order = list(range(self._samples))
            random.Random(text.decode()).shuffle(order)
            self._held[at : at + self._samples] = array("q", order)
            at += self._samples
