"""Runs on disk, a file each: keys and bytes, kept whole whatever happens. Knows SQLite; must not know sessions."""
