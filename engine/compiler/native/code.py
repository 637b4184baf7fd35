"""A function of LLVM's language, written line by line. Knows its grammar; must not know what is computed."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager

LANES = 8
"""Numbers in a vector. Where a machine has narrower ones, LLVM takes several."""

VECTOR = f"<{LANES} x double>"


def number(value: float) -> str:
    """A double as LLVM writes it exactly: its bits."""
    return f"0x{struct.pack('>d', value).hex().upper()}"


class Function:
    """A function under construction. Values are called %v1, %v2 …; what changes has a place in memory, which LLVM turns
    into registers.
    """

    def __init__(self, head: str) -> None:
        """`head` is everything before the brace: `define double @f(double %a)`."""
        self._head = head
        self._places: list[str] = []
        self._lines: list[str] = []
        self._count = 0

    def line(self, text: str) -> None:
        """A statement without a result."""
        self._lines.append(f"  {text}")

    def remark(self, text: str) -> None:
        """A comment."""
        self._lines.append(f"  ; {text}")

    def value(self, text: str) -> str:
        """A statement's result."""
        name = self._name("v")
        self._lines.append(f"  {name} = {text}")
        return name

    def _name(self, letter: str) -> str:
        self._count += 1
        return f"%{letter}{self._count}"

    # --- numbers

    def binary(self, op: str, a: str, b: str, kind: str = "double") -> str:
        """`fadd`, `fmul`, `add` … of two values of one type."""
        return self.value(f"{op} {kind} {a}, {b}")

    def plus(self, *terms: str | int) -> str:
        """The sum of whole numbers, those that are known summed up here."""
        known = sum(term for term in terms if isinstance(term, int))
        total = ""
        for term in (term for term in terms if isinstance(term, str)):
            total = self.binary("add", total, term, "i64") if total else term
        if not total:
            return str(known)
        return self.binary("add", total, str(known), "i64") if known else total

    def times(self, a: str | int, b: str | int) -> str:
        """The product of whole numbers."""
        if isinstance(a, int) and isinstance(b, int):
            return str(a * b)
        return self.binary("mul", str(a), str(b), "i64")

    def least(self, a: str, b: str | int) -> str:
        """The smaller one of two whole numbers."""
        return self.value(f"select i1 {self.value(f'icmp slt i64 {a}, {b}')}, i64 {a}, i64 {b}")

    def spread(self, value: str, kind: str = "double", lanes: int = LANES) -> str:
        """A vector of one number."""
        vector = f"<{lanes} x {kind}>"
        lone = self.value(f"insertelement {vector} poison, {kind} {value}, i64 0")
        return self.value(f"shufflevector {vector} {lone}, {vector} poison, <{lanes} x i32> zeroinitializer")

    # --- memory

    def at(self, base: str, place: str | int, kind: str = "double") -> str:
        """The address of a number by its place behind another one."""
        return self.value(f"getelementptr {kind}, ptr {base}, i64 {place}")

    def load(self, address: str, kind: str = "double", align: int = 8) -> str:
        """The number at an address, which a number of bytes divides."""
        return self.value(f"load {kind}, ptr {address}, align {align}")

    def store(self, value: str, address: str, kind: str = "double", align: int = 8) -> None:
        """Put a number at an address, which a number of bytes divides."""
        self.line(f"store {kind} {value}, ptr {address}, align {align}")

    def variable(self, kind: str, first: str) -> str:
        """The address of a variable, which begins with a value."""
        name = self._name("m")
        self._places.append(f"  {name} = alloca {kind}")
        self.store(first, name, kind)
        return name

    # --- the way through

    @contextmanager
    def loop(self, stop: str | int, start: str | int = 0, step: int = 1) -> Iterator[str]:
        """Statements for each i from `start` up to `stop`."""
        counter = self.variable("i64", str(start))
        n = self._number()
        self.line(f"br label %head{n}")
        self._label(f"head{n}")
        i = self.load(counter, "i64")
        more = self.value(f"icmp slt i64 {i}, {stop}")
        self.line(f"br i1 {more}, label %body{n}, label %done{n}")
        self._label(f"body{n}")
        yield i
        self.store(self.plus(i, step), counter, "i64")
        self.line(f"br label %head{n}")
        self._label(f"done{n}")

    @contextmanager
    def loop_while(self, going: str) -> Iterator[None]:
        """Statements as long as a variable, an i1, is true where they begin."""
        n = self._number()
        self.line(f"br label %head{n}")
        self._label(f"head{n}")
        more = self.load(going, "i1")
        self.line(f"br i1 {more}, label %body{n}, label %done{n}")
        self._label(f"body{n}")
        yield
        self.line(f"br label %head{n}")
        self._label(f"done{n}")

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """Statements where an i1 is true."""
        n = self._number()
        self.line(f"br i1 {condition}, label %then{n}, label %after{n}")
        self._label(f"then{n}")
        yield
        self.line(f"br label %after{n}")
        self._label(f"after{n}")

    def _number(self) -> int:
        self._count += 1
        return self._count

    def _label(self, name: str) -> None:
        self._lines.append(f"{name}:")

    def text(self) -> str:
        """The whole function."""
        return "\n".join((f"{self._head} {{", "entry:", *self._places, *self._lines, "}", ""))
