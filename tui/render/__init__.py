"""Numbers to strips: pure functions that draw. Must not know apps, widgets, sessions, clocks or files."""
