"""Runs on disk, a file each: keys and bytes, kept whole whatever happens. Must not know what is in a session."""
