"""Training at an exact position, forwards and back. Knows its history; must not know commands or breakpoints."""
