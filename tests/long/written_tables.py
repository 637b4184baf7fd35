"""Tables out of a seed, as all kinds of programs write them, sound or broken. Must not know how they are read."""

from __future__ import annotations

import gzip
import random
from typing import NamedTuple

WORDS = (
    "red",
    "blue",
    "Ann",
    "café",
    "yes",
    "no",
    "x y",
    'say "so"',
    "a;b",
    "c,d",
    "e|f",
    "none at all",
    "5 °C",
    "été",
)
GAPS = ("", "NA", "?", "-", "null", "nan", "N/A")
PLAIN = ("0", "1", "-3", "2.5", "1e3", "-4.25e-7", ".5", "7.", "+8", "123456789", "1e300", "0.1", "-0.0")
ODD = ("1,000", "5%", "$1.2", "\u22124", "(3)", "1_000", "0x10", "007", "1 000")
_NO_NAMES = ("1_000", "0x10", "007")
"""What would be a name over numbers, in the first row."""
_PARTS = ",;\t|"


class Written(NamedTuple):
    """A table, and the bytes that somebody wrote for it."""

    data: bytes
    names: tuple[str, ...]
    """Of the columns; none where they are not written."""
    rows: list[list[str]]
    """The cells as they are meant; numbers with a decimal point."""
    header: bool | None
    """What is claimed of the first row."""
    sound: bool
    """It follows the rules; else something in it was broken on purpose."""


def table(seed: int) -> Written:
    """A table, in three of four cases a sound one."""
    chance = random.Random(f"table {seed}")
    delimiter = chance.choice([*_PARTS, " "])
    comma = delimiter in ";\t|" and chance.random() < 0.3
    named = chance.random() < 0.6
    width, count = chance.randint(2, 6), chance.choice([2, 3, 5, 12, 40, 250])
    columns = [_column(chance, count, plain=k == 0, last=k == width - 1, comma=comma) for k in range(width)]
    rows = [list(row) for row in zip(*columns, strict=True)]
    if delimiter == " ":
        rows = [[cell.replace("\n", " ") or "NA" for cell in row] for row in rows]
    names = tuple(f"name {k}" if chance.random() < 0.2 else f"n{k}" for k in range(width)) if named else ()
    records = [list(names)] * named + rows
    lines = [_line(chance, record, delimiter, comma=comma) for record in records]
    text = _decorated(chance, lines, delimiter)
    sound = chance.random() < 0.75
    claimed = chance.choice([None, named])
    encoding = chance.choice(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"])
    if encoding == "cp1252":  # it has no true minus
        text, rows = text.replace("\u2212", "-"), [[cell.replace("\u2212", "-") for cell in row] for row in rows]
    data = text.encode(encoding)
    if not sound:
        data = _broken(chance, data)
    if chance.random() < 0.1:
        data = gzip.compress(data, 1)
        if not sound and chance.random() < 0.5:
            data = data[: chance.randrange(2, len(data))]
    return Written(data, names, rows, claimed, sound)


def _column(chance: random.Random, count: int, *, plain: bool, last: bool, comma: bool) -> list[str]:
    """Cells; the first column has plain numbers alone, and the last one no gap at its beginning."""
    numbers = [repr(chance.uniform(-1e3, 1e3)), *PLAIN] if not comma else ["1.5", "-2.25", "3", "0.125"]
    if plain:
        return ["1.5", *(chance.choice(numbers) for _ in range(count - 1))]
    odd = [] if comma else list(ODD)
    kinds = chance.choice([numbers, numbers, [*numbers, *odd], WORDS, ["0", "1"], [*WORDS, "two\nlines"]])
    gappy = chance.random() < 0.3
    cells = [chance.choice(GAPS if gappy and chance.random() < 0.2 else kinds) for _ in range(count)]
    if last or cells[0] in _NO_NAMES:
        cells[0] = kinds[0]
    return cells


def _line(chance: random.Random, record: list[str], delimiter: str, *, comma: bool) -> str:
    quoted = chance.random() < 0.1
    cells = [cell.replace(".", ",") if comma and _is_number(cell) else cell for cell in record]
    made = []
    for cell in cells:
        own = quoted or any(mark in cell for mark in '"\n\r' + (_PARTS if not comma else ";\t|"))
        own = (
            own or (delimiter == " " and " " in cell) or (comma and "," in cell and not cell.replace(",", "").isdigit())
        )
        made.append('"{}"'.format(cell.replace('"', '""')) if own else cell)
    return delimiter.join(made)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell and cell != "nan"


def _decorated(chance: random.Random, lines: list[str], delimiter: str) -> str:
    """The lines as a file, with what some programs put between and behind them."""
    if delimiter != " " and chance.random() < 0.15:
        lines = [line + delimiter for line in lines]
    made = list(lines)
    if chance.random() < 0.2:
        made.insert(0, "# made by hand once or twice a year")
        made.insert(len(made), "# that was all")
    if chance.random() < 0.2:
        made.insert(chance.randrange(1, len(made)), "")
    if delimiter in ";,|" and chance.random() < 0.1:
        made.insert(0, f"sep={delimiter}")
    end = chance.choice(["\n", "\n", "\r\n", "\r"])
    return end.join(made) + end * chance.randint(0, 2)


def _broken(chance: random.Random, data: bytes) -> bytes:
    """The bytes with something changed, taken out or put in."""
    place = chance.randrange(len(data))
    put = chance.choice(
        [b"", b'"', b",", b";", b"\n", b"\0", b"\xff", b"\x81", b"1e999", b"'", bytes([chance.randrange(256)])]
    )
    return data[:place] + put + data[place + chance.randint(0, 3) :]
