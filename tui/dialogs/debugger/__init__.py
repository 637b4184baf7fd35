"""Breakpoints, the causes of trouble, and the way along a run. Knows snapshots; must not carry commands out."""
