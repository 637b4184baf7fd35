"""`python -m tests.stories` lists the stories, with a NAME it shows or records one. Must not know what they tell."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

TESTS = Path(__file__).parents[1]

# Not the checkout itself: its folders `datasets` and `engine` are other people's names.
sys.path[:] = [str(TESTS), *(entry for entry in sys.path if Path(entry or ".").resolve() != TESTS.parent)]

from .catalogue import WATCHED  # noqa: E402
from .script import Story  # noqa: E402
from .watching import COLOURS, SMALLEST, Showing, screen, tape, viewer  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.stories", description="Watch chainstep being used.")
    parser.add_argument("name", nargs="?", help="which story; without it they are listed")
    parser.add_argument("--pace", type=float, default=4.0, metavar="SECONDS", help="time for a sentence (default: 4)")
    parser.add_argument("--record", type=Path, metavar="OUT.cast", help="record it there (asciicast) and show nothing")
    parser.add_argument("--force", action="store_true", help="record over a file that is there")
    asked = parser.parse_args(arguments)
    if asked.name is None:
        width = max(map(len, WATCHED))
        for name, story in WATCHED.items():
            sys.stdout.write(f"{name:<{width}}  {story.title}\n")
        return 0
    if asked.name not in WATCHED:
        close = difflib.get_close_matches(asked.name, WATCHED, n=1)
        hint = f"did you mean {close[0]}?" if close else "python -m tests.stories lists them"
        return _refuse(f"there is no story called {asked.name!r}: {hint}")
    pace = max(asked.pace, 0.0)
    if asked.record is not None:
        return _record(WATCHED[asked.name], pace, asked.record, over=asked.force)
    return _show(WATCHED[asked.name], pace)


def _record(story: Story, pace: float, path: Path, *, over: bool) -> int:
    """Play a story into a file, in a terminal of its own size; gives the exit status."""
    room = story.size[0], story.size[1] + 1
    os.environ.pop("NO_COLOR", None)
    os.environ.update(COLOURS)
    try:
        with _own_state(), tape(path, room, story.title, over=over) as out:
            Showing(out, pace, lambda: room).play(story)
    except FileExistsError:
        return _refuse(f"{path} is there already; --force records over it")
    except OSError as error:
        return _refuse(f"{path}: {(error.strerror or str(error)).lower()}")
    except KeyboardInterrupt:
        return 130
    return 0


def _show(story: Story, pace: float) -> int:
    """Play a story in the viewer's terminal; gives the exit status."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM", "dumb") == "dumb":
        return _refuse("a story is watched in a terminal; pytest tests/stories plays them without one")
    columns, rows = viewer()
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        return _refuse(f"a story needs a terminal of {SMALLEST[0]}x{SMALLEST[1]}, this one has {columns}x{rows}")
    # The terminal is given back on a polite kill, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with _own_state(), screen() as out:
            Showing(out, pace, viewer, "   (ctrl+c leaves)").play(story)
    except KeyboardInterrupt:
        return 130
    return 0


@contextlib.contextmanager
def _own_state() -> Iterator[None]:
    """Runs are saved where nobody else's are."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CHAINSTEP_STATE"] = folder
        yield


def _refuse(why: str) -> int:
    sys.stderr.write(f"{why}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
