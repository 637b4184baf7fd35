"""Forty sessions at once, with a class and without."""
