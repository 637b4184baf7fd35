"""Cells, frames, dots and numbers to draw with. Knows cells and glyphs; must not know what is drawn."""
