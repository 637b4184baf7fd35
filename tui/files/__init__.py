"""From a name to a session, and what is kept on disk. Must not know widgets."""
