"""Of the program itself: its keys, its examples, its compiled source. Knows the registry; must not know the session."""
