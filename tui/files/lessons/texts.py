"""Lessons from their files, each with what tells the line of anything in it. Must not know who learns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from chainstep.datasets import DataError
from chainstep.datasets.lessons.bundled import files
from chainstep.datasets.lessons.reading import LessonText, read
from chainstep.engine.lessons.errors import LessonError
from chainstep.engine.lessons.plan.lesson import Lesson
from chainstep.engine.lessons.plan.reading import lesson
from chainstep.engine.records import record


@record(eq=False)
class Written:
    """A lesson, and the text that it was read from."""

    lesson: Lesson
    text: LessonText
    folder: Path
    """Where its file lies."""

    def told(self, error: LessonError) -> str:
        """What is wrong with it, in one line: `plus.toml:12: there is no value q`."""
        return _told(self.text, error)


def of_file(path: Path) -> Written:
    """The lesson of a file.

    Raises:
        DataError: it cannot be read, or is no lesson; the message is one line, with the file's line.
    """
    text = read(path)
    try:
        return Written(lesson(text.data), text, path.parent)
    except LessonError as error:
        raise DataError(_told(text, error)) from None


def built_in() -> Sequence[Written]:
    """The lessons that come with the package, in their order.

    Raises:
        DataError: one of their files was spoilt.
    """
    return [of_file(path) for path in files()]


def _told(text: LessonText, error: LessonError) -> str:
    return f"{text.name}:{text.line(error.where)}: {error}"
