"""What a lesson can be told: plain data, as a session's commands are. Must not know how it is carried out.

They are no commands of a session: they change where a lesson is, and none of a session's numbers is recorded with them.
"""

from __future__ import annotations

from ..records import record


@record
class Answer:
    """Answer the question with what was typed: a number, or a calculation such as `2 * 0.5`."""

    text: str


@record
class Choose:
    """Answer the question with one of its choices, from 0."""

    choice: int


@record
class Hint:
    """Show the next hint: the question then counts as answered with help."""


@record
class Reveal:
    """Show the right answer: likewise."""


@record
class NextBeat:
    """Go on; a question that was not answered is left, and counts as not known."""


@record
class PreviousBeat:
    """Go back to the beat before this one, and to the position at which it begins."""


@record
class BackToLesson:
    """Bring the session to the very position that the beat wants."""


@record
class Opened:
    """Something is open to be looked at, in whatever way that was asked for."""

    action: str
    """Id of the command that opens it."""


LessonCommand = Answer | Choose | Hint | Reveal | NextBeat | PreviousBeat | BackToLesson | Opened
"""Commands on a lesson."""
