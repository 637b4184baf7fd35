"""Long runs of what other people do to a session. Knows its rooms' supports; must not know how anything is held."""
