"""The model and its loop as a page of code. Knows snapshots; must not know widgets or the session."""
