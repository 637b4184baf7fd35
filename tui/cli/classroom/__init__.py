"""What the command line has for classes. Knows what sessions are opened with; must not know widgets."""
