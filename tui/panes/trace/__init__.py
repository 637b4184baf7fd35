"""The tape: its listing, the same with a cursor to walk it, its graph. Knows snapshots; must not know the session."""
