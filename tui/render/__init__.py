"""Numbers to strips: pure functions that draw. Know snapshots; must not know widgets, sessions, clocks or files."""
