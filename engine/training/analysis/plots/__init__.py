"""Plots of a session as a whole, and the slope at a point of one. Knows runs; must not know the screen."""
