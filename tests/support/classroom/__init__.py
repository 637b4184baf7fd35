"""Sessions that are shared, and those who follow them, for tests. Must not know the screen."""
