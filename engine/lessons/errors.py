"""What is wrong with a lesson. Must not know where a lesson comes from."""

from __future__ import annotations

Where = tuple[str | int, ...]
"""A path through the data of a lesson: `("beat", 2, "answer")`; tables of a list count from 0."""


class LessonError(ValueError):
    """Something in a lesson that cannot be read, or does not hold; the message is one line."""

    def __init__(self, message: str, where: Where = ()) -> None:
        super().__init__(message)
        self.where = where

    def inside(self, *outer: str | int) -> LessonError:
        """The same, of what lies within `outer`."""
        return LessonError(str(self), (*outer, *self.where))
