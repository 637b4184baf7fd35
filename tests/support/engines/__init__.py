"""Engines as other people write them. Knows source text; must not know what judges them."""
