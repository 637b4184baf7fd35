"""How a table's text is cut into records and cells. Reads its beginning; must not know columns or what they mean."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple, Protocol

_DELIMITERS = "\t;|, "
"""Those that are rarely within a cell go first: where two of them cut equally well, the other one is."""

_SAMPLE_RECORDS = 200
_LEAST_SHARE = 0.75
"""Of the sample's records, those that have to be cut into equally many cells."""

_SEPARATOR = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[+\-\u2212]?[0-9]{1,3}(?:\.[0-9]{3})*,[0-9]+|[+\-\u2212]?[0-9]*,[0-9]+")
_DECIMAL_POINT = re.compile(r"[+\-\u2212]?[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?")
_THOUSANDS = re.compile(r"[+\-\u2212]?[0-9]{1,3}(?:\.[0-9]{3})+")


class Reader(Protocol):
    """Reads records of cells from lines, as `csv.reader` does."""

    @property
    def line_num(self) -> int:
        """How many lines it has read."""
        ...

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


class Dialect(NamedTuple):
    """The conventions of one file."""

    delimiter: str
    """One character; a space stands for any white space. Empty where the file is no text."""
    decimal: str
    """`.` or `,`."""
    comments: bool
    """Lines that begin with # are no records."""
    separator_line: bool
    """The first line names the delimiter: `sep=;`."""

    def lines(self, lines: Iterable[str]) -> Iterable[str]:
        """The lines as records are made of them: those that belong to none are blank, so that the others keep their
        numbers.
        """
        if self.separator_line:
            lines = chain(["\n"], islice(lines, 1, None))
        if self.comments:
            lines = _without_comments(lines)
        if self.delimiter == " ":
            return (line.replace("\t", " ").strip() + "\n" for line in lines)
        return lines

    def cells(self, lines: Iterable[str]) -> Reader:
        """The cells of each record, as they are written, of lines that records are made of; of a blank line none, or an
        empty one.

        Raises:
            csv.Error: quotation marks are not balanced.
        """
        return csv.reader(lines, delimiter=self.delimiter, strict=True, skipinitialspace=True)

    @property
    def words(self) -> str:
        """As a report says it."""
        name = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas", " ": "spaces"}
        return name.get(self.delimiter, f"'{self.delimiter}'") + (", decimal commas" if self.decimal == "," else "")


def dialect_of(sample: str) -> Dialect:
    """The dialect of a table that begins with `sample`, whole lines of it."""
    lines = _lines(sample)
    named = _SEPARATOR.fullmatch(lines[0]) if lines else None
    if named:
        lines = lines[1:]
    texts = [line for line in lines if line.strip()]
    comments = 0 < sum(line.startswith("#") for line in texts) <= len(texts) / 2
    delimiter = named[1] if named else _delimiter(lines, comments)
    dialect = Dialect(delimiter, ".", comments, named is not None)
    return dialect._replace(decimal=_decimal(dialect, sample))


def commented_header(sample: str, dialect: Dialect) -> list[str] | None:
    """The cells of the comment right above the first record, as `numpy.savetxt` writes names; None where there is no
    such.
    """
    above = None
    for line in _lines(sample):
        if line.startswith("#"):
            above = line
        elif line.strip() and not _SEPARATOR.fullmatch(line):
            break
    if above is None or not dialect.comments:
        return None
    plain = dialect._replace(comments=False, separator_line=False)
    try:
        return next(plain.cells([above.lstrip("#").strip() + "\n"]), None)
    except csv.Error:  # a comment may have one quotation mark
        return None


def _lines(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))


def _without_comments(lines: Iterable[str]) -> Iterator[str]:
    """The lines, those blank that begin with #, unless that is within a quoted cell."""
    quoted = False
    for line in lines:
        if line.startswith("#") and not quoted:
            yield "\n"
            continue
        if '"' in line and line.count('"') % 2:
            quoted = not quoted
        yield line


def _records(dialect: Dialect, lines: Iterable[str]) -> Iterator[list[str]]:
    """The first records that are not blank."""
    return islice(filter(any, dialect.cells(dialect.lines(lines))), _SAMPLE_RECORDS)


class _Cut(NamedTuple):
    """How well a delimiter cuts a sample; the larger, the better."""

    sound: bool
    """The rules of quoting hold, but for a cell in which the sample ends."""
    share: float
    """Of the records, those that are as wide as most; 0 where most are of one cell, or too few agree."""
    quotes: int
    """Less one for each cell with quotation marks: a wrong delimiter cuts through quoted cells."""


def _delimiter(lines: list[str], comments: bool) -> str:
    """The one that cuts most records into equally many cells, more than one."""
    cuts = {delimiter: _cut(Dialect(delimiter, ".", comments, False), lines) for delimiter in _DELIMITERS}
    best = max(cuts, key=cuts.__getitem__)
    return best if cuts[best].share else max(cuts, key=lambda delimiter: (cuts[delimiter].share, delimiter == ","))


def _cut(dialect: Dialect, lines: list[str]) -> _Cut:
    widths: Counter[int] = Counter()
    sound, records, quotes = True, 0, 0
    try:
        for cells in _records(dialect, lines):
            records += 1
            widths[len(cells)] += 1
            if not cells[-1].strip():  # a delimiter at the end of a line is often not a cell more
                widths[len(cells) - 1] += 1
            quotes -= sum('"' in cell for cell in cells)
    except csv.Error as error:
        sound = "end of data" in str(error)
    if not widths:
        return _Cut(sound, 0.0, quotes)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    share = count / records
    return _Cut(sound, share if width > 1 and share >= _LEAST_SHARE else 0.0, quotes)


def _decimal(dialect: Dialect, sample: str) -> str:
    """Whether numbers have decimal points or commas: commas where some have them and none has a point."""
    if dialect.delimiter == ",":
        return "."
    commas = False
    try:
        for cells in _records(dialect, _lines(sample)):
            for cell in map(str.strip, cells):
                if _DECIMAL_COMMA.fullmatch(cell):
                    commas = True
                elif _DECIMAL_POINT.fullmatch(cell) and not _THOUSANDS.fullmatch(cell):
                    return "."
    except csv.Error:
        pass
    return "," if commas else "."
