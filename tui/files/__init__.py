"""From a name to a session, and what is kept on disk. Knows sessions and paths; must not know widgets."""
