"""Large networks are laid out beside the event loop. Knows threads; must not know sessions, or widgets."""
