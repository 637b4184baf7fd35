"""Snapshots, made from a run. Knows runs and what is looked at; must not change the numbers, nor know the screen."""
