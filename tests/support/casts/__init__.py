"""Recordings as a player shows them. Knows the format and a terminal; must not know who records."""
