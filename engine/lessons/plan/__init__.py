"""A lesson as it was written. Knows the language that it is written in; must not know how it is played."""
