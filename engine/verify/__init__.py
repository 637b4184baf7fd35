"""Somebody else's Value class against the truth. Knows values and gradients; must not know files, processes or time."""
