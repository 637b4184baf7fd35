"""Cells, frames, dots and numbers to draw with. Must not know what is drawn."""
