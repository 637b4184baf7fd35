"""Textual's drivers, for a terminal and for a browser. Knows bytes; must not know what is painted, or when."""
