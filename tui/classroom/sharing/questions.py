"""What followers are asked, and what they answer. Must not know who they are, nor how anything is shown."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from chainstep.engine.records import record

MOST = 1_000
"""Followers whose answers are counted."""


@record(eq=False)
class Asked:
    """A question, and what is right."""

    number: int
    text: str
    target: str
    """The number that is asked for."""
    given: str
    """The rule, and what it is used on."""
    right: float
    words: str
    """The same in numbers."""


class Questions:
    """One question after the other. Each follower answers each of them once."""

    def __init__(self) -> None:
        self._number = 0
        self.asked: Asked | None = None
        """The newest one."""
        self.open = False
        """It may still be answered."""
        self._answers: dict[Hashable, float] = {}

    def ask(self, text: str, target: str, given: str, right: float, words: str) -> Asked:
        """Ask something else."""
        self._number += 1
        self._answers.clear()
        self.asked, self.open = Asked(self._number, text, target, given, right, words), True
        return self.asked

    def answer(self, who: Hashable, number: int, value: float) -> bool:
        """Take an answer; whether it counts: it is to this question, while that is open, and the first of its giver."""
        asked = self.asked
        counts = self.open and asked is not None and asked.number == number and who not in self._answers
        if counts and len(self._answers) < MOST:
            self._answers[who] = value
        return counts

    def close(self) -> None:
        """No more answers."""
        self.open = False

    @property
    def count(self) -> int:
        """How many questions there were."""
        return self._number

    @property
    def answers(self) -> Mapping[Hashable, float]:
        """The answers so far, by who gave them."""
        return self._answers
