"""Decisions over two inputs, as a map. Knows map views; must not know networks."""
