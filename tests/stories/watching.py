"""A story for somebody who watches: the app in their own terminal, or in a recording of one, at a human pace, with a
sentence on its last line.

Must not know what any story tells.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import sys
import termios
import tty
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from chainstep.engine.training.session import Session
from chainstep.tui.terminal.recording import Recording
from support.screen.terminal import Terminal

from .playing import Player
from .script import Act, Story, awaited

SMALLEST = (80, 24)

_KEY = re.compile(r"\x1b\[[0-9;]*[A-Za-z~]|[\s\S]")

_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]P][^\x07\x1b]*)?\Z")
"""The beginning of a sequence, at the end of a piece of output."""

_OURS = re.compile(
    r"\x1b\[(?:\?(?:25|1000|1002|1003|1004|1006|1015|1016|1049|2004|2048)[hl]|[<=>?]\d*u|\??\d*n|[>=]?\d*c|\?\d+\$p)"
)
"""What the app says to a terminal of its own: it would switch on the mouse, or be answered twice."""

_GIVEN_BACK = "\x1b[?1049l"

_ENTER, _LEAVE = b"\x1b[?1049h\x1b[?25l\x1b[2J", b"\x1b[?2026l\x1b[0m\x1b[?1049l\x1b[?25h"


Room = tuple[int, int]
"""Columns and rows."""

COLOURS = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
"""What the terminal of a recording says of itself."""


class Out(Protocol):
    """What a story is written to."""

    def write(self, data: bytes, /) -> object: ...

    def flush(self) -> object: ...


class Tape:
    """Writes to a recording."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    def write(self, data: bytes) -> None:
        self._recording.sent(data.decode())

    def flush(self) -> None:
        """All of it is there already."""


@contextlib.contextmanager
def tape(path: Path, room: Room, title: str, *, over: bool) -> Iterator[Out]:
    """A recording of a terminal that shows nothing else.

    Raises:
        OSError: the file cannot be made, or is there already.
    """
    recording = Recording(path, room, title, COLOURS, over=over)
    out, mark = Tape(recording), "interrupted"
    try:
        out.write(_ENTER)
        yield out
        out.write(_LEAVE)
        mark = ""
    finally:
        recording.close(mark)
        if recording.trouble is not None:
            raise recording.trouble


@contextlib.contextmanager
def screen() -> Iterator[Out]:
    """The viewer's terminal, given back as it was: also after ctrl+c. What is typed meanwhile is dropped."""
    keyboard, out = sys.stdin.fileno(), sys.stdout.buffer
    before = termios.tcgetattr(keyboard)
    try:
        tty.setcbreak(keyboard)
        out.write(_ENTER)
        out.flush()
        yield out
    finally:
        out.write(_LEAVE)
        out.flush()
        termios.tcsetattr(keyboard, termios.TCSAFLUSH, before)


class Window(Terminal):
    """A terminal that shows on `out` what it receives, above one line for a sentence."""

    def __init__(self, argv: Sequence[str], out: Out, sentence: str, look: Callable[[], Room]) -> None:
        self._out = out
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._left = False
        """The app has given its screen back: what it says then would stand across what it has shown."""
        self._sentence = sentence
        self._look = look
        self._room = look()
        # The app draws in the colours of the terminal that is watched in.
        colours = {name: os.environ.get(name) for name in ("TERM", "COLORTERM", "NO_COLOR")}
        super().__init__(argv, size=_size(self._room), env=colours)

    def say(self, sentence: str) -> None:
        """Show a sentence on the last line."""
        self._sentence = sentence
        self._show("")

    def _read(self, deadline: float, *, typing: bool = False) -> bool:
        before = self.received
        alive = super()._read(deadline, typing=typing)
        if self._room != self._look():
            self._room = self._look()
            self.resize(*_size(self._room))
        if self.received > before:
            self._show(self._decoder.decode(bytes(self.output[before:])))
        return alive

    def _show(self, text: str) -> None:
        """Output up to its last whole sequence, and the sentence again over what may have covered it."""
        text = self._held + text
        unfinished = _UNFINISHED.search(text)
        end = unfinished.start() if unfinished else len(text)
        self._held = text[end:]
        if self._left:
            return
        text, given_back, _ = text[:end].partition(_GIVEN_BACK)
        self._left = bool(given_back)
        columns, rows = self._room
        line = f" {self._sentence}"[: columns - 1]
        caption = f"\x1b7\x1b[{rows};1H\x1b[0;7m{line:<{columns - 1}}\x1b[0m\x1b[K\x1b8"
        self._out.write((_OURS.sub("", text) + caption).encode())
        self._out.flush()


class Showing(Player):
    """Plays slowly. What an act shows has time to come, but may be where this terminal has no room for it."""

    def __init__(self, out: Out, pace: float, room: Callable[[], Room], how: str = "") -> None:
        self._out = out
        self._pace = pace
        self._room = room
        self._how = how

    def terminal(self, argv: Sequence[str], story: Story) -> Window:
        return Window(argv, self._out, f"{story.title}{self._how}", self._room)

    def opened(self, terminal: Terminal) -> None:
        terminal.listen(self._pace)

    def announce(self, terminal: Terminal, act: Act) -> None:
        if act.sentence:
            assert isinstance(terminal, Window)
            terminal.say(act.sentence)
            terminal.listen(self._pace / 2)

    def press(self, terminal: Terminal, keys: str) -> None:
        pressed = _KEY.findall(keys)
        for key in pressed:
            terminal.send(key)
            terminal.listen(min(self._pace / 4, 2 * self._pace / len(pressed)))

    def look(self, terminal: Terminal, act: Act, twin: Session) -> None:
        with contextlib.suppress(TimeoutError):
            terminal.read_until(awaited(act, twin).seen, timeout=2)
        terminal.listen(self._pace if act.sentence or act.shows else 0.0)


def viewer() -> Room:
    """Columns and rows of the viewer's terminal."""
    columns, rows = os.get_terminal_size(sys.stdout.fileno())
    return columns, rows


def _size(room: Room) -> Room:
    """What the app gets of it: in the smallest terminal the sentence covers its last row."""
    return max(room[0], SMALLEST[0]), max(room[1] - 1, SMALLEST[1])
