"""Tables of all kinds are read. Must not know how."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from chainstep.datasets.columns.preparation import prepare
from chainstep.datasets.dataset import DataError
from chainstep.datasets.reading.content import of_bytes
from chainstep.datasets.reading.table import Table, read_table
from chainstep.tui.cli import main
from support.cases import every_case

from .registry import long_run
from .written_tables import Written, table

_PASSES = 4
"""How often the bytes may be gone through: for their encoding, twice where they are no UTF-8, and for their cells; and
their beginning.
"""
_BY_COMMAND = 20
"""One in so many cases is opened by the command."""


@long_run(count=10_000, share=150)
def tables(folder: Path, count: int, seed: int) -> str:
    """Tables with all kinds of delimiters, quotes, gaps, numbers and faults: what was written is what is read, or it is
    refused in a line.
    """
    refused = sound = 0

    def case(number: int) -> None:
        nonlocal refused, sound
        written = table(number)
        sound += written.sound
        found = _read(written)
        if isinstance(found, str):
            assert not written.sound or sum(map(any, written.rows)) < 2, found
            refused += 1
        elif written.sound:
            _compare(written, found)
        if number % _BY_COMMAND == 0:
            _by_command(folder / "table.csv", written)

    every_case(count, seed, case)
    assert 2 * sound >= count
    return f"{sound} of them sound, {refused} refused"


def _read(written: Written) -> Table | str:
    """The table, or the line that refuses it."""
    _Counted.read_bytes = 0
    content = of_bytes(written.data)._replace(raw=lambda: _Counted(written.data))
    try:
        found = read_table(content, written.header)
    except DataError as error:
        return _line(error)
    finally:
        assert _Counted.read_bytes <= _PASSES * len(written.data)
    for target in (1, len(found.columns)):
        try:
            prepare(found, "table.csv", str(target))
        except DataError as error:
            _line(error)
    return found


def _line(error: DataError) -> str:
    message = str(error)
    assert message.isprintable()
    assert 0 < len(message) < 250
    return message


def _compare(written: Written, found: Table) -> None:
    wanted = [row for row in written.rows if any(row)]
    assert found.header.named == bool(written.names)
    if written.names:
        assert found.header.names == written.names
    assert found.rows == len(wanted)
    for column, cells in zip(found.columns, zip(*wanted, strict=True), strict=True):
        for row, cell in enumerate(cells):
            number = column.numbers[row]
            assert number == float(cell) if number == number else column.text(row) == cell.strip()


class _Counted(io.BytesIO):
    """Bytes that count how many of them are read."""

    read_bytes = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        type(self).read_bytes += len(data)
        return data


def _by_command(path: Path, written: Written) -> None:
    path.write_bytes(written.data)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(["data", str(path), "--json"])
    assert (status, err.getvalue().count("\n")) in ((0, 0), (2, 1))
    assert bool(out.getvalue()) == (status == 0)
