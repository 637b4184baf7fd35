"""The language in which a lesson's answers, conditions and moves are written. Knows sessions; must not know lessons."""
