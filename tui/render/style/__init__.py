"""Colours and shapes, and which of them stands for a number. Knows kinds of terminals; must not know pictures."""
