"""The app on terminals of few colours and of none, as they show it: text, colours, and what stands in for them. Must
not know how colours are chosen.

`pytest tests/tui/pictures/test_colour_modes.py --snapshot-update` draws them anew. Whoever does so looks at the result.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import count
from string import ascii_letters, digits
from typing import NamedTuple

import pytest
from syrupy.assertion import SnapshotAssertion

from chainstep.tui.files.coached import remember
from support.screen.emulator import Cell
from support.screen.processes import forked, fresh
from support.screen.terminal import ENTER, RIGHT, Terminal

SGR = re.compile(rb"\x1b\[([0-9;]*)m")
EXTENDED = {38, 48}
ATTRIBUTES = {0, 1, 2, 4, 7, 22, 24, 27}
SIXTEEN = {*range(30, 38), 39, *range(40, 48), 49, *range(90, 98), *range(100, 108)}
LETTERS = ascii_letters + digits + "".join(map(chr, range(0xC0, 0x180)))


class Mode(NamedTuple):
    """A terminal."""

    environment: dict[str, str]
    codes: set[int]
    """What it may be told about style; those of EXTENDED with a number of the 256 behind them."""
    keys: str = ""


ASCII = {"LC_ALL": "C"}

MODES = {
    "256": Mode({}, ATTRIBUTES | EXTENDED),
    "16": Mode({"TERM": "xterm"}, ATTRIBUTES | SIXTEEN),
    "16-light": Mode({"TERM": "xterm"}, ATTRIBUTES | SIXTEEN, "t"),
    "no-color": Mode({"NO_COLOR": "1"}, ATTRIBUTES),
    "ascii": Mode(ASCII, ATTRIBUTES | EXTENDED),
}

SCENES = {
    "lecture": (
        (ENTER, "loss   op 0/"),
        (ENTER, "zero_grad   op 0/"),
        (ENTER, "backward   op 0/"),
        *((RIGHT, f"op {op}/303") for op in range(1, 13)),
    ),
    "moons": (("]" * 5 + RIGHT, "step 1 "), (RIGHT, "step 2 "), (RIGHT, "step 3 ")),
}
"""Keys, and what is then seen: what the panes show of what was passed on the way depends on how fast it went by."""

SIGNS = {"lecture": ("●◆", "@%"), "moons": ("■□", "#=")}
"""What stands for a positive and for a negative number, be there colours or none; and the same in ASCII."""


@pytest.mark.parametrize("example", SCENES)
@pytest.mark.parametrize("name", MODES)
def test_the_train_screen(name: str, example: str, snapshot: SnapshotAssertion) -> None:
    mode = MODES[name]
    remember()  # the coach would stand where the curve is
    start = fresh if mode.environment is ASCII else forked
    program = [sys.executable, "-m", "chainstep.tui", example]
    with Terminal(program, size=(120, 36), env=mode.environment, start=start) as terminal:
        terminal.read_until("? help")
        terminal.send(mode.keys)
        for keys, seen in SCENES[example]:
            terminal.send(keys)
            terminal.read_until(seen)
        while terminal.listen(0.2):
            pass
        cells = terminal.cells()
        terminal.send("b")
        terminal.read_until("where or when to stop")
        legible(terminal.cells())
        written = bytes(terminal.output)
    legible(cells)
    assert {code for code, _ in styles(written)} <= mode.codes
    assert {kind for code, kind in styles(written) if code in EXTENDED} <= {5}
    if mode.environment.keys() & ASCII:
        assert written.isascii()
    shapes = SIGNS[example][name == "ascii"]
    assert all(any(cell.text == shape for row in cells for cell in row) for shape in shapes)
    assert drawn(cells) == snapshot


def legible(cells: list[list[Cell]]) -> None:
    """No text has the colour of its ground."""
    hidden = [cell for row in cells for cell in row if cell.text.isalnum() and cell.ink == cell.ground != "default"]
    assert hidden == []


def styles(written: bytes) -> Iterator[tuple[int, int]]:
    """Every code of a style that was sent; for 38 and 48 with what follows, 2 for a triplet and 5 for a number."""
    for found in SGR.finditer(written):
        codes = [int(code or 0) for code in found.group(1).split(b";")]
        while codes:
            code = codes.pop(0)
            kind = codes.pop(0) if code in EXTENDED else 0
            del codes[: {2: 3, 5: 1}.get(kind, 0)]
            yield code, kind


def drawn(cells: list[list[Cell]]) -> str:
    """The rows, then a letter for the style of each cell that is not blank, then what the letters stand for."""
    numbers = count()
    letters: dict[str, str] = {}
    rows = []
    for row in cells:
        marks = ""
        for cell in row:
            blank = not cell.text.strip() and not cell.reverse
            if not blank and cell.look not in letters:
                letters[cell.look] = LETTERS[next(numbers)]
            marks += " " if blank else letters[cell.look]
        rows.append(marks.rstrip())
    text = ["".join(cell.text for cell in row).rstrip() for row in cells]
    return "\n".join([*text, "", *rows, "", *(f"{letter} {look}" for look, letter in letters.items())])
