"""How a quiz goes, as words. Knows right and wrong answers; must not know what was asked."""

from __future__ import annotations

from chainstep.engine.records import record, replace


@record
class Score:
    """How well it went so far."""

    right: int = 0
    asked: int = 0
    streak: int = 0
    """Right answers without a wrong one between."""

    def marked(self, right: bool) -> Score:
        """The score after another answer."""
        return replace(self, right=self.right + right, asked=self.asked + 1, streak=self.streak + 1 if right else 0)

    def __str__(self) -> str:
        if not self.asked:
            return "nothing was asked"
        return f"{self.right} of {self.asked} right" + f", {self.streak} in a row" * (self.streak > 1)
