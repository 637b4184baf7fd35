"""A lesson as it is played. Knows lessons and sessions; must not know the screen, keys, clocks or files."""
