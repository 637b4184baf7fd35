"""Lessons are played in a terminal. Must not know what they teach."""

from __future__ import annotations

import os
from pathlib import Path
from unittest import mock

from stories.lessons import lesson_story
from stories.playing import Player

from chainstep.datasets.lessons.bundled import files
from support.cases import every_case

from .registry import long_run

_SIZES = ((80, 24), (120, 36), (200, 60))


@long_run(count=54, share=0)
def lessons(folder: Path, count: int, seed: int) -> None:
    """Every lesson at every size, by the keys that it names: each right answer is taken, and each beat shown."""
    cases = [(path, size) for size in _SIZES for path in files()]

    def case(number: int) -> None:
        path, size = cases[number % len(cases)]
        with mock.patch.dict(os.environ, {"CHAINSTEP_STATE": str(folder / str(number))}):
            Player().play(lesson_story(path, size))

    every_case(count, seed, case)
