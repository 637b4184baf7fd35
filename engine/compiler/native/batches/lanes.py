"""Arithmetic on whole numbers side by side, each in a lane of a vector. Must not know what they are."""

from __future__ import annotations

from ..code import Function

WIDTH = 16
"""Lanes of a vector. Where a machine has narrower ones, LLVM takes several."""


class Lanes:
    """Writes statements on vectors of words of so many bits."""

    def __init__(self, code: Function, bits: int) -> None:
        self._code, self._bits = code, bits
        self.kind = f"<{WIDTH} x i{bits}>"

    def all(self, word: int) -> str:
        """The vector of one word."""
        return f"<{', '.join(WIDTH * [f'i{self._bits} {word}'])}>"

    def do(self, op: str, *operands: str | int) -> str:
        """`op` with all its operands, from left to right: a whole number stands for the vector of it."""
        first, *others = (each if isinstance(each, str) else self.all(each) for each in operands)
        for other in others:
            first = self._code.binary(op, first, other, self.kind)
        return first

    def mixed(self, words: str, shift: int, op: str = "lshr", mask: int | None = None) -> str:
        """words ^ (words shifted & mask)."""
        moved = self.do(op, words, shift)
        return self.do("xor", words, moved if mask is None else self.do("and", moved, mask))

    def turned(self, words: str, places: int) -> str:
        """Words whose lowest bits have come to be the highest."""
        return self.do("or", self.do("lshr", words, places), self.do("shl", words, self._bits - places))

    def at(self, base: str, place: str | int) -> str:
        """The address of a vector by its place behind another one."""
        return self._code.at(base, place, self.kind)

    def load(self, base: str, place: str | int) -> str:
        """The vector at a place."""
        return self._code.load(self.at(base, place), self.kind)

    def store(self, words: str, base: str, place: str | int) -> None:
        """Put a vector at a place."""
        self._code.store(words, self.at(base, place), self.kind)

    def spread(self, number: str) -> str:
        """The lowest bits of a whole number of 64 in each lane."""
        word = number if self._bits == 64 else self._code.value(f"trunc i64 {number} to i{self._bits}")
        return self._code.spread(word, f"i{self._bits}", WIDTH)
