"""Processes that are killed while they save a run, and what must hold after each death: nothing that was said to be
saved is lost, and nothing is left lying about. Must not know what is in a session.
"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from chainstep.tui.files.store.folder import tidy
from chainstep.tui.files.store.format import SUFFIX
from chainstep.tui.files.store.reading import list_runs, read
from support.cases import every_case


def killed_at_lines(folder: Path, count: int, seed: int, *, network: bool = False) -> None:
    """Kill a process at `count` lines of the store's code, from the first to the last, one process a line."""
    options = ["--times", "7", *(["--network"] if network else [])]
    with saver(folder / "all", *options, "--die", "1000000") as whole:
        assert whole.stdout is not None
        *steps, lines = map(int, whole.stdout)
    assert steps == list(range(1, 8))
    whole_after_all(folder / "all", 7)
    chance = random.Random(seed)
    for number in range(count):
        # Evenly, so that creating and leaving have their share.
        line = 1 + int((number + chance.random()) * lines / count)
        acknowledged = _killed(folder / str(number), [*options, "--die", str(line)])
        whole_after_all(folder / str(number), acknowledged)


def killed_anywhere(folder: Path, count: int, seed: int) -> None:
    """Kill `count` processes while they save, wherever they are; raises CaseError."""

    def case(number: int) -> None:
        last = random.Random(number).randrange(1, 40)
        acknowledged = _killed(folder / str(number), [], last)
        assert acknowledged >= last
        whole_after_all(folder / str(number), acknowledged)

    every_case(count, seed, case)


def killed_again(folder: Path, count: int, seed: int) -> None:
    """Resume one run `count` times, and kill the process each time at a line of the store's code."""
    chance = random.Random(seed)
    acknowledged = 0
    for _ in range(count):
        line = chance.choice((400, 1_500)) * chance.random()
        acknowledged = max(acknowledged, _killed(folder, ["--resume", "--die", str(1 + int(line))]))
        # The next one has to do with what lies there; nobody clears up in between.
    whole_after_all(folder, acknowledged)


def _killed(folder: Path, arguments: list[str], last: int | None = None) -> int:
    """Let a process save until it is killed, by itself or after its `last` time; how often it says to have saved."""
    acknowledged = 0
    with saver(folder, *arguments) as process:
        assert process.stdout is not None
        for line in process.stdout:
            acknowledged = max(acknowledged, int(line))
            if acknowledged == last:
                process.kill()
        assert process.wait() == -9
    return acknowledged


def saver(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A process that saves a run in `folder` again and again; see `support.runs.saver`."""
    program = [sys.executable, "-m", "support.runs.saver", str(folder), *arguments]
    return subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def whole_after_all(folder: Path, acknowledged: int) -> None:
    """After a next start: one whole run, in which nothing is missing that was said to be saved, and nothing else."""
    tidy(folder)
    found = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    assert all(name.endswith(SUFFIX) for name in found), found
    listing = list_runs(folder)
    assert listing.damaged == ()
    assert len(listing.runs) == len(found) <= 1
    assert listing.runs or not acknowledged
    for run in listing.runs:
        header, records = read(run.path)
        assert header.step >= acknowledged
        assert records == saved_at(header.step)


def saved_at(step: int) -> dict[str, bytes]:
    """What `support.runs.saver` has in its file after so many hand-overs: the newest few blocks, and a session."""
    blocks = {f"block/{number}": block(number) for number in range(max(step - 4, 1), step + 1)}
    return {"session": str(step).encode(), **blocks}


def block(number: int) -> bytes:
    """Up to 30 kB that no two numbers share."""
    return random.Random(number).randbytes(number * 7919 % 30_000)
