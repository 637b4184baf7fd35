"""What a terminal makes of a program's output: screen, modes, answers. Must not know processes or files."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import pyte

CONTROL = re.compile(rb"\x1b\[([<=>?]?)([0-9;:]*)([ -/]*)([@-~])")
UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*)?\Z")

ALTERNATE_SCREEN, CURSOR, SYNCHRONISED_OUTPUT = 1049, 25, 2026

# Private modes that a program switches on for itself, and what its user is left with if they stay on.
BORROWED_MODES = {
    ALTERNATE_SCREEN: "alternate screen",
    1000: "mouse",
    1002: "mouse",
    1003: "mouse",
    1006: "mouse",
    1015: "mouse",
    1004: "focus reports",
    2004: "bracketed paste",
    SYNCHRONISED_OUTPUT: "synchronised output",
    2048: "resize reports",
}


class Cell(NamedTuple):
    """A character, its colours as pyte names them, and what else sets it off."""

    text: str
    ink: str
    ground: str
    bold: bool
    underlined: bool
    reverse: bool

    @property
    def look(self) -> str:
        """The style in words."""
        marks = [name for name in ("bold", "underlined", "reverse") if getattr(self, name)]
        return " ".join([self.ink, "on", self.ground, *marks])

    @property
    def seen(self) -> Cell:
        """Without the ink of a blank, which is nothing to be seen: it depends on what stood there before."""
        return self._replace(ink="") if self.text == " " and not self.reverse and not self.underlined else self


def _cell(character: Any) -> Cell:
    return Cell(character.data, character.fg, character.bg, character.bold, character.underscore, character.reverse)


class _Screen(pyte.Screen):
    """pyte's, which tells of the rows that have changed: only those are put together anew."""

    def __init__(self, columns: int, rows: int) -> None:
        self._texts: dict[int, str] = {}
        super().__init__(columns, rows)

    def rows(self) -> list[str]:
        """Each row's text, without the blanks at its end."""
        # A combining sign at the start of a row goes to the end of the one before.
        for y in {*self.dirty, *(y - 1 for y in self.dirty)}:
            line = self.buffer[y]
            # The cell after a wide character holds nothing.
            self._texts[y] = "".join([line[x].data for x in range(self.columns)]).rstrip()
        self.dirty.clear()
        return [self._texts[y] for y in range(self.lines)]


class Emulator:
    """pyte, with what it lacks: an alternate screen, answers, and sequences that it would print as text."""

    def __init__(self, columns: int, rows: int) -> None:
        self._main = self._shown = _Screen(columns, rows)
        self._stream = pyte.ByteStream(self._shown)
        self._tail = b""
        self._modes: dict[int, bool] = {}
        self._keyboard_pushes = 0

    def screen(self) -> list[str]:
        """The rows on the screen now, without the blanks at their ends."""
        return self._shown.rows()

    def cells(self) -> list[list[Cell]]:
        """The cells on the screen now, row by row."""
        shown, width = self._shown, self._shown.columns
        return [[_cell(shown.buffer[y][x]) for x in range(width)] for y in range(shown.lines)]

    def resize(self, columns: int, rows: int) -> None:
        for screen in (self._main, self._shown):
            screen.resize(rows, columns)

    def leftovers(self) -> list[str]:
        """What the program switched on and has not switched off again."""
        left = {name for mode, name in BORROWED_MODES.items() if self._modes.get(mode, False)}
        if not self._modes.get(CURSOR, True):
            left.add("cursor")
        if self._keyboard_pushes > 0:
            left.add("keyboard protocol")
        return sorted(left)

    def take_in(self, chunk: bytes) -> bytes:
        """Shows output, which may end anywhere, and gives the answers to its queries.

        Output is shown piece by piece, so that a query finds the cursor where it was asked for.
        """
        data = self._tail + chunk
        unfinished = UNFINISHED.search(data)
        end = unfinished.start() if unfinished else len(data)
        self._tail = data[end:]
        answers = b""
        start = 0
        for control in CONTROL.finditer(data, 0, end):
            prefix, parameters, intermediates, final = control.groups()
            query = final in b"cn"
            if not (prefix or intermediates or query or b":" in parameters):
                continue  # pyte understands it.
            self._stream.feed(data[start : control.start()])
            start = control.end()
            if prefix == b"?" and final in b"hl":
                self._stream.feed(control.group())
                self._switch([int(mode) for mode in parameters.split(b";") if mode], final == b"h")
            elif prefix in (b"<", b">") and final == b"u":
                self._keyboard_pushes += 1 if prefix == b">" else -int(parameters or 1)
            else:
                answers += self._answer(b"".join(control.groups()))
        self._stream.feed(data[start:end])
        return answers

    def _switch(self, modes: list[int], on: bool) -> None:
        for mode in modes:
            self._modes[mode] = on
            if mode == ALTERNATE_SCREEN:
                self._shown = _Screen(self._main.columns, self._main.lines) if on else self._main
                self._stream = pyte.ByteStream(self._shown)

    def _answer(self, query: bytes) -> bytes:
        """Answers as an xterm does; what it does not know, it does not answer."""
        if query == b"6n":
            return b"\x1b[%d;%dR" % (self._shown.cursor.y + 1, self._shown.cursor.x + 1)
        if query in (b"c", b"0c"):
            return b"\x1b[?62;22c"
        if asked := re.fullmatch(rb"\?(\d+)\$p", query):
            known = int(asked[1]) == SYNCHRONISED_OUTPUT
            state = (1 if self._modes.get(SYNCHRONISED_OUTPUT) else 2) if known else 0
            return b"\x1b[?%b;%d$y" % (asked[1], state)
        return b""
