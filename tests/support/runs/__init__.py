"""Runs on disk for tests: made, torn, and left by processes that are killed. Must not know what is in a session."""
