"""Runs side by side, and what is edited in them. Knows runs; must not know breakpoints or pictures."""
