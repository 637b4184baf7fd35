"""An expression as a listing and as a graph. Knows trace views; must not know networks."""
