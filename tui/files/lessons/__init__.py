"""Lessons on disk: their files, and how far somebody has come. Knows files; must not know screen or command line."""
