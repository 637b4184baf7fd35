"""`python -m tests.long` lists the long runs, with a NAME it carries one out. Must not know what they do."""

from __future__ import annotations

import argparse
import difflib
import random
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

TESTS = Path(__file__).parents[1]

# Not the checkout itself: its folders `datasets` and `engine` are other people's names.
sys.path[:] = [str(TESTS), *(entry for entry in sys.path if Path(entry or ".").resolve() != TESTS.parent)]

from support.cases import CaseError  # noqa: E402

from .catalogue import RUNS  # noqa: E402
from .registry import LongRun  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 1 where something failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.long", description="Try thousands of cases, from a seed.")
    parser.add_argument("name", nargs="?", help="which long run; without it they are listed")
    parser.add_argument("--seed", type=int, metavar="N", help="the same cases as another time (default: others)")
    parser.add_argument("--count", type=int, metavar="N", help="how many (default: as many as are listed)")
    asked = parser.parse_args(arguments)
    if asked.name is None:
        width = max(map(len, RUNS))
        for name, run in RUNS.items():
            _say(f"{name:<{width}}  {run.count:>6,}  {run.title}")
        return 0
    if asked.name not in RUNS:
        close = difflib.get_close_matches(asked.name, RUNS, n=1)
        hint = f"did you mean {close[0]}?" if close else "python -m tests.long lists them"
        sys.stderr.write(f"there is no long run called {asked.name!r}: {hint}\n")
        return 2
    run = RUNS[asked.name]
    seed = random.randrange(1_000_000) if asked.seed is None else asked.seed
    return _carry_out(asked.name, run, run.count if asked.count is None else asked.count, seed)


def _carry_out(name: str, run: LongRun, count: int, seed: int) -> int:
    cases = f"{count:,} case{'s' * (count != 1)}"
    _say(f"{name}: {cases}, seed {seed}")
    folder = Path(tempfile.mkdtemp(prefix=f"chainstep-{name}-"))
    began = time.monotonic()
    try:
        counted = run.check(folder, count, seed)
    except Exception as error:
        traceback.print_exc()
        again = (error.seed, 1) if isinstance(error, CaseError) else (seed, count)
        _say(f"{name}: failed, and left in {folder} what it was at")
        _say("again: python -m tests.long {} --seed {} --count {}".format(name, *again))
        return 1
    shutil.rmtree(folder)
    found = "" if counted is None else f", {counted}"
    _say(f"{name}: {cases}{found}, seed {seed}, {time.monotonic() - began:.0f} s")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
