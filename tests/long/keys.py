"""Anything at all is pressed in the app. Must not know what a key does."""

from __future__ import annotations

from pathlib import Path

from support.cases import every_case, shrunk
from support.screen.hands import Case, Pressed, drawn, play

from .registry import long_run


@long_run(count=1_000, share=3)
def keys(folder: Path, count: int, seed: int) -> None:
    """Random keys, text, clicks and sizes on every example: it ends with status 0, and resumes to the same bits."""

    def case(number: int) -> None:
        wanted = drawn(number)
        try:
            play(wanted, folder / str(number))
        except Exception as error:
            error.add_note(f"shrunk: {_shrunk(wanted, folder)}")
            raise

    every_case(count, seed, case)


def _shrunk(case: Case, folder: Path) -> Case:
    """The case with nothing in it that it fails without."""
    tries = iter(range(1_000_000))

    def fails(pressed: list[Pressed]) -> bool:
        try:
            play(case._replace(pressed=pressed), folder / f"shorter-{next(tries)}")
        except Exception:
            return True
        return False

    return case._replace(pressed=shrunk(case.pressed, fails))
