"""What a column is, and what numbers are made of it. Knows cells; must not know files."""
