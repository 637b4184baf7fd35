"""What somebody has made of one question so far. Must not know what it asks, nor when it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ...records import record
from ..view import Verdict

ROUNDS = 3
"""Times that a question with drawn numbers is asked at most."""

_CLEAN = 2
"""Different numbers on which one with drawn numbers has to be right at the first go."""

_HELP_AFTER = 2
"""Wrong answers after which a hint is shown by itself, and after as many again the right answer."""


@record(eq=False, frozen=False)
class Attempts:
    """The answers to a question, through all of its rounds."""

    drawn: bool
    """It is asked again with other numbers."""
    short: bool = False
    """It is asked once whatever it would ask for: it is an old one, which comes again."""
    round: int = 0
    numbers: Mapping[str, float] = field(default_factory=dict)
    """Those of this round, where they are others than the file's."""
    count: int = 0
    """Answers in this round."""
    hints: int = 0
    """Hints shown in this round."""
    revealed: bool = False
    clean: int = 0
    """Rounds that were right at the first go."""
    verdict: Verdict | None = None
    choice: int | None = None
    """The choice that was made last."""

    @property
    def needed(self) -> int:
        """Rounds that have to be right at the first go."""
        return _CLEAN if self.drawn and not self.short else 1

    @property
    def helped(self) -> bool:
        """Something was shown in this round before its answer."""
        return self.hints > 0 or self.revealed

    @property
    def answered(self) -> bool:
        """This round is over: it was answered rightly, or the answer was shown."""
        return self.revealed or (self.verdict is not None and self.verdict.right)

    @property
    def mastered(self) -> bool:
        """The question is known."""
        return self.clean >= self.needed

    @property
    def again(self) -> bool:
        """Another round comes after this one."""
        rounds = 1 if self.short or not self.drawn else ROUNDS
        return self.answered and not self.mastered and self.round + 1 < rounds

    def mark(self, verdict: Verdict, hints: int) -> None:
        """Take in the verdict on an answer; wrong ones bring hints by themselves, of which there are `hints`, and then
        the right answer.
        """
        self.verdict = verdict
        self.count += 1
        if verdict.right:
            self.clean += self.count == 1 and not self.helped
            return
        if self.count >= _HELP_AFTER:
            if self.hints < hints:
                self.hints += 1
            elif self.count >= 2 * _HELP_AFTER or not hints:
                self.revealed = True

    def next_round(self) -> None:
        """Ask it again, with numbers that are still to be drawn."""
        self.round += 1
        self.numbers, self.verdict, self.choice = {}, None, None
        self.count, self.hints, self.revealed = 0, 0, False
