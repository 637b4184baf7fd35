"""Snapshots, made from a run. Reads; must not change the numbers, nor know the screen."""
