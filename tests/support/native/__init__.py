"""Training by machine code, for tests. Must not know what is held against it."""
