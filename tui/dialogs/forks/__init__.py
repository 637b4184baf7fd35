"""Forks beside one another. Knows their views; must not know how a fork comes about."""
