"""Runs a script or a notebook in a child, and records it. Knows children and what hears them; must not know what shows
it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shutil import which

from chainstep.datasets.printable import printable
from chainstep.engine.records import record
from chainstep.engine.training.recorded.recording import Recording

from ..children.child import Child, messages
from ..children.task import End, Limits, Task
from .hearing import Listener, Row

LIMITS = Limits(seconds=None, total=1 << 30)
"""A script may train as long as its user lets it."""


SAID = 12
"""Lines that are said of a run, at most."""


class ScriptError(ValueError):
    """A script cannot be run; the message is one line."""


@record
class How:
    """What a script is run with, so that it can be run again."""

    arguments: tuple[str, ...] = ()
    """Its `sys.argv`, behind its own name."""
    python: str = ""
    """Another interpreter than ours; "" for ours."""

    def to_json(self) -> dict[str, object]:
        """As a JSON object."""
        return {"arguments": list(self.arguments), "python": self.python}

    @classmethod
    def from_json(cls, record: Mapping[str, object]) -> How:
        """What `to_json` gave.

        Raises:
            ScriptError: it is something else.
        """
        arguments, python = record.get("arguments", []), record.get("python", "")
        if not isinstance(arguments, list) or not isinstance(python, str):
            raise ScriptError("it is not known how this script was run")
        if not all(isinstance(each, str) for each in arguments):
            raise ScriptError("it is not known how this script was run")
        return cls(tuple(arguments), python)


@record(eq=False)
class Ran:
    """What came of a script."""

    listener: Listener
    end: End
    output: str
    """What it printed, as it came; at most the first and the last of it."""
    errors: str
    """What it printed on stderr."""

    @classmethod
    def of(cls, listener: Listener, child: Child) -> Ran:
        """What came of a script whose child has ended."""
        assert child.end is not None
        return cls(listener, child.end, child.output.text, child.errors.text)

    @property
    def recording(self) -> Recording | None:
        """What was recorded; None if nothing can be opened."""
        return self.listener.recording(self.output, self.ended)

    @property
    def ended(self) -> str:
        """How it ended, where not at its end."""
        if self.end.cause != "exit":
            at = self.listener.interrupted if self.end.cause == "stopped" else ""
            return f"{self.end.why} at {at}" if at else self.end.why
        if not self.listener.finished:
            return f"left before its end, with status {self.end.status}"
        if not self.end.status:
            return ""
        if self.listener.troubles:
            return self.listener.troubles[-1].words
        said = self.errors.strip().splitlines()[-1:]
        return ": ".join([f"left with status {self.end.status}", *(printable(line, 200) for line in said)])

    @property
    def nothing(self) -> str:
        """Why there is nothing to step through; "" where a `backward()` was read."""
        if self.listener.rows:
            return ""
        why = "its backward() cannot be read" if self.listener.unread else "no class like micrograd's called backward()"
        return f"{why}, so there is nothing to step through"


def child_of(file: Path, how: How | None = None, limits: Limits = LIMITS) -> Child:
    """A child that will run a file in its own folder.

    Raises:
        ScriptError: the file, or the interpreter, is not there.
    """
    how = how or How()
    file = file.absolute()
    if not file.is_file():
        raise ScriptError(f"{file}: {'is a folder' if file.is_dir() else 'no such file'}")
    if how.python and which(how.python) is None:
        raise ScriptError(f"{how.python}: no such interpreter")
    data = {"file": str(file), "arguments": list(how.arguments), "notebook": file.suffix == ".ipynb"}
    return Child(Task("chainstep.tui.scripts.child", data, file.parent, how.python), limits)


def run(file: Path, how: How | None = None, tell: Callable[[Row], None] = lambda row: None) -> Ran:
    """Run a file to its end, or until ctrl+c; `tell` gets each moment as it comes.

    Raises:
        ScriptError: it cannot be run.
        ChildError: the interpreter cannot be started.
    """
    child = child_of(file, how)
    listener = Listener(file.absolute())
    for message in messages(child):
        row = listener.hear(message)
        if row is not None:
            tell(row)
    return Ran.of(listener, child)


def complaints(ran: Ran, named: str) -> Sequence[str]:
    """What is to be said of a run, a line each: what it could not do, what ended it, why nothing can be opened."""
    listener = ran.listener
    said = [f"import {name}: it is not installed, chainstep's engine answers" for name in listener.stand_ins]
    said += dict.fromkeys(trouble.words for trouble in listener.troubles)
    said += listener.unread
    if ran.ended and ran.ended not in said:
        said.append(ran.ended)
    more = len(said) - SAID
    if more > 1:
        said[SAID - 1 : -1] = [f"… and {more + 1} lines more"]
    return [f"{named}: {line}" for line in said]
