"""A session as records, and back to the bit. Knows sessions and all that is in them; must not know files."""
