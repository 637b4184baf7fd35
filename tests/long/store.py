"""Runs on disk: killed while they are saved, and torn afterwards. Must not know how either is done."""

from __future__ import annotations

from pathlib import Path

from support.runs import forged, killed, killed_app, torn

from .registry import long_run


@long_run(count=1_000, share=4)
def killed_at_lines(folder: Path, count: int, seed: int) -> None:
    """A process that saves is killed at lines of the store's code, from the first to the last."""
    killed.killed_at_lines(folder, count, seed)


@long_run(count=1_000, share=4)
def killed_on_a_network(folder: Path, count: int, seed: int) -> None:
    """The same where the folder is not on this machine."""
    killed.killed_at_lines(folder, count, seed, network=True)


@long_run(count=1_000, share=2)
def killed_anywhere(folder: Path, count: int, seed: int) -> None:
    """A process that saves is killed wherever it is."""
    killed.killed_anywhere(folder, count, seed)


@long_run(count=1_000, share=5)
def killed_again(folder: Path, count: int, seed: int) -> None:
    """One run is resumed, and its process killed, again and again."""
    killed.killed_again(folder / "runs", count, seed)


@long_run(count=10_000, share=150)
def torn_files(folder: Path, count: int, seed: int) -> str:
    """A run's file has bytes changed, moved and missing: it is refused in a line, or is what was written."""
    opened = torn.tear(folder, count, seed)
    assert 0 < opened < count or count < 100
    return f"{opened} could be opened"


@long_run(count=10_000, share=30)
def forged_files(folder: Path, count: int, seed: int) -> str:
    """A run's file has fields changed, with right checks: it is refused in a line, or opened and gone on with."""
    opened = forged.forge(folder, count, seed)
    assert 0 < opened < count or count < 20
    return f"{opened} could be opened"


@long_run(count=200, share=1)
def killed_at_work(folder: Path, count: int, seed: int) -> str:
    """The app is killed while it plays, steps, edits, forks and saves: a second is lost at most, of each of them."""
    return str(killed_app.kill_app(folder, count, seed))
