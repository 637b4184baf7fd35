"""Lessons: what is said, shown, asked and done on a session. Knows sessions; must not know screen, keys or files."""
