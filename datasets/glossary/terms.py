"""Reads the glossary: each term with what it means and its formula. Must not know who shows it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("terms.toml")


class Term(NamedTuple):
    """A term of the field, or one of this program's."""

    name: str
    meaning: str
    """A sentence or two."""
    formula: str = ""
    """What it is in symbols, where it has any."""

    @property
    def names(self) -> tuple[str, ...]:
        """Each of its names as it is looked for: in small letters."""
        return tuple(self.name.casefold().split(", "))

    def found(self, wanted: str) -> bool:
        """Whether what somebody looks for is in it; a single letter is only found as a name."""
        wanted = wanted.casefold()
        if len(wanted) == 1:
            return wanted in self.names
        return wanted in f"{self.name} {self.meaning} {self.formula}".casefold()


@cache
def glossary() -> dict[str, tuple[Term, ...]]:
    """The terms under their headings, in the order in which they are best read."""
    with FILE.open("rb") as file:
        headings = tomllib.load(file)
    return {
        heading: tuple(Term(name, *((said,) if isinstance(said, str) else said)) for name, said in terms.items())
        for heading, terms in headings.items()
    }
