"""`python -m tests.stories` lists the stories, with a NAME it shows one. Must not know what they tell."""

from __future__ import annotations

import argparse
import difflib
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

TESTS = Path(__file__).parents[1]

# Not the checkout itself: its folders `datasets` and `engine` are other people's names.
sys.path[:] = [str(TESTS), *(entry for entry in sys.path if Path(entry or ".").resolve() != TESTS.parent)]

from .catalogue import WATCHED  # noqa: E402
from .watching import SMALLEST, Showing, screen  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.stories", description="Watch chainstep being used.")
    parser.add_argument("name", nargs="?", help="which story; without it they are listed")
    parser.add_argument("--pace", type=float, default=4.0, metavar="SECONDS", help="time for a sentence (default: 4)")
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
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM", "dumb") == "dumb":
        return _refuse("a story is watched in a terminal; pytest tests/stories plays them without one")
    columns, rows = os.get_terminal_size()
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        return _refuse(f"a story needs a terminal of {SMALLEST[0]}x{SMALLEST[1]}, this one has {columns}x{rows}")
    # The terminal is given back on a polite kill, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CHAINSTEP_STATE"] = folder
        try:
            with screen() as out:
                Showing(out, max(asked.pace, 0.0)).play(WATCHED[asked.name])
        except KeyboardInterrupt:
            return 130
    return 0


def _refuse(why: str) -> int:
    sys.stderr.write(f"{why}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
