"""The courses that the command line can open: the lessons that come with the program, and a file of somebody's own.
Must not know how far anybody has come.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...files.lessons.course import Course
from ...files.lessons.texts import Written, built_in, of_file
from .setups import Setups


def names_file(what: str) -> bool:
    """Whether that is a lesson's file, and no lesson's name."""
    return what.endswith(".toml") or "/" in what or Path(what).is_file()


def written(what: str | None) -> Sequence[Written]:
    """The built-in lessons, or the one of a file.

    Raises:
        DataError: a file cannot be read, or is no lesson.
    """
    return [of_file(Path(what))] if what is not None and names_file(what) else built_in()


def course(what: str | None = None) -> Course:
    """The course of the built-in lessons, or of a file, to be shown.

    Raises:
        DataError: likewise.
    """
    found, own = written(what), what is not None and names_file(what)
    setups = Setups(found[0].folder if own else None, compiles_here=False)
    return Course([each.lesson for each in found], setups, own=own)
