"""Colours and glyphs, and which stands for a number. Must not know pictures."""
