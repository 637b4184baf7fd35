"""What a story is: a title and acts, each with a sentence, keys, and what is then on the screen. Must not know how a
story is played, or any widget.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chainstep.engine.training.commands import Command
from chainstep.engine.training.session import Session
from chainstep.tui.cli.expressions import read_leaves
from chainstep.tui.files.subjects.opening import open_expression, open_subject
from chainstep.tui.files.subjects.script import on_recording
from chainstep.tui.render.canvas.numbers import signed
from chainstep.tui.scripts.running import run
from support.screen.terminal import Terminal

LONGEST = 78
"""Cells of a sentence: it is one line of the smallest terminal."""

CLEAR, END = "\x15", "\x1b[F"
"""Keys: empty the line of text, and to the end."""

Screen = Sequence[str]
Seen = str | Callable[[Screen], bool]
"""A text that is on the screen, or what must be true of its rows."""


@dataclass(frozen=True)
class Act:
    """Something to notice.

    Before an act is given, the story has told its twin what the keys tell the app: where the twin then stands is where
    the header must say that the app stands.
    """

    sentence: str
    """What the viewer should notice; empty where the act before goes on."""
    keys: str = ""
    shows: Sequence[Seen] = ()
    opens: Sequence[str] = ()
    """Arguments of chainstep: the app is left, and opened anew."""
    headed: bool = True
    """The header says where the app stands; else something covers it."""

    def __post_init__(self) -> None:
        assert len(self.sentence) <= LONGEST, self.sentence


Acts = Iterator[Act]


@dataclass(frozen=True)
class Story:
    """Acts in the app, opened with `arguments`."""

    name: str
    title: str
    arguments: tuple[str, ...]
    acts: Callable[[Session], Acts]
    size: tuple[int, int]
    """Columns and rows in which all that it shows has room."""

    def twin(self) -> Session:
        """The session that the app opens, without an app."""
        if self.arguments[0] == "expr":
            return open_expression(self.arguments[1], read_leaves(self.arguments[2:]))[0]
        if self.arguments[0].endswith(".py"):
            recording = run(Path(self.arguments[0])).recording
            assert recording is not None
            return on_recording(recording, self.arguments[0])[0]
        return open_subject(self.arguments[0])[0]


def story(
    title: str, *arguments: str, size: tuple[int, int] = (80, 24)
) -> Callable[[Callable[[Session], Acts]], Story]:
    """Make a story of a function that tells its twin what happens, and gives the acts."""

    def made(acts: Callable[[Session], Acts]) -> Story:
        return Story(acts.__name__, title, arguments, acts, size)

    return made


@dataclass(frozen=True)
class Missing:
    """What is awaited on the screen: true once nothing of it is missing, and says what does not come."""

    wanted: Sequence[Seen]
    header: re.Pattern[str]

    def seen(self, terminal: Terminal) -> bool:
        """Whether all of it is there."""
        return not self.among(terminal.screen())

    def among(self, screen: Screen) -> list[str]:
        """What is not there."""
        text = "\n".join(screen)
        missing = [seen for seen in self.wanted if not (seen in text if isinstance(seen, str) else seen(screen))]
        said = [repr(seen) if isinstance(seen, str) else seen.__doc__ or seen.__name__ for seen in missing]
        return said if self.header.search(screen[0]) else [f"{self.header.pattern!r} in the first row", *said]


def awaited(act: Act, twin: Session) -> Missing:
    """What the screen must show at the end of an act."""
    here = twin.snapshot(()).position
    if not act.headed:
        return Missing(act.shows, re.compile(""))
    return Missing(act.shows, re.compile(rf"step {here.step} .*\b{here.phase} +op {here.op}/{here.ops}\s*$"))


def moves(twin: Session, key: str, command: Command, count: int) -> Acts:
    """A movement several times over, each awaited: the app gives up what is under way when the next key comes."""
    for _ in range(count):
        twin.apply(command)
        yield Act("", key)


# --- what acts look for


def row(*texts: str) -> Seen:
    """One row that has all of these."""

    def seen(screen: Screen) -> bool:
        return any(all(text in line for text in texts) for line in screen)

    seen.__doc__ = f"a row with {', '.join(map(repr, texts))}"
    return seen


def gone(*texts: str) -> Seen:
    """None of these is on the screen."""

    def seen(screen: Screen) -> bool:
        return not any(text in line for line in screen for text in texts)

    seen.__doc__ = f"no {', '.join(map(repr, texts))}"
    return seen


OPEN = "escape closes"
"""The last line of a dialog: all of it has been drawn."""

CLOSED = gone("Breakpoints", "Forks", "What if it were", "Why is it", "Move along")
"""No dialog is open. A message may cover their last lines, but not their titles."""


def loss(twin: Session) -> Seen:
    """The title of the curve."""
    return f"Loss {twin.losses[-1]:#.4g} "


def parameter(twin: Session, label: str) -> Seen:
    """A parameter's row in the table: its data and its grad."""
    index = twin.labels.index(label)
    return row(f"{label} ", f" {signed(twin.parameters[index], 8)} {signed(twin.run.gradients[index], 8)} ")
