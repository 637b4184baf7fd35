"""Gives the session slices of time, asks for pictures. Knows sessions; must not know widgets."""
