"""How the learner stands to a lesson: which keys there are, and whether an answer is being given. Must not know any
widget.
"""

from __future__ import annotations

from collections.abc import Mapping

from chainstep.engine.records import record

from ..canvas.pieces import Hint


@record
class Standing:
    """What a page has to know besides the lesson."""

    keys: Mapping[str, Hint]
    """The key and the word of each command that this screen has, by its id."""
    elsewhere: bool = False
    """What the beat has one look at is seen better on the other screen."""
    leads: str = ""
    """The command that leads to the other one."""
    answering: bool = False
    """An answer is being typed or chosen."""
    chosen: int = 0
    """The choice under the cursor, while one is chosen."""
