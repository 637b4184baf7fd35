"""A process that saves a run until it has done so `--times`, or is killed: by itself at the `--die`-th line of the
store's code that it comes to, in whichever thread. With `--resume` it goes on with the newest run there is, with
`--network` its folder counts as a far one. It prints a line a hand-over that is on disk, at last the number of lines
that it came to. Must not know what is tested with it.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any
from unittest import mock

from chainstep.tui.files import store
from chainstep.tui.files.store import file as store_file
from chainstep.tui.files.store.folder import open_run, tidy
from chainstep.tui.files.store.format import Summary
from chainstep.tui.files.store.reading import list_runs
from chainstep.tui.files.store.writer import Writer
from support.runs.killed import block, saved_at

_CODE = str(Path(store.__file__).parent)


class Deadline:
    """Counts lines of the store's code, and ends the process at one of them as nothing else could."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.lines = 0

    def trace(self, frame: FrameType, event: str, _: object) -> Any:
        if not frame.f_code.co_filename.startswith(_CODE):
            return None
        if event == "line":
            self.lines += 1
            if self.lines == self.last:
                os.kill(os.getpid(), signal.SIGKILL)
        return self.trace


def main() -> None:
    """Save as the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=1_000_000_000)
    parser.add_argument("--die", type=int)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--network", action="store_true")
    arguments = parser.parse_args()
    if arguments.network:
        mock.patch.object(store_file, "is_local", return_value=False).start()
    deadline = None if arguments.die is None else Deadline(arguments.die)
    if deadline is not None:
        threading.settrace(deadline.trace)
        sys.settrace(deadline.trace)
    first, file = 1, None
    if arguments.resume:
        tidy(arguments.folder)
        for run in list_runs(arguments.folder).runs:
            contents, file, _ = open_run(arguments.folder, run.path)
            first = contents.header.step + 1
    writer = Writer(arguments.folder, file)
    for step in range(first, first + arguments.times):
        kept = saved_at(step)
        writer.put(
            {"session": kept["session"], f"block/{step}": block(step)},
            (f"block/{step - 5}",),
            summary=Summary("moons", "{}", step, 1 / step),
        )
        if not writer.flush(60):
            raise SystemExit(writer.error)
        say(step)
    if not writer.close(60):
        raise SystemExit(writer.error)
    say(0 if deadline is None else deadline.lines)


def say(number: int) -> None:
    """A line for whoever watches, at once."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
