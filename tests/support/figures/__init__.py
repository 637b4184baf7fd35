"""Figures that were worked out elsewhere. Must not know what is held against them."""
